import { providerFlags } from './kubelet-unit.ts';

/** What a plain node's kubelet must know of credential providers. */
export interface KubeletSettings {
  readonly configFile: string;
  readonly pluginDir: string;
}

/** Where the drop-in of a plain node belongs: after kubeadm's own, which it builds upon. */
export const KUBEADM_DROP_IN_FILE = '/etc/systemd/system/kubelet.service.d/20-pullkey.conf';

/**
 * A drop-in for kubelet.service that adds the two flags to kubeadm's command line. It replaces that
 * line, because the files that kubeadm reads KUBELET_EXTRA_ARGS from win over a drop-in's variables.
 */
export function kubeadmDropIn({ configFile, pluginDir }: KubeletSettings): string {
  const flags = providerFlags(configFile, pluginDir);
  return `# ${KUBEADM_DROP_IN_FILE}
# The kubelet's command line of kubeadm's 10-kubeadm.conf with two flags more. Compare it with yours:
#   systemctl cat kubelet
# Then: systemctl daemon-reload && systemctl restart kubelet
[Service]
ExecStart=
ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS ${flags}
`;
}
