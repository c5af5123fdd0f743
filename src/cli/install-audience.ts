import { nodeAudience } from '../node/node-audience.ts';
import { nodeKindOf } from '../node/node-kind.ts';
import type { NodeTree } from '../node/node-tree.ts';
import type { ProviderChoice } from '../platform/provider-config.ts';
import type { Environment } from '../providers/credential-helper.ts';
import type { AudienceOptions } from './audience-option.ts';
import { clusterAudiences } from './cluster-audiences.ts';

/**
 * The audience of a cluster for the node of a tree, where one is to be asked: the one given, or kubectl's
 * where nobody names an audience and the node does not tell it. Throws a Failure where the one given cannot
 * be asked.
 */
export async function installAudience(
  tree: NodeTree,
  { provider, audience, kubeconfig }: AudienceOptions & { readonly provider: ProviderChoice },
  environment: Environment,
): Promise<string | undefined> {
  if (audience !== undefined || provider === 'generic') return undefined;
  const isKnown = nodeAudience(tree, nodeKindOf(tree)) !== undefined;
  if (isKnown && kubeconfig === undefined) return undefined;
  return (await clusterAudiences(kubeconfig, environment))?.audiences[0];
}
