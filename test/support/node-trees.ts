import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { directoryInMemory } from './temporary-directory.ts';

/** The files of a node by their paths there; executables are those below a `bin` or plugin directory. */
export type NodeFiles = Readonly<Record<string, string>>;

const KUBECONFIG = `apiVersion: v1
kind: Config
clusters:
- name: c
  cluster: {server: 'https://10.0.0.1:6443', certificate-authority: /etc/kubernetes/pki/ca.crt}
contexts: [{name: x, context: {cluster: c, user: u}}]
current-context: x
users: [{name: u, user: {}}]
`;

const MIRRORS = `[[registry]]
location = "docker.io"
[[registry.mirror]]
location = "mirror.corp:5000"
`;

const KUBEADM_UNIT = `[Unit]
Description=kubelet: The Kubernetes Node Agent
[Service]
ExecStart=/usr/bin/kubelet
Restart=always
`;

function kubeadmDropIn(extraArgsFile: string): string {
  return `# Note: This dropin only works with kubeadm and kubelet v1.11+
[Service]
Environment="KUBELET_KUBECONFIG_ARGS=--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf"
Environment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
EnvironmentFile=-${extraArgsFile}
ExecStart=
ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS
`;
}

/** A node of kubeadm's with Debian's packages. */
export const KUBEADM_DEB: NodeFiles = {
  '/usr/lib/systemd/system/kubelet.service': KUBEADM_UNIT,
  '/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf':
    kubeadmDropIn('/etc/default/kubelet'),
  '/var/lib/kubelet/kubeadm-flags.env':
    'KUBELET_KUBEADM_ARGS="--container-runtime-endpoint=unix:///var/run/crio/crio.sock"\n',
  '/etc/kubernetes/kubelet.conf': KUBECONFIG,
  '/etc/kubernetes/pki/ca.crt': 'CA\n',
  '/etc/containers/registries.conf': MIRRORS,
};

/** The same with Red Hat's packages, and arguments of an administrator. */
export const KUBEADM_RPM: NodeFiles = {
  ...KUBEADM_DEB,
  '/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf':
    kubeadmDropIn('/etc/sysconfig/kubelet'),
  '/etc/sysconfig/kubelet': "# ours\nKUBELET_EXTRA_ARGS='--node-ip=10.0.0.2'\nOTHER=1\n",
};

const ECR_CONFIG = `apiVersion: kubelet.config.k8s.io/v1
kind: CredentialProviderConfig
providers:
  # from the platform
  - name: ecr-credential-provider
    matchImages:
      - "*.dkr.ecr.*.amazonaws.com"
    defaultCacheDuration: "12h"
    apiVersion: credentialprovider.kubelet.k8s.io/v1
`;

const OPENSHIFT_PLUGINS = '/usr/libexec/kubelet-image-credential-provider-plugins';

/** A node of OpenShift on AWS. */
export const RHCOS: NodeFiles = {
  '/etc/machine-config-daemon/currentconfig': '{}\n',
  '/etc/kubernetes/kubelet.conf':
    'kind: KubeletConfiguration\napiVersion: kubelet.config.k8s.io/v1beta1\n',
  '/var/lib/kubelet/kubeconfig': KUBECONFIG.replace(
    '/etc/kubernetes/pki/ca.crt',
    '/etc/kubernetes/kubelet-ca.crt',
  ),
  '/etc/systemd/system/kubelet.service': `[Service]
Type=notify
Environment=PATH=/usr/bin
EnvironmentFile=/etc/os-release
EnvironmentFile=-/etc/kubernetes/kubelet-env
ExecStart=/usr/local/bin/kubenswrapper \\
    /usr/bin/kubelet \\
      --config=/etc/kubernetes/kubelet.conf \\
      --kubeconfig=/var/lib/kubelet/kubeconfig \\
      --image-credential-provider-bin-dir=${OPENSHIFT_PLUGINS} \\
      --image-credential-provider-config=/etc/kubernetes/credential-providers/ecr-credential-provider.yaml \\
      --v=\${KUBELET_LOG_LEVEL}
`,
  '/etc/kubernetes/credential-providers/ecr-credential-provider.yaml': ECR_CONFIG,
  [`${OPENSHIFT_PLUGINS}/ecr-credential-provider`]: 'ecr\n',
  '/etc/containers/registries.conf': MIRRORS,
};

/** The same as it really is: its /usr is read-only. */
export const RHCOS_IMAGE: NodeFiles = { ...RHCOS, '/run/ostree-booted': '' };

/** A node of OpenShift without a platform's provider; its unit has a variable for drop-ins. */
export const RHCOS_BARE_METAL: NodeFiles = {
  '/etc/machine-config-daemon/currentconfig': '{}\n',
  '/var/lib/kubelet/kubeconfig': KUBECONFIG,
  '/etc/systemd/system/kubelet.service':
    '[Service]\nExecStart=/usr/bin/kubelet --kubeconfig=/var/lib/kubelet/kubeconfig $KUBELET_CRIO_IMAGE_CREDENTIAL_PROVIDER_FLAGS\n',
};

export const MICROSHIFT: NodeFiles = {
  '/etc/microshift/config.yaml': 'dns:\n  baseDomain: example.com\n',
  '/usr/lib/systemd/system/microshift.service': '[Service]\nExecStart=microshift run\n',
  '/var/lib/microshift/resources/kubelet/kubeconfig': KUBECONFIG,
  '/etc/containers/registries.conf': MIRRORS,
  '/run/ostree-booted': '',
};

export const K3S: NodeFiles = {
  '/etc/systemd/system/k3s.service': '[Service]\nExecStart=/usr/local/bin/k3s \\\n    server \\\n',
  '/etc/rancher/k3s/config.yaml': 'write-kubeconfig-mode: "0600"\n',
  '/var/lib/rancher/k3s/agent/kubelet.kubeconfig': KUBECONFIG,
  '/etc/containers/registries.conf': MIRRORS,
};

/** A cloud's node: everything in one command line, plugins in a directory that cannot be written. */
export const CLOUD_IMAGE: NodeFiles = {
  '/run/ostree-booted': '',
  '/usr/lib/systemd/system/kubelet.service':
    '[Service]\nExecStart=/usr/bin/kubelet --kubeconfig=/var/lib/kubelet/kubeconfig --image-credential-provider-bin-dir /usr/libexec/plugins --image-credential-provider-config /etc/eks/config.json --v=2\n',
  '/usr/libexec/plugins/ecr-credential-provider': 'ecr\n',
  '/var/lib/kubelet/kubeconfig': KUBECONFIG,
  '/etc/eks/config.json':
    '{"apiVersion":"kubelet.config.k8s.io/v1","kind":"CredentialProviderConfig","providers":[{"name":"ecr-credential-provider","matchImages":["*.dkr.ecr.*.amazonaws.com"],"defaultCacheDuration":"12h","apiVersion":"credentialprovider.kubelet.k8s.io/v1"}]}\n',
};

/** Lays a node's files out below a directory of its own. */
export function nodeTree(files: NodeFiles): Disposable & { readonly path: string } {
  const directory = directoryInMemory();
  for (const [path, text] of Object.entries(files)) writeNodeFile(directory.path, path, text);
  return directory;
}

export function writeNodeFile(root: string, path: string, text: string): void {
  const place = join(root, path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, text);
  if (/\/(?:s?bin|libexec\/.*|plugins)\//.test(path)) chmodSync(place, 0o755);
}

/** Everything below a directory but our own records: what each path is, with mode, owner and content. */
export function contentsOf(root: string, directory = root): Record<string, string> {
  return Object.fromEntries(
    readdirSync(directory).flatMap((name) => {
      const place = join(directory, name);
      const path = `/${relative(root, place)}`;
      if (path === '/var/lib/pullkey/install') return [];
      const stats = lstatSync(place);
      const rights = `${(stats.mode & 0o7777).toString(8)} ${stats.uid}:${stats.gid}`;
      if (stats.isDirectory())
        return [[path, `directory ${rights}`], ...Object.entries(contentsOf(root, place))];
      if (stats.isSymbolicLink()) return [[path, `-> ${readlinkSync(place)}`]];
      return [[path, `${rights} ${readFileSync(place, 'utf8')}`]];
    }),
  );
}
