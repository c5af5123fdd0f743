import { readCredentialProviderConfig } from '../../kubelet/config-files.ts';
import type { CredentialProvider } from '../../kubelet/credential-provider-config.ts';
import type { ConfigVerdict } from '../../kubelet/read-config.ts';
import { flagSettingOf } from '../../node/flag-setting.ts';
import { type FreeSpace, freeSpace } from '../../node/free-space.ts';
import { flagsIn, type ProviderFlags } from '../../node/kubelet-flags.ts';
import { kubeletService, type NodeKind, nodeKindOf } from '../../node/node-kind.ts';
import type { DirectoryTree } from '../../node/node-tree.ts';
import { readerOf } from '../../node/provider-configuration.ts';
import type { RunningService } from '../../node/running-service.ts';
import { commandLineOf, readServiceUnit } from '../../node/service-unit.ts';
import { MIRROR_PROVIDER } from '../../platform/overlay.ts';
import { GENERIC_PROVIDER } from '../../platform/provider-entry.ts';
import { type KubeletFacts, type KubeletFlags, pluginIn } from '../explain/kubelet-facts.ts';
import {
  type CommandOptions,
  type PluginSettings,
  pluginSettings,
} from '../explain/plugin-options.ts';
import { type Machine, type RunProgram, runProgram, thisMachine } from './machine.ts';

/** A node as its checks meet it. */
export interface NodeWorld {
  readonly tree: DirectoryTree;
  readonly kind: NodeKind;
  /** The service that runs the kubelet. */
  readonly service: string;
  /** Undefined for another root, whose processes nobody sees. */
  readonly machine: Machine | undefined;
  /** The kubelets that run here, or what they run inside of; none for another root. */
  readonly running: readonly RunningService[];
  /** The kubelet's, without its own name: of the one that runs, else of its unit. */
  readonly commandLine: readonly string[];
  /** The kubelet's two flags as the node's files say them. */
  readonly configured: Partial<ProviderFlags>;
  /** The same as they count: the command line's, then the running kubelet's, then the files'. */
  readonly flags: Partial<ProviderFlags>;
  /** Of the configuration that the flag names. */
  readonly verdict: ConfigVerdict | undefined;
  /** As the mirror provider runs. */
  readonly plugin: PluginSettings;
  readonly run: RunProgram;
  /** At a place of this machine. */
  readonly space: (place: string) => FreeSpace;
  /** Whether mirrors are asked. */
  readonly isProbing: boolean;
}

/** What the command line says of a node. */
export interface NodeFlags extends CommandOptions, KubeletFlags {
  readonly probe?: boolean;
}

/** What tests put in the place of this machine. */
export type NodeSurroundings = Partial<Pick<NodeWorld, 'machine' | 'run' | 'space'>>;

/** The kubelet's program; some distributions run it inside their own. */
const PROGRAMS: Partial<Record<NodeKind, string>> = { microshift: 'microshift', k3s: 'k3s' };

/** Reads what the checks share. Throws a Failure where the node's files cannot be read. */
export function nodeWorld(
  tree: DirectoryTree,
  given: NodeFlags,
  surroundings: NodeSurroundings = {},
): NodeWorld {
  const { machine = tree.isThisMachine ? thisMachine(tree) : undefined } = surroundings;
  const kind = nodeKindOf(tree);
  const service = kubeletService(tree, kind);
  const running = machine?.services(PROGRAMS[kind] ?? 'kubelet') ?? [];
  const args = running.length === 1 ? running[0]?.args : undefined;
  const unit = readServiceUnit(tree, service);
  const configured = flagSettingOf(tree, kind).current;
  // A kubelet's own command line is the whole truth; k3s and MicroShift show theirs in part, or not at all.
  const isWhole = args !== undefined && PROGRAMS[kind] === undefined;
  const flags = {
    ...(isWhole ? {} : configured),
    ...flagsIn(args ?? []),
    ...givenFlags(given),
  };
  const { config } = flags;
  const verdict =
    config === undefined ? undefined : readCredentialProviderConfig(config, readerOf(tree));
  return {
    tree,
    kind,
    service,
    machine,
    running,
    commandLine: args ?? (unit === undefined ? [] : commandLineOf(tree, unit).slice(1)),
    configured,
    flags,
    verdict,
    plugin: pluginSettings(given, factsOf(running, flags, verdict)),
    run: surroundings.run ?? runProgram,
    space: surroundings.space ?? freeSpace,
    isProbing: machine !== undefined || given.probe === true,
  };
}

/** The same as `pullkey explain` knows it. */
export function kubeletFacts({ running, flags, verdict }: NodeWorld): KubeletFacts {
  return factsOf(running, flags, verdict);
}

function factsOf(
  running: readonly RunningService[],
  { config: path, pluginDir: binDir }: Partial<ProviderFlags>,
  verdict: ConfigVerdict | undefined,
): KubeletFacts {
  const pid = running.length === 1 ? running[0]?.pid : undefined;
  if (path === undefined || verdict === undefined) return { pid, binDir };
  return { pid, binDir, config: { path, verdict }, plugin: pluginIn(verdict) };
}

function givenFlags({
  credentialProviderConfig: config,
  credentialProviderBinDir: pluginDir,
}: KubeletFlags): Partial<ProviderFlags> {
  return {
    ...(config === undefined ? {} : { config }),
    ...(pluginDir === undefined ? {} : { pluginDir }),
  };
}

/** Whether there is a node to look at: a kubelet that runs or is installed, or files that somebody named. */
export function isNode({ tree, kind, service, running, flags }: NodeWorld): boolean {
  if (!tree.isThisMachine || kind !== 'plain' || running.length > 0) return true;
  return flags.config !== undefined || readServiceUnit(tree, service) !== undefined;
}

/** The configured providers; none where the kubelet refuses the configuration. */
export function providersOf({ verdict }: NodeWorld): readonly CredentialProvider[] {
  return verdict?.ok === true ? verdict.config.providers : [];
}

/** Whether CRI-O and mirrors matter: not where a configuration has our file provider without the other one. */
export function usesMirrorProvider(world: NodeWorld): boolean {
  const names = providersOf(world).map(({ name }) => name);
  return names.includes(MIRROR_PROVIDER) || !names.includes(GENERIC_PROVIDER);
}

/** A text about files as this machine finds them, with their paths on the node. */
export function onNode({ tree }: Pick<NodeWorld, 'tree'>, text: string): string {
  return tree.isThisMachine ? text : text.replaceAll(tree.locate('/'), '/');
}
