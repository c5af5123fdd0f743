import { describe, expect, test } from 'bun:test';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { featureGate } from '../../../src/cli/doctor/feature-gate.ts';
import { imagePulls } from '../../../src/cli/doctor/image-pulls.ts';
import { kubeletFlags } from '../../../src/cli/doctor/kubelet-flags.ts';
import { kubeletRunning } from '../../../src/cli/doctor/kubelet-running.ts';
import {
  expectChange,
  expectMending,
  findingIn,
  healthyNode,
  look,
  machine,
  NODES,
  programs,
  service,
} from '../../support/doctor.ts';
import { nodeTree, writeNodeFile } from '../../support/node-trees.ts';

const CONFIG = '/etc/kubernetes/credential-provider-config.yaml';
const PLUGINS = '/usr/libexec/kubelet-image-credential-provider-plugins';
const FLAGS = [
  `--image-credential-provider-config=${CONFIG}`,
  `--image-credential-provider-bin-dir=${PLUGINS}`,
];
const GATE = 'KubeletServiceAccountTokenForCredentialProviders';
const KUBELET_CONFIG = '/var/lib/kubelet/config.yaml';

describe('kubelet', () => {
  test('one that runs is fine, in whatever it runs', async () => {
    using node = await healthyNode();
    const running = { machine: machine({ kubelet: [service(7, FLAGS)] }) };
    expect(await look(node.path, kubeletRunning, running)).toMatchObject([
      { verdict: 'ok', text: 'process 7 runs it since 2026-01-02T03:04:05.000Z' },
    ]);
    using microshift = await healthyNode('MicroShift');
    const inside = { machine: machine({ microshift: [service(8, ['run'])] }) };
    expect(await look(microshift.path, kubeletRunning, inside)).toMatchObject([{ verdict: 'ok' }]);
  });

  test('none that runs is told with the command that starts it', async () => {
    using node = await healthyNode();
    const found = await look(node.path, kubeletRunning, { machine: machine({}) });
    expect(found).toEqual([
      {
        check: 'kubelet',
        verdict: 'broken',
        text: 'no kubelet runs: kubelet.service is stopped, or ends again and again',
        remedy: {
          command: 'systemctl restart kubelet.service; journalctl -u kubelet.service -n 20',
        },
      },
    ]);
  });

  test('who may not see all processes does not know', async () => {
    using node = await healthyNode();
    const found = await look(node.path, kubeletRunning, {
      machine: { ...machine({}), seesAll: false },
    });
    findingIn(found, { verdict: 'unknown', text: 'only root sees all processes' });
  });

  test('of several nobody knows which one is meant', async () => {
    using node = await healthyNode();
    const several = { machine: machine({ kubelet: [service(7), service(8)] }) };
    const found = await look(node.path, kubeletRunning, several);
    findingIn(found, { verdict: 'unknown', text: '2 kubelets run here' });
  });
});

describe('kubelet-flags', () => {
  test.each(['kubeadm', 'MicroShift'] as const)(
    'that are missing on %s are set by the command that is told',
    async (name) => {
      using node = nodeTree(NODES[name]);
      await expectMending(node.path, kubeletFlags, {
        verdict: 'broken',
        text: 'the kubelet is given no --image-credential-provider-bin-dir and no --image-credential-provider-config, so it runs no plugin',
        command: /^pullkey install --root \S+$/,
      });
    },
  );

  test('one that is missing is told by its name', async () => {
    using node = await healthyNode();
    writeNodeFile(node.path, '/etc/default/kubelet', `KUBELET_EXTRA_ARGS=${FLAGS[0]}\n`);
    await expectMending(node.path, kubeletFlags, {
      verdict: 'broken',
      text: 'given no --image-credential-provider-bin-dir, so',
      command: /^pullkey install/,
    });
  });

  test('a kubelet that runs without those of its files has to be restarted', async () => {
    using node = await healthyNode();
    const running = { machine: machine({ kubelet: [service(7, ['--v=2'])] }) };
    const found = findingIn(await look(node.path, kubeletFlags, running), {
      verdict: 'broken',
      text: 'so it runs no plugin',
    });
    expect(found.remedy).toEqual({
      command: 'systemctl daemon-reload && systemctl restart kubelet.service',
    });
  });

  test('a kubelet that runs with others than its files give it has to be restarted', async () => {
    using node = await healthyNode();
    const running = {
      machine: machine({ kubelet: [service(7, [FLAGS[1] ?? '', `${FLAGS[0]}.old`])] }),
    };
    const found = findingIn(await look(node.path, kubeletFlags, running), {
      verdict: 'warning',
      text: 'runs with other flags for its plugins than its files give it now',
    });
    expect(found.remedy).toMatchObject({ command: expect.stringContaining('restart') });
    const right = { machine: machine({ kubelet: [service(7, FLAGS)] }) };
    expect(await look(node.path, kubeletFlags, right)).toMatchObject([{ verdict: 'ok' }]);
  });
});

describe('feature-gate', () => {
  test.each([
    ['1.34.0', 'ok', 'sends tokens to plugins by itself'],
    ['1.33.5', 'broken', `the kubelet v1.33.5 sends tokens to plugins only with ${GATE}`],
    ['1.32.9', 'broken', 'the kubelet v1.32.9 sends no tokens to plugins'],
  ] as const)('a kubelet %s that runs: %s', async (version, verdict, text) => {
    using node = await healthyNode();
    const surroundings = {
      machine: machine({ kubelet: [service(7, FLAGS)] }),
      run: programs({ '/proc/7/exe': `Kubernetes v${version}\n` }),
    };
    findingIn(await look(node.path, featureGate, surroundings), { verdict, text });
  });

  test('1.33 of the packages needs it, and the change that is told switches it on', async () => {
    using node = await healthyNode('kubeadm', {
      '/var/lib/dpkg/status': 'Package: kubelet\nVersion: 1.33.5-1.1\n',
    });
    await expectChange(
      node.path,
      featureGate,
      {
        verdict: 'broken',
        text: `the kubelet 1.33.5-1.1 sends tokens to plugins only with ${GATE}`,
        change: new RegExp(`^write ${GATE}: true into ${KUBELET_CONFIG}, as featureGates`),
      },
      () => writeNodeFile(node.path, KUBELET_CONFIG, `featureGates:\n  ${GATE}: true\n`),
    );
  });

  test('one that was switched off is told, whatever the version', async () => {
    using node = await healthyNode();
    writeNodeFile(node.path, KUBELET_CONFIG, `featureGates:\n  ${GATE}: false\n`);
    await expectChange(
      node.path,
      featureGate,
      { verdict: 'broken', text: `${GATE} is off`, change: /: true into/ },
      () => writeNodeFile(node.path, KUBELET_CONFIG, ''),
    );
  });

  test('on OpenShift the cluster switches it on', async () => {
    using node = await healthyNode('RHCOS', {
      '/etc/os-release': 'OPENSHIFT_VERSION="4.20"\n',
    });
    const { remedy } = findingIn(await look(node.path, featureGate), {
      verdict: 'broken',
      text: 'the kubelet 1.33 sends tokens',
    });
    expect(remedy).toEqual({ command: 'pullkey render feature-gate | oc apply -f -' });
  });

  test('on k3s an argument does', async () => {
    using node = await healthyNode('k3s');
    const config = join(node.path, '/etc/rancher/k3s/config.yaml');
    writeFileSync(config, `kubelet-arg: ['feature-gates=A=true,${GATE}=false']\n`);
    await expectChange(
      node.path,
      featureGate,
      {
        verdict: 'broken',
        text: `${GATE} is off`,
        change: /^write kubelet-arg: \["feature-gates=\w+=true"\] into \/etc\/rancher/,
      },
      () => writeFileSync(config, `kubelet-arg: ["feature-gates=${GATE}=true"]\n`),
    );
  });

  test('without a version nothing is claimed', async () => {
    using node = await healthyNode();
    rmSync(join(node.path, '/var/lib/dpkg/status'));
    findingIn(await look(node.path, featureGate), {
      verdict: 'unknown',
      text: 'nothing here tells the kubelet’s version',
    });
  });
});

describe('image-pulls', () => {
  test('one after the other are told, and the change makes them parallel', async () => {
    using node = await healthyNode();
    writeNodeFile(node.path, KUBELET_CONFIG, 'kind: KubeletConfiguration\n');
    await expectChange(
      node.path,
      imagePulls,
      {
        verdict: 'warning',
        text: 'the kubelet pulls one image after the other (serializeImagePulls)',
        change: new RegExp(
          `^write serializeImagePulls: false and maxParallelImagePulls: 5 into ${KUBELET_CONFIG}, then systemctl restart`,
        ),
      },
      () =>
        writeNodeFile(
          node.path,
          KUBELET_CONFIG,
          'serializeImagePulls: false\nmaxParallelImagePulls: 5\n',
        ),
    );
  });

  test.each([
    ['maxParallelImagePulls: 4\n', 'ok'],
    ['maxParallelImagePulls: 1\n', 'warning'],
    ['serializeImagePulls: true\n', 'warning'],
  ] as const)('%j is %s', async (text, verdict) => {
    using node = await healthyNode();
    writeNodeFile(node.path, KUBELET_CONFIG, text);
    expect(await look(node.path, imagePulls)).toMatchObject([{ verdict }]);
  });

  test('without the configuration nothing is claimed', async () => {
    using node = await healthyNode();
    rmSync(join(node.path, KUBELET_CONFIG));
    const [found] = await look(node.path, imagePulls);
    expect(found).toMatchObject({ verdict: 'unknown', remedy: { change: expect.any(String) } });
  });
});
