import { readCredentialProviderConfig } from '../kubelet/config-files.ts';
import type { CredentialProvider } from '../kubelet/credential-provider-config.ts';
import { DOCUMENTED_AUDIENCE } from '../platform/audience.ts';
import { MIRROR_PROVIDER } from '../platform/overlay.ts';
import type { ProposedPattern } from '../platform/propose-match-images.ts';
import type { ProviderChoice, ProviderConfigRequest } from '../platform/provider-config.ts';
import { GENERIC_PROVIDER } from '../platform/provider-entry.ts';
import { extraFiles } from './extra-files.ts';
import { flagSettingOf } from './flag-setting.ts';
import { hasFlags, type ProviderFlags } from './kubelet-flags.ts';
import { kubeletIdentity } from './kubelet-identity.ts';
import { nodeAudience } from './node-audience.ts';
import { kubeletService, type NodeKind, nodeKindOf } from './node-kind.ts';
import type { NodeTree } from './node-tree.ts';
import type { PlannedChange } from './planned-change.ts';
import { checkedHash, checkFlags, nodeNotes } from './planned-node.ts';
import { PlannedTree } from './planned-tree.ts';
import { placePlugins } from './plugin-executables.ts';
import { addProviders, readerOf } from './provider-configuration.ts';
import { commandLineOf, readServiceUnit } from './service-unit.ts';
import { isSame } from './snapshot.ts';

/** What an administrator asks for. */
export interface InstallRequest {
  readonly provider: ProviderChoice;
  readonly patterns: readonly ProposedPattern[];
  /** By default the one of the cluster, or else that which the node tells. */
  readonly audience: string | undefined;
  /** What a cluster that was asked accepts; it does not replace one that is configured. */
  readonly clusterAudience?: string | undefined;
  /** Content of a drop-in for registries.conf. */
  readonly registriesDropIn: string | undefined;
  /** The executable that is to be installed. */
  readonly executable: Uint8Array;
  /** The command line of the kubelet that runs, where one does. */
  readonly running: readonly string[] | undefined;
}

/** What has to change on a node, and how its kubelet is told. */
export interface InstallPlan {
  readonly kind: NodeKind;
  /** The service that runs the kubelet. */
  readonly service: string;
  readonly flags: ProviderFlags;
  /** In the order in which they are made; none where the node is as it should be. */
  readonly changes: readonly PlannedChange[];
  /** What people should know besides. */
  readonly notes: readonly string[];
  /** Of the configuration as it will be, as the kubelet's metrics tell it. */
  readonly configHash: string;
}

/**
 * Works out what makes a node's kubelet run our providers, and checks it by the kubelet's rules: the
 * configuration, an executable for each provider, each flag given once. Throws a Failure where that
 * cannot be had.
 */
export function planInstall(tree: NodeTree, request: InstallRequest): InstallPlan {
  const kind = nodeKindOf(tree);
  const setting = flagSettingOf(tree, kind, request.running);
  const wanted = { ...setting.usual, ...setting.current };
  const names = pluginNames(request.provider);
  const present = configuredProviders(tree, wanted.config);
  const placement = placePlugins({
    tree,
    kind,
    directory: wanted.pluginDir,
    names,
    others: present.map(({ name }) => name).filter((name) => !names.includes(name)),
    executable: request.executable,
  });
  const flags = { ...wanted, pluginDir: placement.directory };
  const { providers, notes } = providersFor(tree, kind, request);
  const configuration = addProviders(tree, {
    path: flags.config,
    providers,
    audience: request.audience,
  });
  const changes = [
    ...placement.changes,
    ...extraFiles(request, present),
    ...configuration.changes,
    ...setting.changesTo(flags),
  ].filter(({ path, after }) => !isSame(tree.snapshot(path), after));
  const planned = new PlannedTree(tree, new Map(changes.map(({ path, after }) => [path, after])));
  const configHash = checkedHash(planned, flags);
  if (!hasFlags(setting.current, flags)) checkFlags(planned, kind, flags);
  return {
    kind,
    service: kubeletService(tree, kind),
    flags,
    changes,
    notes: [...notes, ...configuration.remarks, ...nodeNotes(planned, kind)],
    configHash,
  };
}

function pluginNames(provider: ProviderChoice): readonly string[] {
  return [
    ...(provider === 'generic' ? [] : [MIRROR_PROVIDER]),
    ...(provider === 'mirror' ? [] : [GENERIC_PROVIDER]),
  ];
}

function configuredProviders(tree: NodeTree, path: string): readonly CredentialProvider[] {
  const verdict = readCredentialProviderConfig(path, readerOf(tree));
  return verdict.ok ? verdict.config.providers : [];
}

/** The command line by which the kubelet finds its API server: that of its unit, and of the one that runs. */
function commandLine(
  tree: NodeTree,
  kind: NodeKind,
  running: readonly string[],
): readonly string[] {
  const unit = readServiceUnit(tree, kubeletService(tree, kind));
  return [...(unit === undefined ? [] : commandLineOf(tree, unit)), ...running];
}

function providersFor(
  tree: NodeTree,
  kind: NodeKind,
  { provider, patterns, audience, clusterAudience, running = [] }: InstallRequest,
): { readonly providers: ProviderConfigRequest; readonly notes: readonly string[] } {
  const { kubeconfig, certificateAuthority } = kubeletIdentity(
    tree,
    commandLine(tree, kind, running),
  );
  const mirrorArgs = [
    ...(kubeconfig === undefined ? [] : [`--kubeconfig=${kubeconfig}`]),
    ...(certificateAuthority === undefined
      ? []
      : [`--certificate-authority=${certificateAuthority}`]),
  ];
  const found = audience ?? clusterAudience ?? nodeAudience(tree, kind);
  const isGuessed = found === undefined;
  const providers = {
    provider,
    patterns,
    mirrorArgs,
    audience: { url: found ?? DOCUMENTED_AUDIENCE, isGuessed },
  };
  const guess = `nothing on this node tells the API server's audience, so it is ${DOCUMENTED_AUDIENCE}; give --audience where that is not accepted`;
  return { providers, notes: isGuessed && provider !== 'generic' ? [guess] : [] };
}
