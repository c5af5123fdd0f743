import { describe, expect, test } from 'bun:test';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { install, plan, uninstall } from '../support/install.ts';
import {
  CLOUD_IMAGE,
  contentsOf,
  K3S,
  KUBEADM_DEB,
  KUBEADM_RPM,
  MICROSHIFT,
  type NodeFiles,
  nodeTree,
  RHCOS,
  writeNodeFile,
} from '../support/node-trees.ts';

const NODES: readonly (readonly [string, NodeFiles])[] = [
  ['kubeadm with deb packages', KUBEADM_DEB],
  ['kubeadm with rpm packages', KUBEADM_RPM],
  ['RHCOS', RHCOS],
  ['MicroShift', MICROSHIFT],
  ['k3s', K3S],
  ['a cloud image', CLOUD_IMAGE],
  ['hardly anything', { '/var/lib/systemd/random-seed': '' }],
];
const CONFIG = '/etc/kubernetes/credential-provider-config.yaml';
const PLUGINS = '/usr/libexec/kubelet-image-credential-provider-plugins';

describe.each(NODES)('on %s', (_, files) => {
  test('an installation is whole, a second one changes nothing, uninstall leaves no trace', async () => {
    using node = nodeTree(files);
    const before = contentsOf(node.path);
    expect(await install(node.path)).toMatchObject({ isChanged: true, hash: undefined });
    const installed = contentsOf(node.path);
    expect(installed).not.toEqual(before);
    expect(plan(node.path).changes).toEqual([]);
    expect(await install(node.path)).toMatchObject({ isChanged: false, hash: undefined });
    expect(contentsOf(node.path)).toEqual(installed);
    await uninstall(node.path);
    expect(contentsOf(node.path)).toEqual(before);
  });
});

describe('what lies there already', () => {
  test('another plugin of our name comes back, with its mode', async () => {
    using node = nodeTree({ ...KUBEADM_DEB, [`${PLUGINS}/crio-credential-provider`]: 'theirs\n' });
    chmodSync(join(node.path, PLUGINS, 'crio-credential-provider'), 0o750);
    const before = contentsOf(node.path);
    await install(node.path);
    const path = join(node.path, PLUGINS, 'crio-credential-provider');
    expect(readFileSync(path, 'utf8')).toBe('our executable\n');
    await uninstall(node.path);
    expect(contentsOf(node.path)).toEqual(before);
  });

  test('a configuration that was changed since loses our provider alone', async () => {
    using node = nodeTree(RHCOS);
    await install(node.path);
    const path = join(
      node.path,
      '/etc/kubernetes/credential-providers/ecr-credential-provider.yaml',
    );
    writeFileSync(path, readFileSync(path, 'utf8').replace('"12h"', '"6h"'));
    await uninstall(node.path);
    expect(readFileSync(path, 'utf8')).toBe(
      (RHCOS['/etc/kubernetes/credential-providers/ecr-credential-provider.yaml'] ?? '').replace(
        '"12h"',
        '"6h"',
      ),
    );
  });

  test('arguments that were added since stay', async () => {
    using node = nodeTree(KUBEADM_RPM);
    await install(node.path);
    const path = join(node.path, '/etc/sysconfig/kubelet');
    writeFileSync(path, readFileSync(path, 'utf8').replace('--node-ip', '--v=4 --node-ip'));
    await uninstall(node.path);
    expect(readFileSync(path, 'utf8')).toContain("KUBELET_EXTRA_ARGS='--v=4 --node-ip=10.0.0.2'\n");
  });

  test('any other change of our files stops uninstall before it begins', async () => {
    using node = nodeTree(KUBEADM_DEB);
    await install(node.path);
    writeNodeFile(node.path, '/etc/tmpfiles.d/pullkey.conf', '# mine\n');
    const installed = contentsOf(node.path);
    await expect(uninstall(node.path)).rejects.toThrow(
      '/etc/tmpfiles.d/pullkey.conf was changed after pullkey install wrote it; take that change back',
    );
    expect(contentsOf(node.path)).toEqual(installed);
  });

  test('what was removed since is no hindrance', async () => {
    using node = nodeTree(KUBEADM_DEB);
    const before = contentsOf(node.path);
    await install(node.path);
    rmSync(join(node.path, CONFIG));
    await uninstall(node.path);
    expect(contentsOf(node.path)).toEqual(before);
  });

  test('a broken record is told, and nothing is touched', async () => {
    using node = nodeTree(KUBEADM_DEB);
    await install(node.path);
    writeNodeFile(node.path, '/var/lib/pullkey/install/state.json', '{');
    await expect(uninstall(node.path)).rejects.toThrow('state.json, the record of what');
  });
});

test('a tree whose links lead out of it is written within', async () => {
  using node = nodeTree({});
  const { symlinkSync, mkdirSync, existsSync } = await import('node:fs');
  mkdirSync(join(node.path, 'data/kubernetes'), { recursive: true });
  mkdirSync(join(node.path, 'etc'));
  symlinkSync('/data/kubernetes', join(node.path, 'etc/kubernetes'));
  await install(node.path);
  expect(existsSync(join(node.path, 'data/kubernetes/credential-provider-config.yaml'))).toBe(true);
});
