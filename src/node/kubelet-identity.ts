import { isJsonObject, type JsonObject } from '../diagnostics/json.ts';
import { flagValue } from '../kubelet/running-kubelet.ts';
import { exists, type NodeTree, readText } from './node-tree.ts';

/** Where kubelets keep their kubeconfig: kubeadm and OpenShift, then MicroShift and k3s. */
const KUBECONFIGS: readonly string[] = [
  '/var/lib/kubelet/kubeconfig',
  '/etc/kubernetes/kubelet.conf',
  '/etc/kubernetes/kubeconfig',
  '/var/lib/microshift/resources/kubelet/kubeconfig',
  '/var/lib/rancher/k3s/agent/kubelet.kubeconfig',
];

const AUTHORITIES: readonly string[] = ['/etc/kubernetes/pki/ca.crt', '/etc/kubernetes/ca.crt'];

/** Paths on the node by which the mirror provider finds and trusts the API server. */
export interface KubeletIdentity {
  readonly kubeconfig: string | undefined;
  /** Undefined where the kubeconfig has it, or none was found. */
  readonly certificateAuthority: string | undefined;
}

/** Finds the kubelet's kubeconfig, by its command line or its usual places, and its CA. */
export function kubeletIdentity(tree: NodeTree, commandLine: readonly string[]): KubeletIdentity {
  const given = flagValue(commandLine, 'kubeconfig');
  const candidates = given === undefined ? KUBECONFIGS : [given, ...KUBECONFIGS];
  for (const path of candidates) {
    const cluster = clusterIn(readText(tree, path));
    if (cluster === undefined) continue;
    const isKnown = ['certificate-authority', 'certificate-authority-data'].some(
      (field) => typeof cluster[field] === 'string' && cluster[field] !== '',
    );
    return { kubeconfig: path, certificateAuthority: isKnown ? undefined : authorityOn(tree) };
  }
  return { kubeconfig: undefined, certificateAuthority: authorityOn(tree) };
}

function authorityOn(tree: NodeTree): string | undefined {
  return AUTHORITIES.find((path) => exists(tree, path));
}

/** The first cluster of a kubeconfig; undefined for a text that is something else. */
function clusterIn(text: string | undefined): JsonObject | undefined {
  const document = text === undefined ? undefined : parsed(text);
  if (!isJsonObject(document) || document['kind'] !== 'Config') return undefined;
  const clusters: readonly unknown[] = Array.isArray(document['clusters'])
    ? document['clusters']
    : [];
  const [first] = clusters.filter(isJsonObject);
  return isJsonObject(first?.['cluster']) ? first['cluster'] : undefined;
}

function parsed(text: string): unknown {
  try {
    return Bun.YAML.parse(text);
  } catch {
    // No kubeconfig, whatever else it is.
    return undefined;
  }
}
