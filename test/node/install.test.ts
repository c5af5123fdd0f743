import { describe, expect, test } from 'bun:test';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DirectoryTree } from '../../src/node/node-tree.ts';
import { install, installThrough, plan, uninstall, uninstallThrough } from '../support/install.ts';
import { failing, KubeletStandIn } from '../support/kubelet.ts';
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

/** Ends like a killed process after some steps on the file system. */
class DyingTree extends DirectoryTree {
  #steps: number;

  constructor(root: string, steps: number) {
    super(root);
    this.#steps = steps;
  }

  override locate(path: string, followsLast?: boolean): string {
    this.#steps -= 1;
    if (this.#steps < 0) throw new Killed();
    return super.locate(path, followsLast);
  }
}

class Killed extends Error {}

/** Runs work until it is killed; tells whether it came to its end. */
async function survives(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof Killed) return false;
    throw error;
  }
}

describe.each(NODES)('on %s', (_, files) => {
  test('an installation is whole, a second one changes nothing, uninstall leaves no trace', async () => {
    using node = nodeTree(files);
    const before = contentsOf(node.path);
    expect(await install(node.path)).toEqual({ isChanged: true, hash: undefined });
    const installed = contentsOf(node.path);
    expect(installed).not.toEqual(before);
    expect(plan(node.path).changes).toEqual([]);
    expect(await install(node.path)).toEqual({ isChanged: false, hash: undefined });
    expect(contentsOf(node.path)).toEqual(installed);
    await uninstall(node.path);
    expect(contentsOf(node.path)).toEqual(before);
  });
});

describe.each(NODES.filter(([name]) => /rpm|RHCOS|cloud/.test(name)))(
  'killed on %s',
  (_, files) => {
    test('an installation that is killed at any step is taken up by the next, and can be taken back', async () => {
      using whole = nodeTree(files);
      const before = contentsOf(whole.path);
      await install(whole.path);
      const expected = contentsOf(whole.path);
      for (let steps = 1; ; steps += 1) {
        using node = nodeTree(files);
        const isDone = await survives(() =>
          installThrough(new DyingTree(node.path, steps), node.path),
        );
        await install(node.path);
        expect(contentsOf(node.path)).toEqual(expected);
        await uninstall(node.path);
        expect(contentsOf(node.path)).toEqual(before);
        if (isDone) break;
      }
    }, 60_000);

    test('uninstall that is killed at any step is taken up by the next', async () => {
      for (let steps = 1; ; steps += 1) {
        using node = nodeTree(files);
        const before = contentsOf(node.path);
        await install(node.path);
        const isDone = await survives(() =>
          uninstallThrough(new DyingTree(node.path, steps), node.path),
        );
        await uninstall(node.path);
        expect(contentsOf(node.path)).toEqual(before);
        if (isDone) break;
      }
    }, 60_000);
  },
);

describe('with a restart', () => {
  test('the kubelet is reloaded, restarted and asked for its health and configuration', async () => {
    using node = nodeTree(KUBEADM_DEB);
    using kubelet = new KubeletStandIn();
    kubelet.hash = 'sha256:old';
    const expected = plan(node.path).configHash;
    kubelet.onRestart = () => {
      kubelet.hash = expected;
    };
    const result = await install(node.path, {}, kubelet.restarting());
    expect(result).toEqual({ isChanged: true, hash: 'same' });
    expect(kubelet.asked).toEqual(['daemon-reload', 'restart kubelet.service']);
    expect(await install(node.path, {}, kubelet.restarting())).toMatchObject({ isChanged: false });
    expect(kubelet.asked).toHaveLength(2);
  });

  test('CRI-O reads its mirrors again', async () => {
    using node = nodeTree(KUBEADM_DEB);
    using kubelet = new KubeletStandIn();
    await install(node.path, { registriesDropIn: '' }, kubelet.restarting());
    expect(kubelet.asked).toEqual(['daemon-reload', 'reload crio', 'restart kubelet.service']);
  });

  test('a kubelet that does not tell its configuration is believed', async () => {
    using node = nodeTree(K3S);
    using kubelet = new KubeletStandIn();
    expect(await install(node.path, {}, kubelet.restarting())).toMatchObject({ hash: 'unknown' });
    expect(kubelet.asked).toEqual(['daemon-reload', 'restart k3s.service']);
  });

  const breakdowns: readonly (readonly [string, (kubelet: KubeletStandIn) => void, RegExp])[] = [
    [
      'is not healthy',
      (kubelet) => {
        kubelet.isHealthy = false;
      },
      /did not come up within 1 s .* answers with 500; everything was put back and kubelet\.service restarted/,
    ],
    [
      'keeps its old configuration',
      (kubelet) => {
        kubelet.hash = 'sha256:old';
      },
      /runs with another configuration; everything was put back/,
    ],
    [
      'cannot be restarted',
      (kubelet) => {
        let isFirst = true;
        kubelet.onRestart = () => {
          if (!isFirst) return;
          isFirst = false;
          failing('systemctl restart kubelet.service failed')();
        };
      },
      /failed; everything was put back and kubelet\.service restarted; see journalctl/,
    ],
  ];

  test.each(breakdowns)(
    'everything is put back where the kubelet %s',
    async (_, breakIt, message) => {
      using node = nodeTree(KUBEADM_RPM);
      using kubelet = new KubeletStandIn();
      const before = contentsOf(node.path);
      breakIt(kubelet);
      await expect(install(node.path, {}, kubelet.restarting())).rejects.toThrow(message);
      expect(contentsOf(node.path)).toEqual(before);
      expect(kubelet.asked.filter((words) => words.startsWith('restart'))).toHaveLength(2);
    },
  );

  test('an earlier installation survives a later one that fails', async () => {
    using node = nodeTree(KUBEADM_DEB);
    using kubelet = new KubeletStandIn();
    const before = contentsOf(node.path);
    await install(node.path, {}, kubelet.restarting());
    const first = contentsOf(node.path);
    kubelet.isHealthy = false;
    const second = { executable: Buffer.from('newer\n'), patterns: [{ pattern: 'quay.io' }] };
    await expect(install(node.path, second, kubelet.restarting())).rejects.toThrow('put back');
    expect(contentsOf(node.path)).toEqual(first);
    await uninstall(node.path);
    expect(contentsOf(node.path)).toEqual(before);
  });

  test('a run that was killed before the kubelet was up is put back whole by the next', async () => {
    using node = nodeTree(KUBEADM_RPM);
    using kubelet = new KubeletStandIn();
    const before = contentsOf(node.path);
    kubelet.onRestart = () => {
      throw new Killed();
    };
    expect(await survives(() => install(node.path, {}, kubelet.restarting()))).toBe(false);
    expect(contentsOf(node.path)).not.toEqual(before);
    kubelet.onRestart = () => undefined;
    kubelet.isHealthy = false;
    await expect(install(node.path, {}, kubelet.restarting())).rejects.toThrow('put back');
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
