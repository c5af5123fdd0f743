import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { Failure } from '../diagnostics/errors.ts';
import { writeAll } from '../diagnostics/output.ts';
import { plain } from '../diagnostics/plain.ts';
import { systemReason } from '../diagnostics/system-reason.ts';
import { applyInstall, type Installed } from '../node/apply-install.ts';
import { InstallState } from '../node/install-state.ts';
import { type InstallPlan, planInstall } from '../node/plan-install.ts';
import { PROVIDER_CHOICES, type ProviderChoice } from '../platform/provider-config.ts';
import type { Environment } from '../providers/credential-helper.ts';
import { type AudienceOptions, audienceOption } from './audience-option.ts';
import { changesJson, changesText } from './changes-text.ts';
import { clusterOption } from './cluster-audiences.ts';
import { installAudience } from './install-audience.ts';
import { installPatterns } from './install-patterns.ts';
import { kubeletMatchImages } from './match-images-option.ts';
import { checkedRegistriesConf, mirroredRegistries, mirrorOption } from './mirror-option.ts';
import {
  addNodeOptions,
  type NodeOptions,
  nodeTreeOf,
  runningCommandLine,
  servicesOf,
} from './node-options.ts';
import { outputFormat } from './output-format.ts';
import { note } from './print-documents.ts';

interface InstallOptions extends NodeOptions, AudienceOptions {
  readonly provider: ProviderChoice;
  readonly matchImages: readonly string[];
  readonly mirror: readonly string[];
  readonly executable?: string;
}

/** `pullkey install`: makes a node's kubelet run our providers. */
export function installCommand(environment: Environment): Command {
  const command = new Command('install')
    .summary("Make this node's kubelet run the credential providers")
    .description(
      'Put the executable into the kubelet’s directory of plugins, its providers into the kubelet’s configuration, and the two flags where this node passes them. Shows a diff first, checks everything by the kubelet’s rules, and keeps what it replaces for uninstall. Run again, it changes nothing or takes up what was cut short.',
    )
    .addOption(
      new Option('--provider <name>', 'which to run').choices(PROVIDER_CHOICES).default('mirror'),
    )
    .addOption(kubeletMatchImages().default([], 'those that registries.conf mirrors or moves'))
    .addOption(audienceOption())
    .addOption(clusterOption())
    .addOption(mirrorOption())
    .option('--executable <file>', 'what to install instead of this very program');
  return addNodeOptions(command)
    .addOption(outputFormat('text', 'json'))
    .action((options: InstallOptions) => install(options, environment));
}

async function install(options: InstallOptions, environment: Environment): Promise<void> {
  const tree = nodeTreeOf(options);
  const services = servicesOf(tree, options);
  const registriesDropIn =
    options.mirror.length === 0
      ? undefined
      : checkedRegistriesConf(mirroredRegistries(options.mirror));
  const plan = planInstall(tree, {
    provider: options.provider,
    patterns: installPatterns(tree, options, registriesDropIn),
    audience: options.audience,
    clusterAudience: await installAudience(tree, options, environment),
    registriesDropIn,
    executable: executableBytes(options.executable),
    running: runningCommandLine(tree),
  });
  for (const text of plan.notes) note(text);
  const shown = { text: changesText(tree, plan.changes), json: changesJson(tree, plan.changes) };
  if (options.output === 'text') writeAll(1, shown.text);
  const state = InstallState.load(tree);
  const installed = options.dryRun ? undefined : await applyInstall(tree, plan, state, services);
  for (const text of installed?.notes ?? []) note(text);
  if (options.output === 'json') writeAll(1, planJson(plan, shown.json, installed));
  else writeAll(2, `${conclusion(plan, installed)}\n`);
}

function executableBytes(given: string | undefined): Uint8Array {
  const path = given ?? process.execPath;
  if (given === undefined && !Bun.main.startsWith('/$bunfs/')) {
    throw new Failure(
      'this runs from source; give --executable FILE, such as the build/pullkey that make builds',
    );
  }
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Failure(
      `cannot read the executable ${plain(path)}: ${systemReason(error)}; name it with --executable`,
    );
  }
}

function conclusion({ changes, service }: InstallPlan, installed: Installed | undefined): string {
  const count = `${changes.length} file${changes.length === 1 ? '' : 's'}`;
  if (installed === undefined) {
    return changes.length === 0
      ? 'nothing would change'
      : `${count} would change; nothing was done`;
  }
  if (!installed.isChanged) return 'nothing had to change';
  const done = changes.length === 0 ? 'what an earlier run began is done' : `${count} changed`;
  if (installed.hash === undefined) {
    return `${done}; it takes effect with: systemctl daemon-reload && systemctl restart ${service}`;
  }
  const confirmed =
    installed.hash === 'same'
      ? 'and runs with this configuration'
      : '(its metrics do not tell with which configuration)';
  return `${done}; ${service} was restarted, is healthy ${confirmed}`;
}

function planJson(
  { kind, service, flags, notes, configHash }: InstallPlan,
  changes: readonly object[],
  installed: Installed | undefined,
): string {
  const outcome = { isDone: installed !== undefined, configHashOfKubelet: installed?.hash ?? null };
  const value = { node: kind, service, ...flags, configHash, changes, notes, ...outcome };
  return `${JSON.stringify(value, null, 2)}\n`;
}
