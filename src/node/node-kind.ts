import { exists, type NodeTree, readText } from './node-tree.ts';

/** Whose node it is, as far as that decides how its kubelet is told of things. */
export type NodeKind = 'openshift' | 'microshift' | 'k3s' | 'kubeadm' | 'plain';

/** Recognises a node by what its distribution leaves on it. */
export function nodeKindOf(tree: NodeTree): NodeKind {
  if (isOpenShift(tree)) return 'openshift';
  const isThere = (paths: readonly string[]): boolean => paths.some((path) => exists(tree, path));
  if (isThere(MICROSHIFT)) return 'microshift';
  if (isThere(K3S)) return 'k3s';
  return isThere(KUBEADM) ? 'kubeadm' : 'plain';
}

const MICROSHIFT = [
  '/etc/microshift',
  '/usr/lib/systemd/system/microshift.service',
  '/var/lib/microshift',
];

const K3S = [
  '/etc/systemd/system/k3s.service',
  '/etc/systemd/system/k3s-agent.service',
  '/var/lib/rancher/k3s',
];

const KUBEADM = [
  '/var/lib/kubelet/kubeadm-flags.env',
  '/etc/systemd/system/kubelet.service.d/10-kubeadm.conf',
  '/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf',
  '/lib/systemd/system/kubelet.service.d/10-kubeadm.conf',
];

/** The machine-config-daemon's own directory, or the kubelet's configuration where others have a kubeconfig. */
function isOpenShift(tree: NodeTree): boolean {
  if (exists(tree, '/etc/machine-config-daemon')) return true;
  const kubeletConf = readText(tree, '/etc/kubernetes/kubelet.conf') ?? '';
  return /^\s*"?kind"?:\s*"?KubeletConfiguration\b/m.test(kubeletConf);
}

/** The service that runs the kubelet. */
export function kubeletService(tree: NodeTree, kind: NodeKind): string {
  if (kind === 'microshift') return 'microshift.service';
  if (kind !== 'k3s') return 'kubelet.service';
  return exists(tree, '/etc/systemd/system/k3s-agent.service')
    ? 'k3s-agent.service'
    : 'k3s.service';
}
