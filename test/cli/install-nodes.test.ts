import { describe, expect, test } from 'bun:test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  contentsOf,
  K3S,
  KUBEADM_DEB,
  KUBEADM_RPM,
  MICROSHIFT,
  type NodeFiles,
  nodeTree,
  RHCOS,
  RHCOS_BARE_METAL,
  RHCOS_IMAGE,
} from '../support/node-trees.ts';
import { type PullkeyRun, pullkeyAsync } from '../support/pullkey.ts';
import { type KubeletPlaces, StartingKubelet } from '../support/starting-kubelet.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const PLUGINS = '/usr/libexec/kubelet-image-credential-provider-plugins';
const EXECUTABLE = '#!/bin/sh\n# Stands in for pullkey.\n';
const CONFIG = '/etc/kubernetes/credential-provider-config.yaml';
const ECR = '/etc/kubernetes/credential-providers/ecr-credential-provider.yaml';
const UNIT = '/etc/systemd/system/kubelet.service';

const kubelet = { service: 'kubelet.service', config: CONFIG, pluginDir: PLUGINS };
const rhcos: KubeletPlaces = { ...kubelet, config: ECR, flagsIn: UNIT };

const NODES: readonly (readonly [string, NodeFiles, KubeletPlaces])[] = [
  ['kubeadm with deb packages', KUBEADM_DEB, { ...kubelet, flagsIn: '/etc/default/kubelet' }],
  ['kubeadm with rpm packages', KUBEADM_RPM, { ...kubelet, flagsIn: '/etc/sysconfig/kubelet' }],
  ['RHCOS', RHCOS, rhcos],
  [
    'RHCOS whose image has the executable',
    { ...RHCOS_IMAGE, [`${PLUGINS}/crio-credential-provider`]: EXECUTABLE },
    rhcos,
  ],
  [
    'RHCOS without a platform provider',
    RHCOS_BARE_METAL,
    {
      ...kubelet,
      flagsIn: `${UNIT}.d/40-kubelet-crio-image-credential-provider.conf`,
    },
  ],
  [
    'MicroShift',
    MICROSHIFT,
    {
      service: 'microshift.service',
      config: '/etc/microshift/credential-providers.yaml',
      pluginDir: '/var/lib/pullkey/plugins',
      flagsIn: '/etc/microshift/config.d/20-pullkey.yaml',
    },
  ],
  [
    'k3s',
    K3S,
    {
      service: 'k3s.service',
      config: '/var/lib/rancher/credentialprovider/config.yaml',
      pluginDir: '/var/lib/rancher/credentialprovider/bin',
      flagsIn: undefined,
    },
  ],
];

describe.each(NODES)('on %s', (_, files, places) => {
  test('install breaks and is rolled back, installs, upgrades and breaks again, and uninstall leaves no trace', async () => {
    using node = nodeTree(files);
    using tools = temporaryDirectory();
    using starting = new StartingKubelet(node.path, places, tools.path);
    const executable = join(tools.path, 'pullkey');
    writeFileSync(executable, EXECUTABLE);
    const restart = ['daemon-reload', `restart ${places.service}`];
    const run = (name: string, ...rest: string[]): Promise<PullkeyRun> => {
      const own = name === 'install' ? ['--executable', executable] : [];
      return pullkeyAsync([name, '--root', node.path, ...own, ...starting.options, ...rest]);
    };
    const before = contentsOf(node.path);

    starting.isBroken = true;
    const broken = await run('install');
    expect(broken.stderr).toContain(
      `answers with 500; everything was put back and ${places.service} restarted; see journalctl -u ${places.service}\n`,
    );
    expect(broken.exitCode).toBe(1);
    expect(contentsOf(node.path)).toEqual(before);
    expect(starting.isHealthy).toBe(true);
    expect(starting.takeAsked()).toEqual([...restart, ...restart]);

    starting.isBroken = false;
    const installed = await run('install');
    expect(installed.stderr).toEndWith('is healthy and runs with this configuration\n');
    expect(installed.exitCode).toBe(0);
    expect(starting.takeAsked()).toEqual(restart);
    const first = contentsOf(node.path);

    expect((await run('install')).stderr).toEndWith('nothing had to change\n');
    expect(starting.takeAsked()).toEqual([]);
    expect(contentsOf(node.path)).toEqual(first);

    starting.isBroken = true;
    const upgrade = ['--match-images', 'quay.io', '--mirror', 'quay.io=m.corp'];
    expect((await run('install', ...upgrade)).exitCode).toBe(1);
    expect(contentsOf(node.path)).toEqual(first);
    const withMirrors = ['daemon-reload', 'reload crio', `restart ${places.service}`];
    expect(starting.takeAsked()).toEqual([...withMirrors, ...withMirrors]);

    starting.isBroken = false;
    const removed = await run('uninstall');
    expect(removed.stderr).toEndWith(`${places.service} was restarted and is healthy\n`);
    expect(removed.exitCode).toBe(0);
    expect(contentsOf(node.path)).toEqual(before);
    expect(starting.isHealthy).toBe(true);
    expect(starting.takeAsked()).toEqual(restart);
  }, 120_000);
});

test.each([
  ['tried by a later one', false],
  ['put back by a later one with which the kubelet does not come up', true],
])('what was installed without a restart is %s', async (_, isBroken) => {
  using node = nodeTree(KUBEADM_DEB);
  using tools = temporaryDirectory();
  const places = { ...kubelet, flagsIn: '/etc/default/kubelet' };
  using starting = new StartingKubelet(node.path, places, tools.path);
  starting.isBroken = isBroken;
  const before = contentsOf(node.path);
  const args = ['install', '--root', node.path, '--executable', '/bin/sh'];
  expect((await pullkeyAsync(args)).exitCode).toBe(0);
  const installed = contentsOf(node.path);
  const { stdout, stderr, exitCode } = await pullkeyAsync([...args, ...starting.options]);
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: isBroken ? 1 : 0 });
  expect(contentsOf(node.path)).toEqual(isBroken ? before : installed);
  expect(stderr).toContain(
    isBroken
      ? 'everything was put back'
      : 'what an earlier run began is done; kubelet.service was restarted, is healthy and runs with this configuration\n',
  );
});

test('a kubelet that does not get the flags is noticed', async () => {
  using node = nodeTree(KUBEADM_DEB);
  using tools = temporaryDirectory();
  const places = { ...kubelet, flagsIn: '/etc/some/where/else' };
  using starting = new StartingKubelet(node.path, places, tools.path);
  const args = ['--root', node.path, '--executable', '/bin/sh', ...starting.options];
  const { stderr, exitCode } = await pullkeyAsync(['install', ...args]);
  expect(stderr).toContain('it runs without credential providers, so it did not get its flags');
  expect(exitCode).toBe(1);
});
