import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { chownSync, mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { body, status } from '../../../src/demo/faults.ts';
import { auth, pullSecret, requestText, TestNode } from '../../support/node.ts';

const NGINX = 'docker.io/library/nginx';
const GOOD = { 'localhost:5000': auth('myuser', 'mypassword') };

let node: TestNode;

beforeAll(async () => {
  node = await TestNode.start();
});
afterAll(() => node[Symbol.asyncDispose]());
beforeEach(() => {
  node.server.faults.clear();
  rmSync(node.authDir, { recursive: true, force: true });
});

function namespaceOf(name: string, secrets: readonly Readonly<Record<string, unknown>>[]): string {
  node.addNamespace(name, GOOD);
  secrets.forEach((auths, index) => {
    node.server.apply(pullSecret(name, `other-${index}`, auths));
  });
  return name;
}

describe('what one tenant writes costs the others nothing', () => {
  test('a key of 300,000 slashes with something behind them', async () => {
    const namespace = namespaceOf('slashes', [{ [`h${'/'.repeat(300_000)}x`]: auth('u', 'p') }]);
    const { exitCode } = await node.pull(NGINX, namespace, { flags: ['--timeout', '20s'] });
    expect(exitCode).toBe(0);
    expect(node.auths(NGINX, namespace)).toEqual(GOOD);
  });
  test('20 Secrets of 9,999 entries, of which the log tells some', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 9_999 }, (_, index) => [`host-${index}.example`, { auth: '!' }]),
    );
    const namespace = namespaceOf(
      'many',
      Array.from({ length: 19 }, () => many),
    );
    const { exitCode, stderr } = await node.pull(NGINX, namespace);
    expect(exitCode).toBe(0);
    expect(node.auths(NGINX, namespace)).toEqual(GOOD);
    expect(stderr.split('\n').length).toBeLessThan(250);
    expect(stderr).toContain('Leaving out what more there is to say of 20 secret(s)');
  });
  test('a password in the URL that is a key', async () => {
    const key = 'https://bob:hunter2@localhost:5000';
    const { stderr } = await node.pull(NGINX, namespaceOf('urls', [{ [key]: auth('u', 'p') }]));
    expect(stderr).toContain('"https://…@localhost:5000"');
    expect(stderr).not.toContain('hunter2');
  });
});

describe('what the API server sends back', () => {
  test.each([
    [
      'in a message',
      (token: string) => body(JSON.stringify({ message: `no: ${token}` }), { status: 400 }),
    ],
    [
      'in a redirect',
      (token: string) =>
        body('', { status: 302, headers: { Location: `https://elsewhere.example/?t=${token}` } }),
    ],
    ['as a kind', (token: string) => body(JSON.stringify({ kind: token, items: [] }))],
  ])('is never the token, %s', async (_, fault) => {
    const token = node.token(namespaceOf('echo', []));
    node.server.faults.always(fault(token));
    const { exitCode, stderr } = await node.run(requestText({ image: NGINX, token }));
    expect(exitCode).toBe(1);
    for (const part of token.split('.')) expect(stderr).not.toContain(part.slice(0, 40));
  });
  test('about a pause makes nobody hammer it', async () => {
    node.server.faults.always(status(429, 0));
    node.server.log.entries.length = 0;
    const namespace = namespaceOf('hammer', []);
    expect(await node.pull(NGINX, namespace, { flags: ['--timeout', '2s'] })).toMatchObject({
      exitCode: 1,
    });
    expect(node.server.log.entries.length).toBeLessThan(20);
  });
  test('as a continue token may be no text', async () => {
    node.server.faults.always(
      body('{"kind":"SecretList","items":[],"metadata":{"continue":"\\ud800"}}'),
    );
    const { exitCode, stderr } = await node.pull(NGINX, namespaceOf('continue', []));
    expect(exitCode).toBe(1);
    expect(stderr).toContain('a continue token that is no text');
  });
});

describe('the auth directory', () => {
  test.skipIf(process.getuid?.() !== 0)('of another user is refused', async () => {
    mkdirSync(node.authDir, { mode: 0o700 });
    chownSync(node.authDir, 65_534, 65_534);
    const { exitCode, stderr } = await node.pull(NGINX, namespaceOf('owner', []));
    expect(exitCode).toBe(1);
    expect(stderr).toContain('it belongs to the user 65534');
  });
  test('keeps the unfinished file of a run that still waits, however short --stale-after is', async () => {
    mkdirSync(node.authDir, { mode: 0o700 });
    const path = `${node.authDir}/.auth-00ff.tmp`;
    writeFileSync(path, '');
    const written = Date.now() / 1000 - 60;
    utimesSync(path, written, written);
    await node.pull(NGINX, namespaceOf('waiting', []), { flags: ['--stale-after', '1ms'] });
    expect(node.authFiles()).toContain('.auth-00ff.tmp');
  });
});

test('a token that no header can hold is refused as what it is', async () => {
  const [header, claims] = node.token(namespaceOf('header', [])).split('.');
  const { exitCode, stderr } = await node.run(
    requestText({ image: NGINX, token: `${header}.${claims}.a\r\nX-Evil: 1` }),
  );
  expect(exitCode).toBe(1);
  expect(stderr).toContain('could not base64 decode header or signature');
});
