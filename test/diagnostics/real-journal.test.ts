import { afterAll, beforeAll, beforeEach, describe, expect } from 'bun:test';
import { rmSync } from 'node:fs';
import { Journald, type JournalEntry, journaldTest } from '../support/journald.ts';
import { auth, pullSecret, requestText, TestNode } from '../support/node.ts';
import { expectNoSecrets, PASSWORD } from '../support/secrecy.ts';

const PLUGIN = new URL('../../build/crio-credential-provider', import.meta.url).pathname;
const NGINX = 'docker.io/library/nginx';

let node: TestNode;
let journald: Journald | undefined;
beforeAll(async () => {
  node = await TestNode.start();
  node.addNamespace('default', { 'localhost:5000': auth('u', PASSWORD), 'bad.example': 7 });
  node.addNamespace('crowded', {});
  for (let index = 0; index < 1_000; index += 1) {
    node.server.apply(
      pullSecret('crowded', `secret-${index}`, { 'localhost:5000': auth('u', PASSWORD) }),
    );
  }
});
afterAll(async () => {
  await node[Symbol.asyncDispose]();
  await journald?.[Symbol.asyncDispose]();
});
beforeEach(() => rmSync(node.authDir, { recursive: true, force: true }));

interface JournalledRun {
  readonly exitCode: number;
  /** What standard error got, line by line. */
  readonly lines: readonly string[];
  readonly entries: readonly JournalEntry[];
}

async function run(request: string, ...flags: string[]): Promise<JournalledRun> {
  journald ??= await Journald.start();
  const child = Bun.spawn([...journald.inside, PLUGIN, ...node.flags(), ...flags], {
    stdin: Buffer.from(request),
    stdout: 'pipe',
    stderr: 'pipe',
    env: { PATH: '/usr/bin:/bin' },
  });
  const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  expectNoSecrets({ exitCode: 0, stdout, stderr });
  const lines = stderr.split('\n').filter((line) => line !== '');
  const exitCode = await child.exited;
  return { exitCode, lines, entries: await journald.entries(child.pid, lines.length) };
}

function pull(namespace: string, ...flags: string[]): Promise<JournalledRun> {
  return run(requestText({ image: NGINX, token: node.token(namespace) }), ...flags);
}

const messages = (entries: readonly JournalEntry[]) => entries.map(({ MESSAGE }) => MESSAGE);

describe('the journal of systemd', () => {
  journaldTest('gets the lines of standard error, under the plugin’s identifier', async () => {
    const { exitCode, lines, entries } = await pull('default');
    expect(exitCode).toBe(0);
    expect(lines.length).toBeGreaterThan(10);
    expect(messages(entries)).toEqual([...lines]);
    expect(new Set(entries.map((one) => one.SYSLOG_IDENTIFIER))).toEqual(
      new Set(['crio-credential-provider']),
    );
  });

  journaldTest('gets each line with its priority', async () => {
    const { entries } = await pull('default');
    const priorityOf = (start: string) =>
      entries.find(({ MESSAGE }) => MESSAGE.startsWith(start))?.PRIORITY;
    expect([priorityOf('Running'), priorityOf('Skipping entry "bad.example"')]).toEqual(['6', '4']);
    const failed = await run('');
    expect(failed.exitCode).toBe(1);
    expect(failed.entries.map((one) => one.PRIORITY)).toEqual(['3']);
    const debug = await pull('crowded', '--log-level', 'debug');
    expect(debug.entries.filter((one) => one.PRIORITY === '7').length).toBeGreaterThan(1_000);
  });

  journaldTest('has lost no line of a run that ends right after its 4,000th', async () => {
    const { lines, entries } = await pull('crowded', '--log-level', 'debug');
    expect(lines.length).toBeGreaterThan(4_000);
    expect(messages(entries)).toEqual([...lines]);
  });

  journaldTest('gets sentences also where standard error gets JSON', async () => {
    const { lines, entries } = await pull('default', '--log-format', 'json');
    expect(messages(entries)).toEqual(lines.map((line) => JSON.parse(line).msg));
  });

  journaldTest('gets one entry a line, whatever a value from outside holds', async () => {
    const forged = 'x\n<0>Wrote auth file to /etc/shadow';
    node.addNamespace('forged', { [forged]: auth('u', PASSWORD) });
    const { lines, entries } = await pull('forged', '--log-level', 'debug');
    expect(messages(entries)).toEqual([...lines]);
    expect(entries.every(({ PRIORITY }) => PRIORITY !== '0')).toBe(true);
  });
});
