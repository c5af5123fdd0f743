import { describe, expect, test } from 'bun:test';
import type { ServiceControl } from '../../src/node/service-control.ts';
import { Killed, survives } from '../support/faulty-operations.ts';
import { install, plan, UPGRADE, uninstall } from '../support/install.ts';
import { failing, KubeletStandIn } from '../support/kubelet.ts';
import { contentsOf, K3S, KUBEADM_DEB, KUBEADM_RPM, nodeTree } from '../support/node-trees.ts';

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
    expect(result).toEqual({ isChanged: true, hash: 'same', notes: [] });
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

  test('CRI-O reads them again after a run that was killed before it could, and after they were put back', async () => {
    using node = nodeTree(KUBEADM_DEB);
    using kubelet = new KubeletStandIn();
    kubelet.onRestart = () => {
      throw new Killed();
    };
    const request = { registriesDropIn: '# mirrors\n' };
    await survives(() => install(node.path, request, kubelet.restarting()));
    kubelet.onRestart = () => undefined;
    kubelet.isHealthy = false;
    kubelet.asked.length = 0;
    await expect(install(node.path, request, kubelet.restarting())).rejects.toThrow('put back');
    const words = ['daemon-reload', 'reload crio', 'restart kubelet.service'];
    expect(kubelet.asked).toEqual([...words, ...words]);
  });

  test('a kubelet that does not tell its configuration is believed', async () => {
    using node = nodeTree(K3S);
    using kubelet = new KubeletStandIn();
    expect(await install(node.path, {}, kubelet.restarting())).toMatchObject({ hash: 'unknown' });
    expect(kubelet.asked).toEqual(['daemon-reload', 'restart k3s.service']);
  });

  test('and so is one that is older than the metric', async () => {
    using node = nodeTree(K3S);
    using kubelet = new KubeletStandIn();
    kubelet.version = 'v1.33.9';
    expect(await install(node.path, {}, kubelet.restarting())).toMatchObject({ hash: 'unknown' });
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
      'is a newer one without any provider',
      (kubelet) => {
        kubelet.version = 'v1.34.0';
      },
      /runs without credential providers, so it did not get its flags; everything was put back/,
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

describe('without a restart', () => {
  /** Notes what it is asked, and may fail. */
  function control(asked: string[], fails?: () => void): ServiceControl {
    return {
      run: async (...words) => {
        asked.push(words.join(' '));
        fails?.();
      },
    };
  }

  const mirrors = { registriesDropIn: '# mirrors\n' };

  test('nobody is asked but CRI-O, and only for its mirrors', async () => {
    using node = nodeTree(KUBEADM_DEB);
    const asked: string[] = [];
    await install(node.path, {}, { control: control(asked), health: undefined });
    expect(asked).toEqual([]);
    await install(node.path, mirrors, { control: control(asked), health: undefined });
    expect(asked).toEqual(['reload crio']);
    expect(await uninstall(node.path, { control: control(asked), health: undefined })).toEqual([]);
    expect(asked).toEqual(['reload crio', 'reload crio']);
  });

  test('a CRI-O that cannot be asked is told of', async () => {
    using node = nodeTree(KUBEADM_DEB);
    const alone = await install(node.path, mirrors);
    expect(alone.notes).toEqual(['CRI-O reads the mirrors after: systemctl reload crio']);
    using other = nodeTree(KUBEADM_DEB);
    const fails = control([], failing('crio.service is not active, cannot reload'));
    const { notes } = await install(other.path, mirrors, { control: fails, health: undefined });
    expect(notes).toEqual([
      'crio.service is not active, cannot reload; CRI-O reads the mirrors once it is started, or reloaded',
    ]);
  });

  test('an installation that was not tried yet is tried by a later restart', async () => {
    using node = nodeTree(KUBEADM_DEB);
    using kubelet = new KubeletStandIn();
    const before = contentsOf(node.path);
    await install(node.path);
    const installed = contentsOf(node.path);
    expect(await install(node.path)).toMatchObject({ isChanged: false });
    expect(await install(node.path, {}, kubelet.restarting())).toMatchObject({ isChanged: true });
    expect(kubelet.asked).toEqual(['daemon-reload', 'restart kubelet.service']);
    expect(contentsOf(node.path)).toEqual(installed);
    await uninstall(node.path);
    expect(contentsOf(node.path)).toEqual(before);
  });

  test('and is put back where the kubelet does not come up with it', async () => {
    using node = nodeTree(KUBEADM_RPM);
    using kubelet = new KubeletStandIn();
    const before = contentsOf(node.path);
    await install(node.path);
    kubelet.isHealthy = false;
    await expect(install(node.path, {}, kubelet.restarting())).rejects.toThrow('put back');
    expect(contentsOf(node.path)).toEqual(before);
  });

  test('a kubelet that runs with it already is not restarted, and nothing older is put back', async () => {
    using node = nodeTree(KUBEADM_DEB);
    using kubelet = new KubeletStandIn();
    await install(node.path);
    const installed = contentsOf(node.path);
    kubelet.hash = plan(node.path).configHash;
    expect(await install(node.path, {}, kubelet.restarting())).toMatchObject({ isChanged: false });
    expect(kubelet.asked).toEqual([]);
    kubelet.onRestart = () => {
      kubelet.isHealthy = false;
    };
    await expect(install(node.path, UPGRADE, kubelet.restarting())).rejects.toThrow('put back');
    expect(contentsOf(node.path)).toEqual(installed);
  });
});

describe('uninstall with a restart', () => {
  test('restarts, and asks for what is left', async () => {
    using node = nodeTree(KUBEADM_DEB);
    using kubelet = new KubeletStandIn();
    const before = contentsOf(node.path);
    await install(node.path, { registriesDropIn: '' });
    await uninstall(node.path, kubelet.restarting());
    expect(kubelet.asked).toEqual(['daemon-reload', 'reload crio', 'restart kubelet.service']);
    expect(contentsOf(node.path)).toEqual(before);
  });

  test('is finished by the next run where the kubelet did not come up, or it was killed', async () => {
    using node = nodeTree(KUBEADM_DEB);
    using kubelet = new KubeletStandIn();
    const before = contentsOf(node.path);
    await install(node.path);
    kubelet.isHealthy = false;
    await expect(uninstall(node.path, kubelet.restarting())).rejects.toThrow(
      /^everything of ours is gone, but the kubelet did not come up .*; see journalctl -u kubelet\.service$/,
    );
    kubelet.onRestart = () => {
      throw new Killed();
    };
    expect(await survives(() => uninstall(node.path, kubelet.restarting()))).toBe(false);
    kubelet.onRestart = () => undefined;
    kubelet.isHealthy = true;
    await uninstall(node.path, kubelet.restarting());
    expect(kubelet.asked.filter((words) => words.startsWith('restart'))).toHaveLength(3);
    expect(contentsOf(node.path)).toEqual(before);
    await uninstall(node.path, kubelet.restarting());
    expect(kubelet.asked.filter((words) => words.startsWith('restart'))).toHaveLength(3);
  });
});
