import { Command } from 'commander';
import { writeAll } from '../diagnostics/output.ts';
import { applyUninstall } from '../node/apply-uninstall.ts';
import { InstallState } from '../node/install-state.ts';
import { DirectoryTree } from '../node/node-tree.ts';
import { planUninstall } from '../node/plan-uninstall.ts';
import { changesJson, changesText } from './changes-text.ts';
import { addNodeOptions, type NodeOptions, restartingOf } from './node-options.ts';
import { outputFormat } from './output-format.ts';

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
  const tree = new DirectoryTree(options.root);
  const restarting = restartingOf(tree, options);
  const state = InstallState.load(tree);
  const plan = planUninstall(tree, state);
  const { changes, kind, service, configHash = null } = plan;
  const json = { node: kind, service, configHash, changes: changesJson(tree, changes) };
  if (options.output === 'text') writeAll(1, changesText(tree, changes));
  if (!options.dryRun) await applyUninstall(tree, plan, state, restarting);
  if (options.output === 'json') writeAll(1, `${JSON.stringify(json, null, 2)}\n`);
  else writeAll(2, `${conclusion(changes.length, service, options)}\n`);
}

function conclusion(count: number, service: string, { dryRun, restart }: NodeOptions): string {
  const files = `${count} file${count === 1 ? '' : 's'}`;
  if (dryRun)
    return count === 0 ? 'nothing would change' : `${files} would change; nothing was done`;
  if (count === 0) return 'nothing was installed here';
  if (restart) return `${files} changed; ${service} was restarted and is healthy`;
  return `${files} changed; they take effect with: systemctl daemon-reload && systemctl restart ${service}`;
}
