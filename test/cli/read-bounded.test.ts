import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { writeFileSync } from 'node:fs';
import { readBounded } from '../../src/cli/read-bounded.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
const BUTANE = `${ROOT}examples/machine-config.bu`;

const directory = temporaryDirectory();
const pipe = `${directory.path}/pipe`;

beforeAll(() => {
  expect(Bun.spawnSync(['mkfifo', pipe]).exitCode).toBe(0);
});
afterAll(() => directory[Symbol.dispose]());

/** Runs a line of bash in which `pullkey` is ours. */
function bash(line: string) {
  const script = `pullkey() { '${process.execPath}' '${ROOT}src/bin/main.ts' "$@"; }; ${line}`;
  const { exitCode, stdout, stderr } = Bun.spawnSync(['bash', '-c', script]);
  return { exitCode, stdout: stdout.toString(), stderr: stderr.toString() };
}

describe('a pipe that is named is read', () => {
  test.each([
    ['butane', `pullkey butane <(cat ${BUTANE})`, `pullkey butane ${BUTANE}`],
    [
      'render --merge',
      `pullkey render credential-provider-config --audience x --match-images a.io --merge <(cat ${ROOT}examples/existing-providers.yaml)`,
      `pullkey render credential-provider-config --audience x --match-images a.io --merge ${ROOT}examples/existing-providers.yaml`,
    ],
    [
      'render --from-registries-conf, of several',
      'pullkey render credential-provider-config --audience x --from-registries-conf <(pullkey render registries-conf --mirror a.io=m.io) <(pullkey render registries-conf --mirror b.io=m.io)',
      'pullkey render credential-provider-config --audience x --match-images a.io,b.io',
    ],
  ])('by %s, to the same end as a file', (_, ofPipe, ofFile) => {
    const run = bash(ofPipe);
    expect(run).toEqual(bash(ofFile));
    expect(run.exitCode).toBe(0);
  });

  test('by lint, which names it', () => {
    const { stdout, exitCode } = bash("pullkey lint <(sleep 0.1; echo '[[registry]]')");
    expect(stdout).toStartWith('/dev/fd/');
    expect(stdout).toContain(':1:1: error: ');
    expect(exitCode).toBe(1);
  });

  test('where its writer comes later, and pauses', async () => {
    const writer = Bun.spawn([
      'bash',
      '-c',
      `sleep 0.1; (echo one; sleep 0.1; echo two) > ${pipe}`,
    ]);
    expect(Buffer.from(readBounded(pipe, 100)).toString()).toBe('one\ntwo\n');
    expect(await writer.exited).toBe(0);
  });

  test('up to one byte more than its bound', async () => {
    const writer = Bun.spawn(['bash', '-c', `yes > ${pipe}`], { stderr: 'ignore' });
    expect(readBounded(pipe, 300_000)).toHaveLength(300_001);
    await writer.exited;
    expect(bash('pullkey lint <(yes)')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('is larger than 16 MiB'),
    });
  });

  test('to its end where there is nothing in it', () => {
    expect(bash('pullkey butane <(true)')).toMatchObject({ exitCode: 1, stdout: '' });
  });
});

describe('what is not read', () => {
  test('a pipe that nobody writes to, after a while', () => {
    expect(() => readBounded(pipe, 100, 50)).toThrow(
      `cannot read ${pipe}: it is a pipe to which nothing was written for 0.05 s; name a file, or use standard input`,
    );
  });

  test('a pipe whose writer is silent', async () => {
    const writer = Bun.spawn(['bash', '-c', `exec > ${pipe}; printf a; exec sleep 60`]);
    expect(() => readBounded(pipe, 100, 2_000)).toThrow('nothing was written for 2 s');
    writer.kill();
    await writer.exited;
  });

  test('a pipe that only lies in a directory, which is not waited for', () => {
    using other = temporaryDirectory();
    writeFileSync(`${other.path}/a.conf`, '');
    expect(Bun.spawnSync(['mkfifo', `${other.path}/b.conf`]).exitCode).toBe(0);
    expect(bash(`pullkey lint ${other.path}`).stderr).not.toContain('nothing was written');
    expect(Bun.spawnSync(['mkfifo', `${directory.path}/c.yaml`]).exitCode).toBe(0);
    expect(bash(`pullkey lint ${directory.path}`)).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('c.yaml: it is no regular file'),
    });
  });

  test('a device', () => {
    expect(() => readBounded('/dev/zero', 100)).toThrow('it is no regular file');
  });
});
