import { describe, expect, test } from 'bun:test';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KubeletStandIn } from '../support/kubelet.ts';
import {
  contentsOf,
  KUBEADM_DEB,
  nodeTree,
  RHCOS,
  RHCOS_IMAGE,
  writeNodeFile,
} from '../support/node-trees.ts';
import { pullkey, pullkeyAsync } from '../support/pullkey.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const EXECUTABLE = '/bin/true';

function command(name: string, root: string, ...rest: readonly string[]): readonly string[] {
  const own = name === 'install' ? ['--executable', EXECUTABLE] : [];
  return [name, '--root', root, ...own, ...rest];
}

describe('pullkey install', () => {
  test('shows a diff of an empty node and changes nothing with --dry-run', () => {
    using node = temporaryDirectory();
    const { stdout, stderr, exitCode } = pullkey(command('install', node.path, '--dry-run'));
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      '--- /dev/null\n+++ /etc/kubernetes/credential-provider-config.yaml\n',
    );
    expect(stdout).toContain('crio-credential-provider: nothing -> link to pullkey\n');
    expect(stderr).toEndWith('files would change; nothing was done\n');
    expect(contentsOf(node.path)).toEqual({});
  });

  test('installs, does nothing the second time, and uninstall takes it back', () => {
    using node = nodeTree(KUBEADM_DEB);
    const before = contentsOf(node.path);
    const first = pullkey(command('install', node.path));
    expect(first.stderr).toEndWith(
      '5 files changed; it takes effect with: systemctl daemon-reload && systemctl restart kubelet.service\n',
    );
    const second = pullkey(command('install', node.path));
    expect(second).toMatchObject({ exitCode: 0, stdout: '' });
    expect(second.stderr).toEndWith('nothing had to change\n');
    expect(pullkey(command('uninstall', node.path, '--dry-run')).stderr).toBe(
      '5 files would change; nothing was done\n',
    );
    const back = pullkey(command('uninstall', node.path));
    expect(back.stdout).toContain('--- /etc/tmpfiles.d/pullkey.conf\n+++ /dev/null\n');
    expect(contentsOf(node.path)).toEqual(before);
    expect(pullkey(command('uninstall', node.path)).stderr).toBe('nothing was installed here\n');
  });

  test('takes the images from registries.conf, --mirror or --match-images', () => {
    using node = nodeTree(KUBEADM_DEB);
    const images = (...rest: string[]) =>
      pullkey(command('install', node.path, '--dry-run', ...rest)).stdout.match(
        /^\+ {6}- (?!-)\S+$/gm,
      );
    expect(images()).toEqual(['+      - docker.io']);
    expect(images('--mirror', 'quay.io=m.corp')).toEqual([
      '+      - docker.io',
      '+      - quay.io',
    ]);
    expect(images('--match-images', 'a.io,b.io')).toEqual(['+      - a.io', '+      - b.io']);
  });

  test('takes the images of the file provider from its store', () => {
    using node = nodeTree({ '/etc/kubernetes/registries/registry.corp:5000.json': '{}' });
    const { stdout } = pullkey(command('install', node.path, '--dry-run', '--provider', 'generic'));
    expect(stdout).toContain('+      - registry.corp:5000\n');
  });

  test('tells everything as JSON', () => {
    using node = nodeTree(RHCOS);
    const { stdout } = pullkey(command('install', node.path, '-o', 'json'));
    expect(JSON.parse(stdout)).toMatchObject({
      node: 'openshift',
      service: 'kubelet.service',
      pluginDir: '/usr/libexec/kubelet-image-credential-provider-plugins',
      changes: [
        { action: 'create', mode: '0755', path: expect.stringContaining('/pullkey') },
        { action: 'create', target: 'pullkey' },
        { action: 'create', path: '/etc/tmpfiles.d/pullkey.conf' },
        { action: 'replace', why: "the kubelet's providers" },
      ],
      isDone: true,
      configHashOfKubelet: null,
    });
  });

  test('shows no value of a provider’s environment', () => {
    const path = '/etc/kubernetes/credential-providers/ecr-credential-provider.yaml';
    const text = `${RHCOS[path]}    env:\n      - name: SECRET\n        value: s3cret\n`;
    using node = nodeTree({ ...RHCOS, [path]: text });
    const { stdout } = pullkey(command('install', node.path));
    expect(stdout).toContain('value: ******\n');
    expect(stdout).not.toContain('s3cret');
    expect(readFileSync(join(node.path, path), 'utf8')).toContain('value: s3cret');
  });

  test('restarts through the given program, and puts back what does not come up', async () => {
    using node = nodeTree(KUBEADM_DEB);
    using tools = temporaryDirectory();
    using kubelet = new KubeletStandIn();
    const control = join(tools.path, 'control');
    writeFileSync(control, `#!/bin/sh\necho "$@" >> ${tools.path}/asked\n`);
    chmodSync(control, 0o755);
    const restart = [
      '--restart',
      '--kubelet-control',
      control,
      ...['--healthz-url', `${kubelet.url}/healthz`, '--metrics-url', `${kubelet.url}/metrics`],
      ...['--timeout', '0s'],
    ];
    const before = contentsOf(node.path);
    kubelet.isHealthy = false;
    const failed = await pullkeyAsync(command('install', node.path, ...restart));
    expect(failed.exitCode).toBe(1);
    expect(failed.stderr).toContain('everything was put back and kubelet.service restarted');
    expect(contentsOf(node.path)).toEqual(before);
    kubelet.isHealthy = true;
    const { stderr, exitCode } = await pullkeyAsync(command('install', node.path, ...restart));
    expect(stderr).toEndWith(
      '5 files changed; kubelet.service was restarted, is healthy (its metrics do not tell with which configuration)\n',
    );
    expect(exitCode).toBe(0);
    const removed = await pullkeyAsync(command('uninstall', node.path, ...restart));
    expect(removed.stderr).toBe('5 files changed; kubelet.service was restarted and is healthy\n');
    expect(readFileSync(join(tools.path, 'asked'), 'utf8')).toBe(
      'daemon-reload\nrestart kubelet.service\n'.repeat(4),
    );
  });

  test('names what is wrong, and changes nothing', () => {
    using node = nodeTree(RHCOS_IMAGE);
    const refused = pullkey(command('install', node.path));
    expect(refused.stderr).toContain('pullkey render containerfile');
    expect(refused.exitCode).toBe(1);
    const usage = pullkey(command('install', node.path, '--restart'));
    expect(usage.stderr).toBe(
      'pullkey: --restart with --root also needs --kubelet-control PROGRAM\n',
    );
    expect(usage.exitCode).toBe(2);
    expect(pullkey(['install', '--root', node.path]).stderr).toContain('give --executable FILE');
    expect(pullkey(command('install', node.path, '--timeout', 'x')).exitCode).toBe(2);
  });

  test('asks a kubelet at its usual places, unless told others', () => {
    for (const name of ['install', 'uninstall']) {
      const help = pullkey([name, '--help']).stdout.replace(/\s+/g, ' ');
      expect(help).toContain('(default: "http://127.0.0.1:10248/healthz")');
      expect(help).toContain('(default: "https://127.0.0.1:10250/metrics")');
    }
  });

  test('makes no tree that is not there', () => {
    using directory = temporaryDirectory();
    const missing = join(directory.path, 'typo');
    for (const name of ['install', 'uninstall']) {
      const { stderr, exitCode } = pullkey(command(name, missing));
      expect(stderr).toBe(
        `pullkey: --root ${missing} is no directory; name the one that holds the node's files\n`,
      );
      expect(exitCode).toBe(2);
    }
    expect(contentsOf(directory.path)).toEqual({});
  });

  test('shows what uninstall would do, and did, as JSON', () => {
    using node = nodeTree(KUBEADM_DEB);
    const nothing = pullkey(command('uninstall', node.path, '-o', 'json'));
    expect(JSON.parse(nothing.stdout)).toMatchObject({ changes: [], isDone: true });
    pullkey(command('install', node.path));
    const installed = contentsOf(node.path);
    const dry = pullkey(command('uninstall', node.path, '-o', 'json', '--dry-run'));
    expect(dry.stderr).toBe('');
    expect(contentsOf(node.path)).toEqual(installed);
    const done = pullkey(command('uninstall', node.path, '-o', 'json'));
    expect(JSON.parse(done.stdout)).toEqual({ ...JSON.parse(dry.stdout), isDone: true });
    expect(JSON.parse(dry.stdout)).toMatchObject({
      node: 'kubeadm',
      service: 'kubelet.service',
      configHash: null,
      changes: expect.arrayContaining([
        { path: '/etc/default/kubelet', action: 'remove', why: 'it was not there before' },
      ]),
      isDone: false,
    });
  });

  test('tells of auth files that the plugin left', () => {
    using node = nodeTree(KUBEADM_DEB);
    pullkey(command('install', node.path));
    writeNodeFile(node.path, '/etc/crio/auth/default-0.json', '{}');
    expect(pullkey(command('uninstall', node.path)).stderr).toStartWith(
      'pullkey: auth files of pulls are left in /etc/crio/auth; remove them where no plugin writes',
    );
    expect(pullkey(command('uninstall', node.path)).stderr).toBe('nothing was installed here\n');
  });

  test('asks the given program for CRI-O alone where nothing is to be restarted', () => {
    using node = nodeTree(KUBEADM_DEB);
    using tools = temporaryDirectory();
    const control = join(tools.path, 'control');
    writeFileSync(control, `#!/bin/sh\necho "$@" >> ${tools.path}/asked\n`);
    chmodSync(control, 0o755);
    const mirror = ['--mirror', 'quay.io=m.corp'];
    const alone = pullkey(command('install', node.path, ...mirror));
    expect(alone.stderr).toContain('CRI-O reads the mirrors after: systemctl reload crio\n');
    pullkey(command('uninstall', node.path));
    pullkey(command('install', node.path, ...mirror, '--kubelet-control', control));
    expect(readFileSync(join(tools.path, 'asked'), 'utf8')).toBe('reload crio\n');
  });
});
