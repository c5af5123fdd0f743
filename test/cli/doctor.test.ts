import { describe, expect, test } from 'bun:test';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { healthyNode, NODES, type NodeName, traceOf } from '../support/doctor.ts';
import { KUBEADM_DEB, nodeTree } from '../support/node-trees.ts';
import { pullkey } from '../support/pullkey.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const MAIN = new URL('../../src/bin/main.ts', import.meta.url).pathname;
const BUTANE = new URL('../../examples/machine-config.bu', import.meta.url).pathname;

interface JsonCheck {
  readonly check: string;
  readonly verdict: string;
  readonly text: string;
  readonly remedy: null | { readonly command?: string; readonly change?: string };
}

interface Report {
  readonly ok: boolean;
  readonly checks: readonly JsonCheck[];
}

function report(...args: readonly string[]): Report & { readonly exitCode: number } {
  const { stdout, stderr, exitCode } = pullkey(['doctor', '-o', 'json', ...args]);
  expect(stderr).toBe('');
  return { ...JSON.parse(stdout), exitCode };
}

/** What a run writes to a terminal. */
async function onTerminal(args: readonly string[], env: Record<string, string>): Promise<string> {
  const chunks: Uint8Array[] = [];
  const run = Bun.spawn([process.execPath, MAIN, ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    terminal: { cols: 200, rows: 50, data: (_, data) => chunks.push(data.slice()) },
  });
  await run.exited;
  run.terminal?.close();
  return Buffer.concat(chunks).toString();
}

const NAMES: readonly NodeName[] = ['kubeadm', 'RHCOS', 'MicroShift', 'k3s'];

describe.each(NAMES)('pullkey doctor --root, a tree that looks like a node of %s', (name) => {
  test('finds nothing wrong where all is well, and changes nothing', async () => {
    using node = await healthyNode(name);
    const before = traceOf(node.path);
    const { exitCode, ok, checks } = report('--root', node.path);
    expect({ exitCode, ok }).toEqual({ exitCode: 0, ok: true });
    const notOk = checks.filter(({ verdict }) => verdict !== 'ok');
    // Of a disk that is nearly full, the tests' machine decides.
    expect(notOk.filter(({ check }) => check !== 'disk').map(({ check }) => check)).toEqual([
      'journal',
      'left-out',
    ]);
    expect(notOk.every(({ verdict }) => verdict === 'unknown' || verdict === 'warning')).toBe(true);
    expect(new Set(checks.map(({ check }) => check)).size).toBeGreaterThanOrEqual(14);
    expect(traceOf(node.path)).toEqual(before);
  });

  test('ends with 1 before pullkey is installed, and 80 columns are enough', () => {
    using node = nodeTree(NODES[name]);
    const { exitCode, ok, checks } = report('--root', node.path);
    expect({ exitCode, ok }).toEqual({ exitCode: 1, ok: false });
    const broken = checks.filter(({ verdict }) => verdict === 'broken');
    expect(broken.length).toBeGreaterThan(0);
    expect(
      broken.every(({ remedy }) => remedy?.command?.startsWith('pullkey install') ?? false),
    ).toBe(true);
    const { stdout } = pullkey(['doctor', '--root', node.path]);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    for (const { check, verdict } of checks) {
      expect(stdout).toMatch(new RegExp(`^${verdict} +${check}:\\s`, 'm'));
    }
  });
});

describe('pullkey doctor', () => {
  test('tells a machine that is no node so in one line of its node half', () => {
    const { checks } = report();
    expect(checks[0]).toMatchObject({ check: 'node', verdict: 'unknown' });
    expect(checks.filter(({ check }) => check === 'kubelet-flags')).toEqual([]);
  });

  test('names what only processes could tell', async () => {
    using node = await healthyNode();
    const left = (...args: readonly string[]) =>
      report('--root', node.path, ...args).checks.find(({ check }) => check === 'left-out')?.text;
    expect(left()).toEndWith(': kubelet, crio-registries, mirrors, plugin-metrics');
    expect(left('--probe')).toEndWith(': kubelet, crio-registries, plugin-metrics');
  });

  test('takes the place of the kubelet’s files from the command line', async () => {
    using node = await healthyNode();
    const files = [
      '--credential-provider-config',
      '/x.yaml',
      '--credential-provider-bin-dir',
      '/y',
    ];
    const { checks } = report('--root', node.path, ...files);
    expect(checks).toContainEqual(
      expect.objectContaining({
        check: 'plugin-directory',
        text: expect.stringContaining('no /y'),
      }),
    );
    expect(checks).toContainEqual(
      expect.objectContaining({ text: 'there is no /x.yaml to tell the kubelet of plugins' }),
    );
  });

  test('tells what a Butane config would replace', async () => {
    using node = await healthyNode('RHCOS');
    const { checks, exitCode } = report('--root', node.path, '--before', BUTANE);
    expect(exitCode).toBe(0);
    expect(checks.filter(({ check }) => check === 'before')).toContainEqual({
      check: 'before',
      verdict: 'warning',
      text: expect.stringContaining('ecr-credential-provider.yaml (file) is replaced: '),
      remedy: { change: 'carry over into that file what the node shall keep' },
      details: expect.objectContaining({ state: 'differs' }),
    } as JsonCheck);
    const missing = pullkey(['doctor', '--root', node.path, '--before', '/nonexistent.bu']);
    expect(missing).toMatchObject({ exitCode: 1, stdout: '' });
    expect(missing.stderr).toStartWith(
      'pullkey: cannot read /nonexistent.bu: no such file or directory (ENOENT);',
    );
  });

  test('has nothing to say of CRI-O where the file provider alone is configured', async () => {
    using node = nodeTree(KUBEADM_DEB);
    const config = `apiVersion: kubelet.config.k8s.io/v1
kind: CredentialProviderConfig
providers:
- {name: generic-credential-provider, matchImages: [docker.io], defaultCacheDuration: 5m, apiVersion: credentialprovider.kubelet.k8s.io/v1}
`;
    await Bun.write(join(node.path, '/c.yaml'), config);
    const flags = ['--credential-provider-config', '/c.yaml'];
    const { checks } = report('--root', node.path, ...flags);
    const ids = checks.map(({ check }) => check).join();
    expect(ids).toStartWith('kubelet-flags,');
    expect(ids).not.toMatch(/crio-version|crio-auth|registries-conf|auth-directory|feature-gate/);
  });

  test('refuses -n with --root', () => {
    using node = nodeTree(KUBEADM_DEB);
    expect(pullkey(['doctor', '--root', node.path, '-n', 'team-a'])).toMatchObject({
      exitCode: 2,
      stderr: 'pullkey: -n asks the cluster, which --root leaves out; give one of them\n',
    });
  });

  test('refuses a root that is no directory', () => {
    const run = pullkey(['doctor', '--root', '/nonexistent']);
    expect(run).toMatchObject({ exitCode: 1, stdout: '' });
    expect(run.stderr).toStartWith('pullkey: --root /nonexistent is no directory');
  });

  test('says of what it may not read that it does not know', async () => {
    using node = await healthyNode();
    rmSync(join(node.path, '/etc/kubernetes/kubelet.conf'));
    Bun.spawnSync(['ln', '-s', 'kubelet.conf', join(node.path, '/etc/kubernetes/kubelet.conf')]);
    const { checks, exitCode } = report('--root', node.path);
    expect(exitCode).toBe(0);
    expect(checks).toEqual([
      {
        check: 'node',
        verdict: 'unknown',
        text: expect.stringContaining('too many links'),
        remedy: null,
      },
    ]);
  });

  test('is coloured on a terminal only, and not where NO_COLOR is set', async () => {
    using node = temporaryDirectory();
    const args = ['doctor', '--root', node.path];
    expect(pullkey(args).stdout).not.toContain('\x1b');
    expect(await onTerminal(args, { TERM: 'xterm' })).toContain('\x1b[1;31mbroken\x1b[0m');
    const colour = /\x1b\[[\d;]*m/;
    expect(await onTerminal(args, { TERM: 'xterm', NO_COLOR: '1' })).not.toMatch(colour);
    expect(await onTerminal(args, { TERM: 'dumb' })).not.toMatch(colour);
  });
});
