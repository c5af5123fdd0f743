import { Failure } from '../diagnostics/errors.ts';
import { flagValue } from '../kubelet/running-kubelet.ts';
import { readTokenClaims } from '../kubernetes/token.ts';
import type { NodeKind } from './node-kind.ts';
import { type NodeTree, readText } from './node-tree.ts';

const API_SERVER_MANIFEST = '/etc/kubernetes/manifests/kube-apiserver.yaml';
const PODS = '/var/lib/kubelet/pods';
const PROJECTED = 'volumes/kubernetes.io~projected';
const MOST_PODS = 200;

const OPENSHIFTS = 'https://kubernetes.default.svc';
const K3S = 'https://kubernetes.default.svc.cluster.local';

/**
 * The audience that the cluster's API server accepts, as far as a node tells: from the API server's own
 * flags on a control plane, else from the token of a pod that runs there, else what the distribution sets.
 */
export function nodeAudience(tree: NodeTree, kind: NodeKind): string | undefined {
  return audienceOfManifest(tree) ?? audienceOfPods(tree) ?? BY_KIND[kind];
}

const BY_KIND: Partial<Record<NodeKind, string>> = {
  openshift: OPENSHIFTS,
  microshift: OPENSHIFTS,
  k3s: K3S,
};

function audienceOfManifest(tree: NodeTree): string | undefined {
  const manifest = readText(tree, API_SERVER_MANIFEST) ?? '';
  const words = [...manifest.matchAll(/^\s*- ["']?(--[^\s"']+)["']?\s*$/gm)].map(
    ([, word = '']) => word,
  );
  const audiences = flagValue(words, 'api-audiences') ?? flagValue(words, 'service-account-issuer');
  return audiences?.split(',')[0];
}

/** The token that every pod gets for the API server has its audience. */
function audienceOfPods(tree: NodeTree): string | undefined {
  for (const pod of tree.list(PODS).slice(0, MOST_PODS)) {
    const volumes = `${PODS}/${pod}/${PROJECTED}`;
    for (const volume of tree.list(volumes)) {
      if (!volume.startsWith('kube-api-access-')) continue;
      const audience = audienceOf(readText(tree, `${volumes}/${volume}/token`));
      if (audience !== undefined) return audience;
    }
  }
  return undefined;
}

function audienceOf(token: string | undefined): string | undefined {
  if (token === undefined) return undefined;
  try {
    return readTokenClaims(token.trim()).audiences[0];
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
