import { Command } from 'commander';
import { writeAll } from '../diagnostics/output.ts';
import { applyUninstall } from '../node/apply-uninstall.ts';
import { AUTH_DIRECTORY } from '../node/extra-files.ts';
import { InstallState } from '../node/install-state.ts';
import type { DirectoryTree } from '../node/node-tree.ts';
import { planUninstall, type UninstallPlan } from '../node/plan-uninstall.ts';
import { changesJson, changesText } from './changes-text.ts';
import { addNodeOptions, type NodeOptions, nodeTreeOf, servicesOf } from './node-options.ts';
import { outputFormat } from './output-format.ts';
import { note } from './print-documents.ts';

/** `pullkey uninstall`: leaves a node as it was before `install`. */
export function uninstallCommand(): Command {
  const command = new Command('uninstall')
    .summary('Leave this node as it was before install')
    .description(
      'Put back what install replaced and remove what it made. A configuration that was changed since loses our providers alone. Shows a diff first.',
    );
  return addNodeOptions(command).addOption(outputFormat('text', 'json')).action(uninstall);
}

async function uninstall(options: NodeOptions): Promise<void> {
  const tree = nodeTreeOf(options);
  const services = servicesOf(tree, options);
  const state = InstallState.load(tree);
  const isInstalled = !state.isEmpty;
  const plan = planUninstall(tree, state);
  const { changes, kind, service, configHash = null } = plan;
  const isDone = options.dryRun === undefined;
  const json = { node: kind, service, configHash, changes: changesJson(tree, changes), isDone };
  if (options.output === 'text') writeAll(1, changesText(tree, changes));
  const notes = isDone ? await applyUninstall(tree, plan, state, services) : [];
  for (const text of [...notes, ...(isInstalled ? leftoverNotes(tree) : [])]) note(text);
  if (options.output === 'json') writeAll(1, `${JSON.stringify(json, null, 2)}\n`);
  else writeAll(2, `${isInstalled ? conclusion(plan, options) : 'nothing was installed here'}\n`);
}

/** Auth files were written by the plugin and not by us; they hold credentials. */
function leftoverNotes(tree: DirectoryTree): readonly string[] {
  if (tree.list(AUTH_DIRECTORY).length === 0) return [];
  return [
    `auth files of pulls are left in ${AUTH_DIRECTORY}; remove them where no plugin writes there`,
  ];
}

function conclusion({ changes, service }: UninstallPlan, { dryRun, restart }: NodeOptions): string {
  const files = `${changes.length} file${changes.length === 1 ? '' : 's'}`;
  if (dryRun) return `${files} would change; nothing was done`;
  if (restart) return `${files} changed; ${service} was restarted and is healthy`;
  return `${files} changed; it takes effect with: systemctl daemon-reload && systemctl restart ${service}`;
}
