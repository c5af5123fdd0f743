import { describe, expect, test } from 'bun:test';
import { KUBEADM_DEB, nodeTree } from '../support/node-trees.ts';
import { pullkey } from '../support/pullkey.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const MAIN = new URL('../../src/bin/main.ts', import.meta.url).pathname;

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

describe('pullkey doctor', () => {
  test('tells a machine that is no node so in one line of its node half', () => {
    const { stdout } = pullkey(['doctor', '-o', 'json']);
    const { checks } = JSON.parse(stdout);
    expect(checks[0]).toMatchObject({ check: 'node', verdict: 'unknown' });
    expect(checks.filter(({ check }: { check: string }) => check === 'kubelet-flags')).toEqual([]);
  });

  test('looks at the node half alone with --root, and ends with 1 where something is broken', () => {
    using node = nodeTree(KUBEADM_DEB);
    const { stdout, stderr, exitCode } = pullkey(['doctor', '--root', node.path]);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 1 });
    expect(stdout).toContain('broken   kubelet-flags: the kubelet is given no');
    expect(pullkey(['doctor', '--root', node.path, '-n', 'team-a'])).toMatchObject({
      exitCode: 2,
      stderr: 'pullkey: -n asks the cluster, which --root leaves out; give one of them\n',
    });
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
