import { describe, expect, test } from 'bun:test';
import { mkdirSync } from 'node:fs';
import { realProgram } from '../support/real.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const PULLKEY = new URL('../../build/pullkey', import.meta.url).pathname;

function demo(path: string) {
  using temporary = temporaryDirectory();
  const run = Bun.spawnSync([PULLKEY, 'demo'], { env: { PATH: path, TMPDIR: temporary.path } });
  return { exitCode: run.exitCode, stdout: run.stdout.toString(), stderr: run.stderr.toString() };
}

function expectShown(run: ReturnType<typeof demo>, client: string): void {
  expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  expect(run.stdout).toContain(`from ${client} in the place of CRI-O`);
  expect(run.stdout).toContain(
    'PULLED docker.io/library/nginx through the mirror with the credential of team-a',
  );
  expect(run.stdout).toContain('REFUSED by the mirror: unauthorized: authentication required');
}

describe('the demo pulls for one namespace and is refused for the other', () => {
  test('with the built-in client', () => {
    using empty = temporaryDirectory();
    mkdirSync(`${empty.path}/bin`);
    expectShown(demo(`${empty.path}/bin`), 'the built-in client');
  });
  realProgram('skopeo').test('with skopeo', async () => {
    expectShown(demo('/usr/bin:/bin'), 'skopeo');
  });
});
