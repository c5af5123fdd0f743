import { posix } from 'node:path';
import { Failure } from '../diagnostics/errors.ts';
import { plain } from '../diagnostics/plain.ts';
import { readCredentialProviderConfig } from '../kubelet/config-files.ts';
import { DOCUMENTED_AUDIENCE } from '../platform/audience.ts';
import { MIRROR_PROVIDER } from '../platform/overlay.ts';
import type { ProposedPattern } from '../platform/propose-match-images.ts';
import type { ProviderChoice, ProviderConfigRequest } from '../platform/provider-config.ts';
import { GENERIC_PROVIDER } from '../platform/provider-entry.ts';
import { flagSettingOf } from './flag-setting.ts';
import { hasFlags, type ProviderFlags } from './kubelet-flags.ts';
import { kubeletIdentity } from './kubelet-identity.ts';
import { nodeAudience } from './node-audience.ts';
import { kubeletService, type NodeKind, nodeKindOf } from './node-kind.ts';
import type { NodeTree } from './node-tree.ts';
import type { PlannedChange } from './planned-change.ts';
import { PlannedTree } from './planned-tree.ts';
import { executableProblem, placePlugins } from './plugin-executables.ts';
import { accepted, addProviders, readerOf } from './provider-configuration.ts';
import { readServiceUnit } from './service-unit.ts';
import { isSame, textFile } from './snapshot.ts';

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

export const REGISTRIES_DROP_IN = '/etc/containers/registries.conf.d/50-pullkey.conf';
const TMPFILES_ENTRY = '/etc/tmpfiles.d/pullkey.conf';

/** The auth directory is one pull's, so nothing in it outlives a boot. */
const TMPFILES_TEXT = `# Auth files live for one image pull; written by pullkey install.
D! /etc/crio/auth 0700 root root -
`;

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
  const placement = placePlugins({
    tree,
    kind,
    directory: wanted.pluginDir,
    names,
    others: configuredNames(tree, wanted.config).filter((name) => !names.includes(name)),
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
    ...extraFiles(request),
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
    notes: [...notes, ...configuration.remarks, ...ownerNotes(kind)],
    configHash,
  };
}

function pluginNames(provider: ProviderChoice): readonly string[] {
  return [
    ...(provider === 'generic' ? [] : [MIRROR_PROVIDER]),
    ...(provider === 'mirror' ? [] : [GENERIC_PROVIDER]),
  ];
}

function configuredNames(tree: NodeTree, path: string): readonly string[] {
  const verdict = readCredentialProviderConfig(path, readerOf(tree));
  return verdict.ok ? verdict.config.providers.map(({ name }) => name) : [];
}

function providersFor(
  tree: NodeTree,
  kind: NodeKind,
  { provider, patterns, audience, clusterAudience, running = [] }: InstallRequest,
): { readonly providers: ProviderConfigRequest; readonly notes: readonly string[] } {
  const { kubeconfig, certificateAuthority } = kubeletIdentity(tree, running);
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

function extraFiles({ provider, registriesDropIn }: InstallRequest): readonly PlannedChange[] {
  return [
    ...(provider === 'generic'
      ? []
      : [
          {
            path: TMPFILES_ENTRY,
            after: textFile(TMPFILES_TEXT),
            why: 'an empty auth directory at boot',
          },
        ]),
    ...(registriesDropIn === undefined
      ? []
      : [{ path: REGISTRIES_DROP_IN, after: textFile(registriesDropIn), why: 'mirrors' }]),
  ];
}

function ownerNotes(kind: NodeKind): readonly string[] {
  if (kind !== 'openshift') return [];
  return [
    'this node belongs to the machine-config-operator, which calls a node degraded when files of its own ' +
      'were changed by hand; for a whole pool use "pullkey render machine-config"',
  ];
}

/** Looks at the node as it will be. Returns the configuration's hash. */
function checkedHash(planned: NodeTree, { config, pluginDir }: ProviderFlags): string {
  const verdict = accepted(planned, config, false);
  if (verdict === undefined) throw new Error('a configuration was planned');
  for (const { name } of verdict.config.providers) {
    const problem = executableProblem(planned, pluginDir, name);
    if (problem === undefined) continue;
    throw new Failure(
      `the provider ${plain(name)} of ${plain(config)} ${problem}, and the kubelet would not start; put it ` +
        'there, or take the provider out of the configuration',
    );
  }
  return verdict.hash;
}

/** A drop-in that is read after ours may take the flags back. */
function checkFlags(planned: NodeTree, kind: NodeKind, flags: ProviderFlags): void {
  const { current } = flagSettingOf(planned, kind);
  const unit = readServiceUnit(planned, kubeletService(planned, kind));
  const isKnown = kind === 'microshift' || kind === 'k3s' || unit?.command !== undefined;
  if (!isKnown || hasFlags(current, flags)) return;
  const last = unit?.files.at(-1) ?? '';
  throw new Failure(
    `the kubelet would not get its flags for credential providers: ${plain(posix.basename(last))} among the files ` +
      `of ${kubeletService(planned, kind)} decides its command line; add --image-credential-provider-config=` +
      `${flags.config} and --image-credential-provider-bin-dir=${flags.pluginDir} to it`,
  );
}
