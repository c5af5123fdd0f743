import { readCredentialProviderConfig } from '../../kubelet/config-files.ts';
import type { ConfigVerdict } from '../../kubelet/read-config.ts';
import { type RunningKubelet, runningKubelets } from '../../kubelet/running-kubelet.ts';
import { flagSettingOf } from '../../node/flag-setting.ts';
import { flagsIn, type ProviderFlags } from '../../node/kubelet-flags.ts';
import { kubeletService, type NodeKind, nodeKindOf } from '../../node/node-kind.ts';
import type { DirectoryTree } from '../../node/node-tree.ts';
import { readerOf } from '../../node/provider-configuration.ts';
import { readServiceUnit } from '../../node/service-unit.ts';
import { type KubeletFacts, type KubeletFlags, pluginIn } from '../explain/kubelet-facts.ts';
import { type Finding, unknown } from './check.ts';

/** A node as its checks meet it. */
export interface NodeWorld {
  readonly tree: DirectoryTree;
  readonly kind: NodeKind;
  /** The service that runs the kubelet. */
  readonly service: string;
  /** The kubelets that run here; undefined for another root, whose processes nobody sees. */
  readonly running: readonly RunningKubelet[] | undefined;
  /** The kubelet's two flags as the node's files say them. */
  readonly configured: Partial<ProviderFlags>;
  /** The same as they count: the command line's, then the running kubelet's, then the files'. */
  readonly flags: Partial<ProviderFlags>;
  /** Of the configuration that the flag names. */
  readonly verdict: ConfigVerdict | undefined;
}

/** Reads what the checks share. Throws a Failure where the node's files cannot be read. */
export function nodeWorld(
  tree: DirectoryTree,
  given: KubeletFlags,
  running: readonly RunningKubelet[] | undefined = tree.isThisMachine
    ? runningKubelets()
    : undefined,
): NodeWorld {
  const kind = nodeKindOf(tree);
  const configured = flagSettingOf(tree, kind).current;
  const only = running?.length === 1 ? running[0] : undefined;
  const flags = { ...configured, ...flagsIn(only?.args ?? []), ...givenFlags(given) };
  const { config } = flags;
  const verdict =
    config === undefined ? undefined : readCredentialProviderConfig(config, readerOf(tree));
  return { tree, kind, service: kubeletService(tree, kind), running, configured, flags, verdict };
}

/** The same as `pullkey explain` knows it, which is what the plugin's settings are read from. */
export function kubeletFacts({ running, flags, verdict }: NodeWorld): KubeletFacts {
  const { config: path, pluginDir: binDir } = flags;
  const pid = running?.length === 1 ? running[0]?.pid : undefined;
  if (path === undefined || verdict === undefined) return { pid, binDir };
  return { pid, binDir, config: { path, verdict }, plugin: pluginIn(verdict) };
}

/** Whether there is a node to look at: a kubelet that runs or is installed, or files that somebody named. */
export function isNode({ tree, kind, service, running = [], flags }: NodeWorld): boolean {
  if (!tree.isThisMachine || kind !== 'plain' || running.length > 0) return true;
  return flags.config !== undefined || readServiceUnit(tree, service) !== undefined;
}

/** All that is said of a machine that is none. */
export const NO_NODE: Finding = {
  check: 'node',
  ...unknown('no kubelet runs or is installed here, so only the cluster is looked at', {
    change: 'run this on a node, as root, for its half',
  }),
};

function givenFlags({
  credentialProviderConfig: config,
  credentialProviderBinDir: pluginDir,
}: KubeletFlags): Partial<ProviderFlags> {
  return {
    ...(config === undefined ? {} : { config }),
    ...(pluginDir === undefined ? {} : { pluginDir }),
  };
}
