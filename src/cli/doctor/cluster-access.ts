import {
  type ApiServerOptions,
  type DiscoveredServer,
  discoverApiServer,
  findKubeconfig,
} from '../../kubernetes/discovery.ts';
import type { Environment } from '../../providers/credential-helper.ts';
import { kubectlKubeconfig } from '../kubectl-kubeconfig.ts';

/** By which way a cluster is asked. */
export interface ClusterAccess {
  readonly server: DiscoveredServer;
  /** Whose user asks: a path. Undefined where only the server is known. */
  readonly kubeconfig: string | undefined;
}

/**
 * The server and CA that the plugin would use, and the kubelet's user; on a machine that is no node, those of
 * kubectl. Undefined where there is no cluster at hand. Throws a Failure where one of the files cannot be
 * used.
 */
export function clusterAccess(
  options: ApiServerOptions,
  isNode: boolean,
  environment: Environment,
): ClusterAccess | undefined {
  const own = findKubeconfig(options)?.path;
  const kubeconfig = own ?? (isNode ? undefined : kubectlKubeconfig(environment));
  if (kubeconfig === undefined && !isNode && options.apiServer === undefined) return undefined;
  const found = kubeconfig === undefined ? {} : { kubeconfig };
  return { server: discoverApiServer({ ...options, ...found }), kubeconfig };
}

/** Where the address of the server is written. */
export function originOf({ server, kubeconfig }: ClusterAccess): string {
  switch (server.from) {
    case 'flag':
      return '--api-server';
    case 'env-file':
      return server.envFile;
    case 'kubeconfig':
      return kubeconfig ?? 'the kubeconfig';
    case 'default':
      return 'no file, the default';
  }
}
