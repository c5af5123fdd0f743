import { describe, expect, test } from 'bun:test';
import { chmodSync, chownSync, lstatSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { InstallPlan } from '../../src/node/plan-install.ts';
import { install, plan, uninstall } from '../support/install.ts';
import {
  CLOUD_IMAGE,
  contentsOf,
  K3S,
  KUBEADM_DEB,
  KUBEADM_RPM,
  type NodeFiles,
  nodeTree,
  RHCOS,
  writeNodeFile,
} from '../support/node-trees.ts';
import { isRoot } from '../support/plugin-user.ts';

const CONFIG = '/etc/kubernetes/credential-provider-config.yaml';
const EXTRA_ARGS = '/etc/sysconfig/kubelet';
const ECR = RHCOS['/etc/kubernetes/credential-providers/ecr-credential-provider.yaml'] ?? '';

/** Lays out files and links, installs, looks, uninstalls, and compares with what was there. */
async function roundTrip(
  files: NodeFiles,
  links: NodeFiles,
  look: (root: string) => void,
): Promise<void> {
  using node = nodeTree(files);
  for (const [path, target] of Object.entries(links)) link(node.path, path, target);
  const before = contentsOf(node.path);
  await install(node.path);
  look(node.path);
  expect(plan(node.path).changes).toEqual([]);
  await uninstall(node.path);
  expect(contentsOf(node.path)).toEqual(before);
}

function link(root: string, path: string, target: string): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  symlinkSync(target, join(root, path));
}

const text = (root: string, path: string) => readFileSync(join(root, path), 'utf8');

describe('links', () => {
  test('a link in /etc gives way to a file like the one it leads to, and comes back', async () => {
    const { [EXTRA_ARGS]: _, ...rest } = KUBEADM_RPM;
    const kept = { ...rest, '/usr/etc/kubelet': "KUBELET_EXTRA_ARGS='--v=2'\n" };
    await roundTrip(kept, { [EXTRA_ARGS]: '/usr/etc/kubelet' }, (root) => {
      expect(lstatSync(join(root, EXTRA_ARGS)).isFile()).toBe(true);
      expect(text(root, EXTRA_ARGS)).toStartWith("KUBELET_EXTRA_ARGS='--v=2 --image-");
      expect(text(root, '/usr/etc/kubelet')).toBe("KUBELET_EXTRA_ARGS='--v=2'\n");
    });
  });

  test('the file has the mode and owner of the one it takes the place of', async () => {
    using node = nodeTree({ ...KUBEADM_RPM, '/data/extra': "KUBELET_EXTRA_ARGS=''\n" });
    const place = join(node.path, '/data/extra');
    chmodSync(place, 0o640);
    if (isRoot) chownSync(place, 1234, 4321);
    const own = lstatSync(place);
    const path = join(node.path, EXTRA_ARGS);
    chmodSync(path, 0o600);
    if (isRoot) chownSync(path, 1234, 4321);
    const before = contentsOf(node.path);
    await install(node.path);
    expect(lstatSync(path)).toMatchObject({ uid: own.uid, gid: own.gid });
    expect(lstatSync(path).mode & 0o777).toBe(0o600);
    await uninstall(node.path);
    expect(contentsOf(node.path)).toEqual(before);
    await Bun.$`ln -sf ../../data/extra ${path}`.quiet();
    await install(node.path);
    expect(lstatSync(path)).toMatchObject({ uid: own.uid, gid: own.gid });
    expect(lstatSync(path).mode & 0o777).toBe(0o640);
  });

  test('a link to a directory of configurations stays one', async () => {
    const flag = '--image-credential-provider-config=/etc/eks/config.json';
    const unit = (CLOUD_IMAGE['/usr/lib/systemd/system/kubelet.service'] ?? '').replace(
      /--image-credential-provider-config \S+/,
      flag.replace('/etc/eks/config.json', '/etc/providers'),
    );
    const files = {
      '/usr/lib/systemd/system/kubelet.service': unit,
      '/usr/libexec/plugins/ecr-credential-provider': 'ecr\n',
      '/data/providers/10-ecr.yaml': ECR,
    };
    await roundTrip(files, { '/etc/providers': '../data/providers' }, (root) => {
      expect(lstatSync(join(root, '/etc/providers')).isSymbolicLink()).toBe(true);
      expect(text(root, '/data/providers/50-pullkey.yaml')).toContain('crio-credential-provider');
      expect(text(root, '/data/providers/10-ecr.yaml')).toBe(ECR);
    });
  });

  test('a directory that the kubelet cannot read as a whole is mended first', () => {
    using node = nodeTree({
      '/usr/lib/systemd/system/kubelet.service':
        '[Service]\nExecStart=/usr/bin/kubelet --image-credential-provider-config=/etc/providers\n',
      '/etc/providers/10-ecr.yaml': ECR,
    });
    link(node.path, '/etc/providers/20-lost.yaml', '/nowhere');
    expect(() => plan(node.path)).toThrow(/20-lost\.yaml.*no such file or directory/);
  });

  test('files of k3s may be kept elsewhere', async () => {
    const { '/etc/rancher/k3s/config.yaml': config = '', ...rest } = K3S;
    const files = { ...rest, '/data/rancher/k3s/config.yaml': config };
    const look = (root: string) =>
      expect(text(root, '/var/lib/rancher/credentialprovider/config.yaml')).toContain('crio-');
    await roundTrip(files, { '/etc/rancher': '/data/rancher' }, look);
  });
});

describe('what is made on the way', () => {
  test('has its usual mode, whatever the umask', async () => {
    using node = nodeTree({ '/etc/hostname': 'n\n' });
    const before = process.umask(0o077);
    try {
      await install(node.path);
    } finally {
      process.umask(before);
    }
    const mode = (path: string) => (lstatSync(join(node.path, path)).mode & 0o777).toString(8);
    expect(mode('/etc/kubernetes')).toBe('755');
    expect(mode(CONFIG)).toBe('644');
    expect(mode('/usr/libexec/kubelet-image-credential-provider-plugins/pullkey')).toBe('755');
    expect(mode('/var/lib/pullkey/install')).toBe('700');
    expect(mode('/var/lib/pullkey/install/state.json')).toBe('600');
  });

  test('what was kept of a replaced file is read by its owner alone', async () => {
    using node = nodeTree(KUBEADM_RPM);
    await install(node.path);
    const kept = contentsOf(join(node.path, '/var/lib/pullkey/install/content'));
    const [entry = ''] = Object.values(kept);
    expect(Object.keys(kept)).toHaveLength(1);
    expect(entry).toStartWith('600 ');
    expect(entry).toEndWith(KUBEADM_RPM[EXTRA_ARGS] ?? '?');
  });

  test('stays where somebody else put something into it', async () => {
    using node = nodeTree({ '/var/lib/x': '' });
    await install(node.path);
    writeNodeFile(node.path, '/etc/kubernetes/mine', 'mine\n');
    await uninstall(node.path);
    expect(Object.keys(contentsOf(node.path)).sort()).toEqual([
      '/etc',
      '/etc/kubernetes',
      '/etc/kubernetes/mine',
      '/var',
      '/var/lib',
      '/var/lib/x',
    ]);
  });
});

describe('the kubeconfig and CA', () => {
  const args = ({ changes }: InstallPlan) => {
    const { after } = changes.find(({ path }) => path === CONFIG) ?? {};
    if (after?.kind !== 'file') throw new Error('no configuration is planned');
    return (
      Buffer.from(after.bytes)
        .toString()
        .match(/- (--.*)/g) ?? []
    );
  };
  const kubeconfig = (cluster: string) =>
    `kind: Config\nclusters:\n- {name: other, cluster: {server: x}}\n- {name: c, cluster: {${cluster}}}\n` +
    'contexts: [{name: x, context: {cluster: c}}]\ncurrent-context: x\n';
  const planned = (files: NodeFiles, running?: readonly string[]) => {
    using node = nodeTree(files);
    return args(plan(node.path, running === undefined ? {} : { running }));
  };

  test('are those of the unit, or of the kubelet that runs', () => {
    const unit = '[Service]\nExecStart=/usr/bin/kubelet --kubeconfig=/srv/kubelet.conf\n';
    const files = {
      '/etc/systemd/system/kubelet.service': unit,
      '/srv/kubelet.conf': kubeconfig('server: x, certificate-authority: pki/ca.crt'),
      '/run/kubelet.conf': kubeconfig('server: x, certificate-authority-data: QQ=='),
    };
    expect(planned(files)).toEqual([
      '- --kubeconfig=/srv/kubelet.conf',
      '- --certificate-authority=/srv/pki/ca.crt',
    ]);
    expect(planned(files, ['--kubeconfig', '/run/kubelet.conf'])).toEqual([
      '- --kubeconfig=/run/kubelet.conf',
    ]);
  });

  test('are those of the usual places, where they are what they should be', () => {
    expect(planned(KUBEADM_DEB)).toEqual([
      '- --kubeconfig=/etc/kubernetes/kubelet.conf',
      '- --certificate-authority=/etc/kubernetes/pki/ca.crt',
    ]);
    const files = {
      '/etc/kubernetes/kubelet.conf': 'kind: KubeletConfiguration\n',
      '/etc/kubernetes/kubeconfig': kubeconfig('server: x'),
      '/etc/kubernetes/ca.crt': 'CA\n',
      '/etc/machine-config-daemon/x': '',
    };
    expect(planned(files)).toEqual([
      '- --kubeconfig=/etc/kubernetes/kubeconfig',
      '- --certificate-authority=/etc/kubernetes/ca.crt',
    ]);
    expect(planned({ '/etc/hostname': 'n\n' })).toEqual([]);
  });
});
