import { describe, expect, test } from 'bun:test';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { printsAsDocumented } from '../support/console-blocks.ts';
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
  expect(run.stdout).toContain('$ pullkey explain docker.io/library/nginx -n team-b --probe\n');
  expect(run.stdout.slice(run.stdout.indexOf('└─ result'))).toMatch(
    /^└─ result\n {3}├─ ✗ no credential for the mirror 127\.0\.0\.1:\d+, and it asks for one\n/,
  );
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

realProgram('skopeo').test('the README’s first screen is what the demo prints', async () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const [, block = ''] = /^```console\n\$ make demo\n([\s\S]*?)\n```$/m.exec(readme) ?? [];
  expect(block).toContain('REFUSED by the mirror');
  const { stdout } = demo('/usr/bin:/bin');
  const shown = withoutPorts(block).split('\n');
  expect({ printed: printsAsDocumented(withoutPorts(stdout), shown), stdout }).toMatchObject({
    printed: true,
  });
});

/** Each port by the order in which it is first told: every run has others. */
function withoutPorts(text: string): string {
  const ports: string[] = [];
  return text.replace(/127\.0\.0\.1:(\d+)/g, (_, port: string) => {
    if (!ports.includes(port)) ports.push(port);
    return `127.0.0.1:PORT-${ports.indexOf(port)}`;
  });
}

test('the demo’s node may be kept, and goes with the first signal', async () => {
  using temporary = temporaryDirectory();
  const keeper = Bun.spawn([PULLKEY, 'demo', '--keep'], {
    env: { PATH: temporary.path, TMPDIR: temporary.path },
    stdout: 'pipe',
    stderr: 'inherit',
  });
  const commands = await invitation(keeper.stdout);
  const outcomes = commands.map((args) => {
    const { exitCode, stdout } = Bun.spawnSync([PULLKEY, ...args], { cwd: temporary.path });
    return [exitCode, stdout.toString().split('\n')[0]];
  });
  expect(outcomes).toEqual([
    [1, 'docker.io/library/nginx:latest for service account default, namespace team-b'],
    [0, 'docker.io/library/nginx:latest for pod web, container nginx, service account'],
  ]);
  expect(readdirSync(temporary.path)).toContain('pull.html');
  keeper.kill('SIGTERM');
  expect(await keeper.exited).toBe(0);
  expect(readdirSync(temporary.path)).toEqual(['pull.html']);
});

/** The arguments of the commands that the demo invites to, once it does. */
async function invitation(output: ReadableStream<Uint8Array>): Promise<string[][]> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of output) {
    text += decoder.decode(chunk, { stream: true });
    const found = text.match(/^ {2}pullkey explain .*\n/gm) ?? [];
    if (found.length === 2) return found.map((line) => line.trim().split(' ').slice(1));
  }
  return [];
}
