import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { chmodSync, mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path/posix';
import { auth, mirrorConf, TestNode } from '../../support/node.ts';
import { type PluginUser, pluginUsers } from '../../support/plugin-user.ts';
import { PASSWORD } from '../../support/secrecy.ts';
import { expectRefused, type Trial, tryPull } from '../../support/trial.ts';

const NGINX = 'docker.io/library/nginx';
const GOOD_CONF = mirrorConf('docker.io', 'localhost:5000');
const runners = pluginUsers();
afterAll(() => runners[Symbol.dispose]());

let node: TestNode;
beforeAll(async () => {
  node = await TestNode.start();
  node.addNamespace('default', { 'localhost:5000': auth('u', PASSWORD) });
  for (const user of runners.users) user.own(node.root);
});
afterAll(() => node[Symbol.asyncDispose]());
beforeEach(() => writeFileSync(node.registriesConf, GOOD_CONF));
afterEach(() => {
  for (const path of [node.authDir, node.dropInDir, node.registriesConf, node.globalAuthFile]) {
    rmSync(path, { recursive: true, force: true });
  }
});

function pull(user: PluginUser): Promise<Trial> {
  return tryPull(node, NGINX, 'default', user);
}

/** What a user cannot read: for root, whom no mode keeps out, a directory in a file's place. */
function makeUnreadable(path: string, user: PluginUser): void {
  rmSync(path, { force: true });
  if (user.isRoot) mkdirSync(path);
  else writeFileSync(path, PASSWORD);
  chmodSync(path, 0o000);
}

const CONFS: readonly (readonly [string, string, readonly string[]])[] = [
  ['no TOML', '[[registry]]\nlocation = "docker.io\n', ['registries.conf:2', 'not valid TOML']],
  [
    'in version 1 of the format',
    '[registries.search]\nregistries = ["docker.io"]\n',
    ['registries.conf:1', 'version 1 of the format', 'write [registries.search] as'],
  ],
  [
    'in conflict with itself',
    '[[registry]]\nlocation = "a.example"\n[[registry]]\nlocation = "a.example"\nprefix = "b.example"\ninsecure = true\n',
    ['registries.conf:6', '"a.example"', 'different values of "insecure"', 'give all'],
  ],
  ['of a wrong type', '[[registry]]\nlocation = 7\n', ['registries.conf:2', 'must be a string']],
  [
    'without a location',
    '[[registry]]\n[[registry.mirror]]\nlocation = "m.example"\n',
    ['registries.conf:1'],
  ],
  ['no UTF-8', Buffer.from([0x61, 0xff]).toString('latin1'), ['registries.conf:1']],
  ['200,000 brackets', `a = ${'['.repeat(200_000)}`, ['registries.conf', 'nested too deeply']],
];

describe.each(runners.users)('as $name, a registries.conf is refused that is', (user) => {
  const reason = user.isRoot ? 'is a directory (EISDIR)' : 'permission denied (EACCES)';
  test.each(CONFS)('%s', async (_, text, words) => {
    writeFileSync(node.registriesConf, text, 'latin1');
    expectRefused(await pull(user), words);
  });
  test('unreadable', async () => {
    makeUnreadable(node.registriesConf, user);
    expectRefused(await pull(user), [`${node.registriesConf}: cannot be read: ${reason}`]);
  });
  // Root reads every file, and a directory is no drop-in.
  if (!user.isRoot) {
    test('an unreadable drop-in', async () => {
      const path = `${node.dropInDir}/20-secret.conf`;
      node.writeDropIn('10-good.conf', GOOD_CONF);
      makeUnreadable(path, user);
      expectRefused(await pull(user), [`${path}: cannot be read: ${reason}`]);
    });
  }
  test('a file in the place of the directory of drop-ins', async () => {
    writeFileSync(node.dropInDir, GOOD_CONF);
    expectRefused(await pull(user), [node.dropInDir, 'cannot be read']);
  });
  test('a broken drop-in', async () => {
    node.writeDropIn('20-broken.conf', '\n\nx = \n');
    expectRefused(await pull(user), [`${node.dropInDir}/20-broken.conf:3`, 'not valid TOML']);
  });
});

const IN_THE_WAY: readonly (readonly [string, (node: TestNode) => string, string])[] = [
  ['registries.conf', (node) => node.registriesConf, 'put the right file there or remove it'],
  ['a drop-in', (node) => `${node.dropInDir}/20-x.conf`, 'put the right file there or remove it'],
  ['the global auth file', (node) => node.globalAuthFile, 'cannot read the global auth file'],
  ['the CA', (node) => node.certificateAuthority, 'cannot read the certificate authority'],
];

describe.each(runners.users)('as $name, never waited for, and refused:', (user) => {
  test.each(IN_THE_WAY)('a pipe in the place of %s', async (_, place, words) => {
    const path = place(node);
    makePipe(path);
    try {
      expectRefused(await pull(user), [path, 'it is no regular file', words]);
    } finally {
      restore(path);
    }
  });
  test.each(IN_THE_WAY)('3 GiB in the place of %s', async (_, place, words) => {
    const path = place(node);
    makeHuge(path);
    try {
      expectRefused(await pull(user), [path, 'it is larger than 16 MiB', words]);
    } finally {
      restore(path);
    }
  });
});

function makePipe(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { force: true });
  expect(Bun.spawnSync(['mkfifo', '-m', '644', path]).exitCode).toBe(0);
}

function makeHuge(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '');
  truncateSync(path, 3 * 2 ** 30);
}

function restore(path: string): void {
  rmSync(path);
  writeFileSync(node.certificateAuthority, node.server.certificateAuthority);
}

const GLOBAL_FILES: readonly (readonly [string, string, string])[] = [
  ['empty', '', 'it is no complete JSON document'],
  ['truncated', `{"auths":{"a":{"auth":"${PASSWORD}`, 'it is no complete JSON document'],
  ['no JSON', PASSWORD, 'it is no complete JSON document'],
  ['no object', '[1]', 'it is no JSON object'],
  ['a text for auths', `{"auths":"${PASSWORD}"}`, 'its auths is no object'],
  ['200,000 brackets', '['.repeat(200_000), 'it is no complete JSON document'],
];

describe.each(runners.users)('as $name, a global auth file is refused that is', (user) => {
  test.each(GLOBAL_FILES)('%s', async (_, text, reason) => {
    writeFileSync(node.globalAuthFile, text);
    const remedy = 'mend it or name another with --kubelet-auth-file';
    expectRefused(await pull(user), [node.globalAuthFile, reason, remedy]);
  });
  test('unreadable', async () => {
    makeUnreadable(node.globalAuthFile, user);
    const reason = user.isRoot ? ': is a directory (EISDIR);' : ': permission denied (EACCES);';
    const remedy = 'make it readable for root or name another with --kubelet-auth-file';
    expectRefused(await pull(user), [node.globalAuthFile, reason, remedy]);
  });
});
