import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { auth, pullSecret, requestText, runPlugin, TestNode } from '../../support/node.ts';
import { expectNoSecrets, PASSWORD } from '../../support/secrecy.ts';
import { expectSurvived, type LoggedLine, tryPull } from '../../support/trial.ts';

const NGINX = 'docker.io/library/nginx';
const BUILT = new URL('../../../build/crio-credential-provider', import.meta.url).pathname;

let node: TestNode;
beforeAll(async () => {
  node = await TestNode.start();
  node.addNamespace('default', { 'localhost:5000': auth('u', PASSWORD), 'bad.example': 7 });
  node.addNamespace('crowded', { 'localhost:5000': auth('u', PASSWORD) });
  for (let index = 0; index < 30; index += 1) {
    node.server.apply(pullSecret('crowded', `secret-${index}`, { 'x.example': auth('u', 'p') }));
  }
});
afterAll(() => node[Symbol.asyncDispose]());
beforeEach(() => rmSync(node.authDir, { recursive: true, force: true }));

async function pull(namespace: string, ...flags: string[]): Promise<string> {
  const result = await node.pull(NGINX, namespace, { flags });
  expectNoSecrets(result);
  expect(result.exitCode).toBe(0);
  return result.stderr;
}

const SKIPPED = 'Skipping entry "bad.example" of secret "pull": it is no JSON object';

describe('--log-level', () => {
  test('error tells nothing of a good run', async () =>
    expect(await pull('default', '--log-level', 'error')).toBe(''));
  test('warn tells what was skipped', async () =>
    expect(await pull('default', '--log-level', 'warn')).toBe(`${SKIPPED}\n`));
  test('info is the default', async () => {
    const byDefault = await pull('default');
    rmSync(node.authDir, { recursive: true });
    expect(await pull('default', '--log-level', 'info')).toBe(byDefault);
  });
  test('info leaves out the lines about each of many Secrets, debug has them', async () => {
    expect(await pull('crowded')).not.toContain('Parsing secret: secret-7');
    rmSync(node.authDir, { recursive: true });
    expect(await pull('crowded', '--log-level', 'debug')).toContain('Parsing secret: secret-7\n');
  });
  test('error still tells why a run fails', async () => {
    const { exitCode, stderr } = await node.run('', { flags: ['--log-level', 'error'] });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^Failed to run credential provider: .*\n$/);
  });
});

describe('--log-format json', () => {
  test('is one object a line, with UTC time, level and sentence', async () => {
    const stderr = await pull('default', '--log-format', 'json');
    const lines: LoggedLine[] = stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.every(({ time }) => new Date(time).toISOString() === time)).toBe(true);
    rmSync(node.authDir, { recursive: true });
    const plain = await pull('default');
    expect(lines.map(({ msg }) => `${msg}\n`).join('')).toBe(plain);
    expect(lines.find(({ msg }) => msg === SKIPPED)?.level).toBe('warn');
  });
});

describe('no line is forged by', () => {
  const FORGED = 'x\nWrote auth file to /etc/shadow\u2028\u0085\u001b[2J\u202e';
  const SHOWN = '"x\\nWrote auth file to /etc/shadow\\u2028\\u0085\\u001b[2J\\u202e"';

  async function expectOneLine(namespace: string, line: string): Promise<void> {
    const stderr = await pull(namespace, '--log-level', 'debug');
    expect(stderr.split('\n')).toContain(line);
    expect(stderr.split('\n').filter((one) => one.includes('/etc/shadow'))).not.toContainEqual(
      expect.stringMatching(/^Wrote/),
    );
    expect(stderr).not.toMatch(/[\u2028\u0085\u001b\u202e]/);
  }

  test('a registry key', async () => {
    node.addNamespace('key', { [FORGED]: auth('u', PASSWORD) });
    const line = `Found docker config JSON auth in secret "pull" for ${SHOWN}`;
    await expectOneLine('key', line);
  });
  test('a Secret’s name, which no real API server lets through', async () => {
    node.addNamespace('name', {});
    node.server.apply(pullSecret('name', FORGED, { 'x.example': auth('u', PASSWORD) }));
    await expectOneLine('name', `Parsing secret: ${SHOWN}`);
  });
  test('an image', async () => {
    const { stderr } = await node.run(requestText({ image: FORGED }));
    expect(stderr).toMatch(
      /\nFailed to run credential provider: image reference "x\\nWrote [^\n]*\n$/,
    );
  });
});

describe('the answer does not hang on the log', () => {
  const REQUEST = requestText({ image: NGINX });
  const SHELL = (line: string) => ['sh', '-c', line, 'sh', BUILT];

  test.each(['2>&-', '2>/dev/full'])('that nobody takes: %s', async (target) => {
    const { exitCode, stdout } = await runPlugin(REQUEST, { command: SHELL(`"$@" ${target}`) });
    expect({ exitCode, kind: JSON.parse(stdout).kind }).toEqual({
      exitCode: 0,
      kind: 'CredentialProviderResponse',
    });
  });
  test('nor is anything of it written into files that get the number of a closed stream', async () => {
    const line = '"$@" <&0 2>&- >&-';
    const request = requestText({ image: NGINX, token: node.token('default') });
    const { exitCode } = await node.run(request, { command: SHELL(line) });
    expect(exitCode).toBe(0);
    expect(node.auths(NGINX, 'default')).toEqual({ 'localhost:5000': auth('u', PASSWORD) });
  });
  test('but an answer that nobody takes is a failure', async () => {
    const { exitCode, stderr } = await runPlugin(REQUEST, { command: SHELL('"$@" >/dev/full') });
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      'cannot write the answer to standard output: no space left on device (ENOSPC); see that',
    );
  });
});

test('an auth directory out of reach does not matter where nothing is to be written', async () => {
  node.addNamespace('bare', {});
  const flags = ['--auth-dir', `${node.registriesConf}/auth`];
  expectSurvived(await tryPull(node, NGINX, 'bare', { flags }));
});

test('who waits long for the API server is told so before it answers', async () => {
  const log = `${node.root}/log`;
  const isTold = () => existsSync(log) && readFileSync(log, 'utf8').includes('Using API server');
  node.server.faults.always(async (_, answer) => {
    while (!isTold()) await Bun.sleep(10);
    return answer();
  });
  const command = ['sh', '-c', `"$@" 2>${log}`, 'sh', BUILT];
  const { exitCode } = await node.pull(NGINX, 'default', { command });
  node.server.faults.clear();
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
  expect([exitCode, lines[0], lines.at(-1)]).toEqual([
    0,
    'Running credential provider',
    expect.stringContaining('Auth file path: '),
  ]);
  expect(new Set(lines).size).toBe(lines.length);
});
