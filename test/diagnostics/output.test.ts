import { describe, expect, test } from 'bun:test';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { writeAll } from '../../src/diagnostics/output.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const MODULE = new URL('../../src/diagnostics/output.ts', import.meta.url).pathname;

/** Runs a line of this program in a process of its own, whose standard output is a pipe to this one. */
function start(line: string, redirection = '') {
  const script = `import { writeAll, writeAnswer } from ${JSON.stringify(MODULE)}; ${line}`;
  const command = ['sh', '-c', `exec "$0" -e "$1" ${redirection}`, process.execPath, script];
  return Bun.spawn(command, { stdout: 'pipe', stderr: 'pipe' });
}

describe('writing', () => {
  test('writes text and bytes whole', () => {
    using directory = temporaryDirectory();
    const path = `${directory.path}/file`;
    const file = openSync(path, 'w');
    writeAll(file, 'grüße\n');
    writeAll(file, Buffer.from([0, 255]));
    closeSync(file);
    expect(readFileSync(path)).toEqual(Buffer.concat([Buffer.from('grüße\n'), Buffer.of(0, 255)]));
  });
  test('waits for a pipe that is full', async () => {
    const child = start('writeAll(1, "x".repeat(3_000_000));');
    await Bun.sleep(200);
    expect(await child.stdout.text()).toHaveLength(3_000_000);
    expect(await child.exited).toBe(0);
  });
  test('of an answer that nobody takes is a failure that says so', async () => {
    const line = 'try { writeAnswer("x"); } catch (error) { writeAll(2, error.message); }';
    expect(await start(line, '>/dev/full').stderr.text()).toBe(
      'cannot write the answer to standard output: no space left on device (ENOSPC); see that whoever started this reads it, and that the disk is not full',
    );
  });
});
