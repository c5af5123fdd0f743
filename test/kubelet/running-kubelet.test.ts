import { describe, expect, test } from 'bun:test';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { flagValue, runningKubelets } from '../../src/kubelet/running-kubelet.ts';
import { withTemporaryDirectory } from '../support/temporary-directory.ts';

interface Process {
  readonly args: readonly string[];
  readonly root?: string;
}

/** What is found among these processes, beside one of ours that sees the files of `host`. */
function found(processes: Readonly<Record<string, Process>>): unknown {
  return withTemporaryDirectory((proc) => {
    const all: Readonly<Record<string, Process>> = { ...processes, self: { args: ['pullkey'] } };
    for (const [pid, { args, root = 'host' }] of Object.entries(all)) {
      mkdirSync(`${proc}/roots/${root}`, { recursive: true });
      mkdirSync(`${proc}/${pid}`);
      writeFileSync(`${proc}/${pid}/cmdline`, `${args.join('\0')}\0`);
      symlinkSync(`${proc}/roots/${root}`, `${proc}/${pid}/root`);
    }
    mkdirSync(`${proc}/99`);
    writeFileSync(`${proc}/uptime`, '1');
    return runningKubelets(proc);
  });
}

describe('a running kubelet is found', () => {
  test('by its name, with its arguments', () => {
    const args = ['/usr/bin/kubelet', '--kubeconfig=/k'];
    expect(found({ 7: { args: ['bash', 'kubelet'] }, 8: { args } })).toEqual([
      { pid: 8, args: ['--kubeconfig=/k'] },
    ]);
  });

  test('unless it sees other files, as a kubelet in a container does', () => {
    expect(found({ 8: { args: ['kubelet'], root: 'container' } })).toEqual([]);
  });

  test('not at all where there is no proc file system', () => {
    expect(runningKubelets('/nonexistent')).toEqual([]);
  });
});

test.each<[readonly string[], string | undefined]>([
  [['--config=/a'], '/a'],
  [['--config', '/a', '--v=2'], '/a'],
  [['-config=/a'], '/a'],
  [['--config=/a', '--config=/b'], '/b'],
  [['--config='], ''],
  [['--config'], undefined],
  [['--config-dir=/a'], undefined],
  [[], undefined],
])('the flag in %p is %p', (args, value) => {
  expect(flagValue(args, 'config')).toBe(value);
});
