import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { htpasswdFor } from '../../src/demo/htpasswd.ts';
import { Registry } from '../../src/demo/registry.ts';
import { TestStore } from '../support/credential-store.ts';
import { dockerRegistry, startDockerRegistry } from '../support/docker-registry.ts';
import { expectNoSecrets, PASSWORD } from '../support/secrecy.ts';

const MAIN = new URL('../../src/bin/main.ts', import.meta.url).pathname;

let store: TestStore;
beforeEach(() => {
  store = new TestStore();
});
afterEach(() => store[Symbol.dispose]());

/** Not waited for synchronously: the registry may be in this process. */
async function check(...args: readonly string[]) {
  const flags = ['--credroot', store.root, '--helper-dir', store.helperDir, ...args];
  const child = Bun.spawn([process.execPath, MAIN, 'credentials', 'check', ...flags], {
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    env: { PATH: '/usr/bin:/bin' },
  });
  const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  const run = { exitCode: await child.exited, stdout, stderr };
  expectNoSecrets(run);
  return run;
}

async function verdicts(...args: readonly string[]) {
  const { exitCode, stdout } = await check('--insecure', '-o', 'json', ...args);
  const rows: { scope: string; verdict: string; reason?: string }[] = JSON.parse(stdout);
  return {
    exitCode,
    rows: rows.map(({ scope, verdict }) => [scope, verdict]),
    reason: rows[0]?.reason,
  };
}

const GOOD = { username: 'u', password: PASSWORD };
const WRONG = { username: 'u', password: 'wrong' };

describe('a real docker-registry with basic authentication', () => {
  dockerRegistry.test('takes what works and refuses what does not', async () => {
    await using registry = await startDockerRegistry({ u: PASSWORD });
    const { host } = registry;
    store.write(`${host}.json`, GOOD);
    store.write(`${host}/team-a.json`, WRONG);
    const { exitCode, rows, reason } = await verdicts();
    expect(rows).toEqual([
      [`${host}`, 'works'],
      [`${host}/team-a`, 'refused'],
    ]);
    expect({ exitCode, reason }).toEqual({ exitCode: 1, reason: undefined });
    expect(await verdicts(host)).toMatchObject({ exitCode: 0, rows: [[host, 'works']] });
    expect((await verdicts(`${host}/team-a`)).reason).toContain('unauthorized');
    expect((await verdicts('--image', `${host}/other/app:1`)).rows[0]?.[1]).toBe('works');
    expect((await verdicts('--image', `${host}/team-a/app`)).rows[0]?.[1]).toBe('refused');
  });
});

describe.each(['basic', 'bearer'] as const)(
  'a registry with %s authentication',
  (authentication) => {
    async function start(rights = {}) {
      const htpasswd = await htpasswdFor({ u: PASSWORD });
      return Registry.start({ htpasswd, authentication, rights });
    }

    test('takes what works and refuses what does not', async () => {
      await using registry = await start();
      store.write(`${registry.host}.json`, GOOD);
      expect(await verdicts(registry.host)).toMatchObject({
        exitCode: 0,
        rows: [[registry.host, 'works']],
      });
      store.write(`${registry.host}.json`, WRONG);
      const { exitCode, rows } = await verdicts(registry.host);
      expect({ exitCode, rows }).toEqual({ exitCode: 1, rows: [[registry.host, 'refused']] });
    });

    test('is asked for the right to an image that is named', async () => {
      await using registry = await start({ u: ['mine'] });
      registry.seedImage('mine/app');
      store.write(`${registry.host}.json`, GOOD);
      for (const [image, verdict] of [
        ['mine/app', 'works'],
        ['mine/none:7', 'works'],
        ['other/app', 'refused'],
      ]) {
        expect((await verdicts('--image', `${registry.host}/${image}`)).rows[0]?.[1]).toBe(
          verdict ?? '',
        );
      }
    });
  },
);

describe('pullkey credentials check', () => {
  test('cannot tell where a registry asks for nothing', async () => {
    await using registry = Registry.start();
    store.write(`${registry.host}.json`, GOOD);
    expect(await verdicts(registry.host)).toEqual({
      exitCode: 0,
      rows: [[registry.host, 'not-asked-for']],
      reason: 'the registry asks for no credential',
    });
  });

  test('tries what a credential helper gives, and what is in a config.json', async () => {
    await using registry = Registry.start({ htpasswd: await htpasswdFor({ u: PASSWORD }) });
    store.write(`${registry.host}.json`, { credHelper: 'mine' });
    store.writeHelper('mine', `echo '{"Username":"u","Secret":"${PASSWORD}"}'`);
    expect((await verdicts()).rows).toEqual([[registry.host, 'works']]);
    store.write(`${registry.host}.json`, { credHelper: 'none' });
    expect((await verdicts()).reason).toContain('is not there');
    const auth = Buffer.from(`u:${PASSWORD}`).toString('base64');
    using other = new TestStore();
    other.write('config.json', {
      auths: { [`https://${registry.host}/v2/`]: { auth }, '*.example': { auth } },
    });
    expect((await verdicts('--credroot', other.root)).rows).toEqual([[registry.host, 'works']]);
  });

  test.each([
    ['org', 'it is for a whole domain; name an image with --image'],
    ['127.0.0.1:1', 'connection refused'],
    ['a.invalid', 'no such host'],
    ['b.example', 'b.example is an unknown source'],
  ])('cannot tell of %s, and says why', async (scope, reason) => {
    for (const name of ['org', '127.0.0.1:1', 'a.invalid']) store.write(`${name}.json`, GOOD);
    const found = await verdicts(scope);
    expect(found).toMatchObject({ exitCode: 1, rows: [[scope, 'unknown']] });
    expect(found.reason).toContain(reason);
  });

  test('prints a table, and a sentence where something does not work', async () => {
    store.write('a.invalid.json', GOOD);
    expect(await check()).toEqual({
      exitCode: 1,
      stdout: [
        'SCOPE      USER  RESULT   REASON',
        'a.invalid  u     unknown  GET https://a.invalid/v2/: no such host',
        '',
      ].join('\n'),
      stderr: 'pullkey: no working credential for "a.invalid"; see the reasons above\n',
    });
  });

  test('has nothing to check where nothing is stored', async () => {
    expect(await check()).toEqual({ exitCode: 0, stdout: 'nothing is stored\n', stderr: '' });
  });

  test('refuses a scope and an image at once as wrong usage', async () => {
    expect((await check('a.example', '--image', 'a.example/b')).exitCode).toBe(2);
  });
});
