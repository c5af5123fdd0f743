import { posix } from 'node:path';
import { isJsonObject, type JsonObject } from '../diagnostics/json.ts';
import { flagValue } from '../kubelet/running-kubelet.ts';
import { currentEntry } from '../kubernetes/kubeconfig.ts';
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
  /** Undefined where the kubeconfig holds it itself, or none was found. */
  readonly certificateAuthority: string | undefined;
}

/** Finds the kubelet's kubeconfig, by its command line or its usual places, and its CA. */
export function kubeletIdentity(tree: NodeTree, commandLine: readonly string[]): KubeletIdentity {
  const given = flagValue(commandLine, 'kubeconfig');
  const candidates = given === undefined ? KUBECONFIGS : [given, ...KUBECONFIGS];
  for (const path of candidates) {
    const cluster = clusterIn(readText(tree, path));
    if (cluster === undefined) continue;
    return { kubeconfig: path, certificateAuthority: authorityOf(cluster, path, tree) };
  }
  return { kubeconfig: undefined, certificateAuthority: authorityOn(tree) };
}

/** The file that the kubeconfig names, relative to itself; where it says nothing, the node's. */
function authorityOf(cluster: JsonObject, kubeconfig: string, tree: NodeTree): string | undefined {
  if (isText(cluster['certificate-authority-data'])) return undefined;
  const named = cluster['certificate-authority'];
  return isText(named) ? posix.resolve(posix.dirname(kubeconfig), named) : authorityOn(tree);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function authorityOn(tree: NodeTree): string | undefined {
  return AUTHORITIES.find((path) => exists(tree, path));
}

/** The cluster of a kubeconfig's current context; undefined for a text that is something else. */
function clusterIn(text: string | undefined): JsonObject | undefined {
  const document = text === undefined ? undefined : parsed(text);
  if (!isJsonObject(document) || document['kind'] !== 'Config') return undefined;
  return currentEntry(document, 'cluster');
}

function parsed(text: string): unknown {
  try {
    return Bun.YAML.parse(text);
  } catch {
    // No kubeconfig, whatever else it is.
    return undefined;
  }
}
