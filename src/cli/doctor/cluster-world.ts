import { type Deadline, deadlineIn } from '../../diagnostics/deadline.ts';
import { Failure } from '../../diagnostics/errors.ts';
import type { CredentialProvider } from '../../kubelet/credential-provider-config.ts';
import type { ApiIdentity } from '../../kubernetes/client.ts';
import { readKubeconfigUser } from '../../kubernetes/kubeconfig-user.ts';
import { askServer, type ServerAnswer } from '../../kubernetes/server-answer.ts';
import type { Environment } from '../../providers/credential-helper.ts';
import type { MirrorOptions } from '../../providers/mirror-options.ts';
import type { PluginSettings } from '../explain/plugin-options.ts';
import { type ClusterAccess, clusterAccess } from './cluster-access.ts';
import { isNode, kubeletFacts, type NodeWorld } from './node-world.ts';
import { once } from './once.ts';
import { type TenantAccount, tenantAccounts } from './tenant-accounts.ts';
import { findTokenFacts, type TokenFacts } from './token-facts.ts';
import { findViewer, type Viewer } from './viewer.ts';

/** A cluster as its checks meet it, as seen from a node or from a workstation. */
export interface ClusterWorld {
  /** The tenant's, where one was named. */
  readonly namespace: string | undefined;
  /** As the mirror provider runs: with the args of its entry, and the command line's flags over them. */
  readonly options: MirrorOptions;
  /** This machine; undefined where it is no node. */
  readonly node: NodeWorld | undefined;
  /** The mirror provider's entry, and the file that it stands in; undefined where none was found. */
  readonly entry: { readonly provider: CredentialProvider; readonly file: string } | undefined;
  /** For all checks together. */
  readonly deadline: Deadline;
  /** Undefined where there is no cluster at hand. Throws a Failure where one of its files cannot be used. */
  readonly access: () => ClusterAccess | undefined;
  /** Throws a ConnectionError or another Failure. Not asked without access. */
  readonly answer: () => Promise<ServerAnswer>;
  /** Throws an ApiError of 401 or a Failure. Not asked without access. */
  readonly viewer: () => Promise<Viewer>;
  /** Throws what `viewer` throws, or an ApiError. */
  readonly tokens: () => Promise<TokenFacts>;
  /** Of the namespace, none without one. Throws as `tokens` does. */
  readonly accounts: () => Promise<readonly TenantAccount[]>;
}

/** To be told the version, which some clusters tell nobody else. */
function identityIn({ kubeconfig }: ClusterAccess): ApiIdentity | undefined {
  try {
    return kubeconfig === undefined ? undefined : readKubeconfigUser(kubeconfig);
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

/** A server that is gone must not take the time of everything else. */
const PROBE_MS = 10_000;

/**
 * What the command line, the kubelet's configuration and the environment say of the cluster. `machine` is this
 * one, where its files can be read.
 */
export function clusterWorld(
  namespace: string | undefined,
  { options }: PluginSettings,
  machine: NodeWorld | undefined,
  environment: Environment,
): ClusterWorld {
  const deadline = deadlineIn(options.timeout);
  const node = machine !== undefined && isReallyNode(machine) ? machine : undefined;
  const entry = entryIn(machine);
  const access = once(() => clusterAccess(options.apiServer, node !== undefined, environment));
  const asked = () => {
    const found = access();
    if (found === undefined) throw new Error('the cluster is asked without access');
    return found;
  };
  const viewer = once(() => findViewer(asked(), deadline));
  const probe = () => deadlineIn(Math.min(options.timeout, PROBE_MS), '');
  const answer = async () => askServer(asked().server, identityIn(asked()), probe());
  const configured = entry?.provider.tokenAttributes?.serviceAccountTokenAudience;
  const tokens = async () =>
    findTokenFacts(await viewer(), { server: asked().server, namespace, configured, deadline });
  const accounts = async () =>
    namespace === undefined ? [] : tenantAccounts(await viewer(), namespace);
  return {
    ...{ namespace, options, node, entry, deadline, access, viewer },
    ...{ answer: once(answer), tokens: once(tokens), accounts: once(accounts) },
  };
}

/** A configuration that somebody named makes no node of a workstation. */
function isReallyNode(machine: NodeWorld): boolean {
  return isNode({ ...machine, flags: machine.configured });
}

function entryIn(machine: NodeWorld | undefined): ClusterWorld['entry'] {
  const plugin = machine && kubeletFacts(machine).plugin;
  return plugin && { provider: plugin.provider, file: plugin.place.file };
}
