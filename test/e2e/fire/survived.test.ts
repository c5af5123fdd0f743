import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import * as faults from '../../../src/demo/faults.ts';
import { auth, authFileName, base64, pullSecret, TestNode } from '../../support/node.ts';
import { pluginUsers } from '../../support/plugin-user.ts';
import { PASSWORD } from '../../support/secrecy.ts';
import { expectSurvived, type Trial, tryPull } from '../../support/trial.ts';

const NGINX = 'docker.io/library/nginx';
const GOOD = { 'localhost:5000': auth('u', PASSWORD) };
const SECRETS = /\/secrets/;

let node: TestNode;
beforeAll(async () => {
  node = await TestNode.start();
  node.addNamespace('default', GOOD);
});
afterAll(() => node[Symbol.asyncDispose]());
beforeEach(() => rmSync(node.authDir, { recursive: true, force: true }));
afterEach(() => node.server.faults.clear());

function pull(namespace = 'default', ...flags: string[]): Promise<Trial> {
  return tryPull(node, NGINX, namespace, { flags });
}

/** A right result: exit code 0 and the namespace's credential in the file. Gives the log's sentences. */
function expectGood(trial: Trial, namespace = 'default'): string[] {
  const sentences = expectSurvived(trial);
  expect(node.auths(NGINX, namespace)).toMatchObject(GOOD);
  return sentences;
}

describe('the plugin survives', () => {
  test('5,000 Secrets, read in pages', async () => {
    node.addNamespace('crowded', {});
    for (let index = 0; index < 5_000; index += 1) {
      const name = `secret-${String(index).padStart(4, '0')}`;
      node.server.apply(
        pullSecret('crowded', name, { [`r${index}.example`]: auth('u', PASSWORD) }),
      );
    }
    node.server.apply(pullSecret('crowded', 'zz-last', GOOD));
    node.server.log.clear();
    const sentences = expectGood(await pull('crowded'), 'crowded');
    expect(sentences).toContain('Got 5002 secret(s)');
    expect(node.server.log.entries).toHaveLength(11);
    expect(node.server.log.entries.every(({ path }) => path.includes('limit=500'))).toBe(true);
  }, 60_000);

  test('a list that goes out of date between two pages', async () => {
    node.server.faults.next([faults.good, faults.status(410)], SECRETS);
    expectGood(await pull('crowded'), 'crowded');
  }, 60_000);

  const BAD_BEGINNINGS: readonly (readonly [string, readonly faults.Fault[]])[] = [
    ['429 with Retry-After', [faults.status(429, 1)]],
    ['429 with Retry-After as a date', [faults.status(429, new Date(Date.now()).toUTCString())]],
    ['429 without Retry-After', [faults.status(429)]],
    ['500, twice', [faults.status(500), faults.status(500)]],
    ['502, 503 and 504', [faults.status(502), faults.status(503), faults.status(504)]],
    ['a reset connection', [faults.reset]],
    ['a connection that ends within the answer', [faults.truncated]],
    ['a slow answer', [faults.slow(300)]],
  ];
  test.each(BAD_BEGINNINGS)('%s, and then a good answer', async (_, bad) => {
    node.server.faults.next([...bad, faults.good]);
    expectGood(await pull());
  });

  test('Retry-After, by waiting that long', async () => {
    node.server.faults.next([faults.status(429, 1), faults.good]);
    node.server.log.clear();
    expectGood(await pull());
    const [first, second] = node.server.log.entries.map(({ time }) => time.getTime());
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(900);
  });

  test.each(pluginUsersOnce())('a missing auth directory, as $name', async (user) => {
    user.own(node.root);
    expectGood(await tryPull(node, NGINX, 'default', user));
  });
});

function pluginUsersOnce() {
  const runners = pluginUsers();
  afterAll(() => runners[Symbol.dispose]());
  return runners.users;
}

describe('a neighbour is skipped with a line that names it, where it is', () => {
  async function expectSkipped(name: string, secret: object, line: string): Promise<void> {
    const namespace = `skip-${name}`;
    node.addNamespace(namespace, GOOD);
    const metadata = { name: 'bad', namespace };
    const type = 'kubernetes.io/dockerconfigjson';
    node.server.apply({ apiVersion: 'v1', kind: 'Secret', metadata, type, ...secret });
    const sentences = expectGood(await pull(namespace), namespace);
    expect(sentences.filter((one) => one.startsWith('Skipping'))).toEqual([line]);
  }
  const data = (text: string) => ({ data: { '.dockerconfigjson': base64(text) } });
  const entry = (value: unknown) => data(JSON.stringify({ auths: { 'localhost:5000': value } }));

  const BAD_SECRETS: readonly (readonly [string, object, string])[] = [
    ['empty', { data: {} }, 'it does not contain data key ".dockerconfigjson"'],
    ['broken', data(`{"auths":{"${PASSWORD}`), 'the docker config JSON is not parsable'],
    ['nested', data('['.repeat(200_000)), 'the docker config JSON is not parsable'],
    ['a-list', data('[]'), 'the docker config JSON is no object'],
    ['wrong', data(`{"auths":"${PASSWORD}"}`), 'its auths is no object'],
    [
      'binary',
      { data: { '.dockerconfigjson': '/////w==' } },
      'the docker config JSON is not parsable',
    ],
    [
      'no-string',
      { data: { '.dockerconfigjson': 7 } },
      'it does not contain data key ".dockerconfigjson"',
    ],
    [
      'too-large',
      data(
        JSON.stringify({
          auths: Object.fromEntries(Array.from({ length: 10_001 }, (_, i) => [`${i}.x`, {}])),
        }),
      ),
      'it has 10001 entries, at most 10000 are read',
    ],
  ];
  test.each(BAD_SECRETS)('a Secret that is %s', (name, secret, reason) =>
    expectSkipped(name, secret, `Skipping secret "bad": ${reason}`),
  );

  const ENTRIES: readonly (readonly [string, unknown, string])[] = [
    ['null', null, 'holds no credentials'],
    ['text', PASSWORD, 'is no JSON object'],
    ['number', { auth: 4711 }, 'has a field that is no string'],
    ['base64', { auth: `*${PASSWORD}*` }, 'has an auth that is not base64'],
    ['padding', { auth: `${auth('u', PASSWORD).auth}=` }, 'has an auth that is not base64'],
    ['no-colon', { auth: base64(PASSWORD) }, 'holds no credentials'],
  ];
  test.each(ENTRIES)('an entry that is bad: %s', (name, value, reason) =>
    expectSkipped(
      `entry-${name}`,
      entry(value),
      `Skipping entry "localhost:5000" of secret "bad": it ${reason}`,
    ),
  );

  test('of the global auth file', async () => {
    writeFileSync(
      node.globalAuthFile,
      JSON.stringify({
        auths: { 'bad.example': { auth: PASSWORD }, 'good.example': auth('n', 'p') },
      }),
    );
    const sentences = expectGood(await pull());
    rmSync(node.globalAuthFile);
    expect(sentences).toContain(
      `Skipping entry "bad.example" of global auth file "${node.globalAuthFile}": it holds no credentials`,
    );
    expect(Object.keys(node.auths(NGINX, 'default'))).toEqual(['good.example', 'localhost:5000']);
  });
});

describe('a registry key may be', () => {
  const KEYS: readonly (readonly [string, string])[] = [
    ['__proto__', '__proto__'],
    ['constructor', 'constructor'],
    ['toString', 'toString'],
    ['a newline', 'x.example\nWrote auth file to /etc/shadow\r\n'],
    ['a terminal’s control characters', '\u001b[2J\u0007\u009b31m\u202etxt'],
    ['empty', ''],
    ['all slashes', `https://${'/'.repeat(1000)}`],
    ['300 kB long', `x${'y'.repeat(300_000)}`],
    ['300 kB of wildcards', '*'.repeat(300_000)],
    ['300 kB of path', `localhost:5000${'/a'.repeat(150_000)}`],
    ['a lone surrogate', 'a\ud800.example'],
  ];
  test.each(KEYS)('%s', async (name, key) => {
    const namespace = `key-${KEYS.findIndex(([one]) => one === name)}`;
    const auths = JSON.parse(`{${JSON.stringify(key)}:${JSON.stringify(auth('e', PASSWORD))}}`);
    node.addNamespace(namespace, auths);
    node.server.apply(pullSecret(namespace, 'second', GOOD));
    const trial = await pull(namespace);
    expectGood(trial, namespace);
    expect(Object.keys(node.auths(NGINX, namespace))).toEqual(['localhost:5000']);
    expect(trial.stderr.length).toBeLessThan(20_000);
  });
  test.each(KEYS)('%s, in the global auth file', async (_, key) => {
    const entry = JSON.stringify(auth('e', PASSWORD));
    writeFileSync(node.globalAuthFile, `{"auths":{${JSON.stringify(key)}:${entry}}}`);
    const trial = await pull();
    rmSync(node.globalAuthFile);
    expectGood(trial);
    expect(Object.keys(node.auths(NGINX, 'default')).toSorted()).toEqual(
      [key, 'localhost:5000'].toSorted(),
    );
    expect(trial.stderr.length).toBeLessThan(20_000);
  });
});

describe('leftovers of killed runs', () => {
  test('are removed once they are old, and never in the way', async () => {
    const digest = authFileName(NGINX, 'other').slice('other-'.length);
    const old = ['.auth-0123456789abcdef.tmp', '.auth-0123456789abcdef.stale', `other-${digest}`];
    const young = ['.auth-fedcba9876543210.tmp', `young-${digest}`];
    mkdirSync(node.authDir, { mode: 0o700 });
    for (const name of [...old, ...young]) writeFileSync(`${node.authDir}/${name}`, '{"auths":{');
    const twoHoursAgo = Date.now() / 1000 - 7200;
    for (const name of old) utimesSync(`${node.authDir}/${name}`, twoHoursAgo, twoHoursAgo);
    const sentences = expectGood(await pull());
    expect(sentences).toContain('Removed 3 auth file(s) that nobody used');
    expect(readdirSync(node.authDir).sort()).toEqual(
      [...young, authFileName(NGINX, 'default')].sort(),
    );
  });
  test('of the very name that is written are replaced', async () => {
    mkdirSync(node.authDir, { mode: 0o700 });
    const path = `${node.authDir}/${authFileName(NGINX, 'default')}`;
    writeFileSync(path, '{"auths":{');
    const tenSecondsAgo = Date.now() / 1000 - 10;
    utimesSync(path, tenSecondsAgo, tenSecondsAgo);
    expectGood(await pull());
    expect(node.authFiles()).toEqual([authFileName(NGINX, 'default')]);
  });
});
