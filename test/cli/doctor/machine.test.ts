import { describe, expect, test } from 'bun:test';
import { runProgram, thisMachine } from '../../../src/cli/doctor/machine.ts';
import { DirectoryTree } from '../../../src/node/node-tree.ts';
import { KubeletStandIn } from '../../support/kubelet.ts';

describe('a program', () => {
  test('tells what it printed, and how it ended', async () => {
    const run = await runProgram('sh', '-c', 'echo out; echo err >&2; exit 3');
    expect(run).toEqual({ code: 3, stdout: 'out\n', stderr: 'err\n' });
  });

  test('gets nothing of our environment', async () => {
    const run = await runProgram('env');
    expect(run).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^(?:(?:PATH|LC_ALL|PWD|SHLVL|_)=.*\n)+$/),
      stderr: '',
    });
  });

  test('that cannot be run, or prints too much, is told', async () => {
    expect(await runProgram('pullkey-no-such-program')).toEqual({
      problem: 'pullkey-no-such-program cannot be run: no such file or directory (ENOENT)',
    });
    expect(await runProgram('yes')).toEqual({ problem: 'yes printed too much' });
  });
});

describe('this machine', () => {
  const here = thisMachine(new DirectoryTree('/'));

  test('tells the kubelet’s metrics, or why not', async () => {
    using kubelet = new KubeletStandIn();
    expect(await here.metrics(`${kubelet.url}/metrics`)).toMatchObject({
      problem: 'it answers with 403',
    });
    kubelet.hash = 'x';
    expect((await here.metrics(`${kubelet.url}/metrics`)).text).toContain('hash="x"');
  });

  test('tells its processes', () => {
    expect(here.services('pullkey-no-such-program')).toEqual([]);
  });
});
