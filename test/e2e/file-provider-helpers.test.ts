import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { chmodSync, mkdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { asKubelet, TestStore } from '../support/credential-store.ts';
import type { RunOptions } from '../support/node.ts';
import { expectNoSecrets, PASSWORD } from '../support/secrecy.ts';

const ANSWER = `echo '{"ServerURL":"x","Username":"u","Secret":"${PASSWORD}"}'`;

let store: TestStore;
beforeEach(() => {
  store = new TestStore();
  store.write('a.example.json', { credHelper: 'mine' });
});
afterEach(() => store[Symbol.dispose]());

async function expectRefusal(reason: string, options: RunOptions = {}): Promise<void> {
  const result = await store.pull('a.example/b', options);
  expectNoSecrets(result);
  expect({ exitCode: result.exitCode, stdout: result.stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(result.stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(result.stderr).toContain(reason);
}

describe('a credential helper', () => {
  test('gives the credential', async () => {
    store.writeHelper('mine', ANSWER);
    const { stdout } = await store.pull('a.example/b');
    expect(asKubelet(stdout, 'a.example/b')).toEqual({
      keyring: [{ username: 'u', password: PASSWORD }],
      under: 'Registry',
    });
  });

  test.each([
    ['a.example.json', 'a.example/b', 'a.example'],
    ['a.example:5000.json', 'a.example:5000/b', 'a.example:5000'],
    ['a.example/team.json', 'a.example/team/b', 'a.example'],
    ['example.json', 'us.example/b', 'us.example'],
    ['docker.io.json', 'docker.io/library/nginx', 'https://index.docker.io/v1/'],
  ])('of %s is asked, for %s, for %s', async (name, image, server) => {
    store.write(name, { credHelper: 'mine', duration: '12h' });
    store.writeHelper('mine', `[ "$*" = get ] && cat > "$0.server" && ${ANSWER}`);
    const { stdout } = await store.pull(image);
    expect(asKubelet(stdout, image).keyring).toHaveLength(1);
    expect(JSON.parse(stdout).cacheDuration).toBe('12h');
    expect(readFileSync(`${store.helperDir}/docker-credential-mine.server`, 'utf8')).toBe(server);
  });

  test('gets the environment that the kubelet configures, but nothing that changes what it loads', async () => {
    store.writeHelper('mine', `env > "$0.env"; ${ANSWER}`);
    const environment = {
      PATH: '/usr/bin:/bin',
      AWS_REGION: 'eu-west-1',
      HOME: '/nowhere',
      LD_LIBRARY_PATH: '/nowhere',
      NODE_OPTIONS: '--no-warnings',
      BUN_INSTALL: '/nowhere',
    };
    expect((await store.pull('a.example/b', { environment })).exitCode).toBe(0);
    const got = readFileSync(`${store.helperDir}/docker-credential-mine.env`, 'utf8').split('\n');
    const names = got.map((line) => line.split('=')[0]);
    expect(names).toContain('AWS_REGION');
    expect(names).toContain('HOME');
    expect(names.filter((name) => /^(?:LD|NODE|BUN)_/.test(name ?? ''))).toEqual([]);
  });

  test('may end before it reads its input', async () => {
    store.writeHelper('mine', `exec 0<&-; ${ANSWER}`);
    expect((await store.pull('a.example/b')).exitCode).toBe(0);
  });

  test('may give Azure’s identity token, which the kubelet can use there', async () => {
    store.write('azurecr.io.json', { credHelper: 'acr' });
    store.writeHelper('acr', `echo '{"Username":"<token>","Secret":"t"}'`);
    const { stdout } = await store.pull('team.azurecr.io/b');
    expect(JSON.parse(stdout).auth['team.azurecr.io']).toEqual({
      username: '00000000-0000-0000-0000-000000000000',
      password: 't',
    });
  });
});

describe('a credential helper fails, in one sentence, that', () => {
  test.each([
    [
      'ends with 1 and a text',
      'echo "no such\tprofile"; exit 1',
      'ended with 1: "no such\\tprofile"',
    ],
    ['ends with 1 and a text on standard error', 'echo why >&2; exit 7', 'ended with 7: "why"'],
    ['ends with 1 and no text', 'exit 1', 'ended with 1; see what it says: echo a.example | '],
    ['ends with 1 after its answer', `${ANSWER}; exit 1`, 'ended with 1; see'],
    ['prints garbage', `echo ${PASSWORD}`, 'printed no JSON object'],
    ['prints nothing', 'true', 'printed no JSON object'],
    ['prints no secret', `echo '{"Username":"u"}'`, 'printed no Username and Secret'],
    ['prints wrong types', `echo '{"Username":1,"Secret":[]}'`, 'printed no Username and Secret'],
    [
      'prints an empty credential',
      `echo '{"Username":"","Secret":""}'`,
      'printed an empty credential',
    ],
    ['prints a megabyte', 'head -c 1048576 /dev/zero', 'printed more than 256 KiB'],
    ['prints a megabyte of errors', 'head -c 1048576 /dev/zero >&2', 'printed more than 256 KiB'],
    ['never ends printing', 'cat /dev/zero', 'printed more than 256 KiB'],
    [
      'gives an identity token',
      `echo '{"Username":"<token>","Secret":"${PASSWORD}"}'`,
      'an identity token',
    ],
    [
      'has nothing for the registry',
      'echo credentials not found in native keychain; exit 1',
      'has no credential for "a.example"',
    ],
  ])('%s', async (_, script, reason) => {
    store.writeHelper('mine', script);
    await expectRefusal(reason);
  });

  test('is missing', () =>
    expectRefusal('is not there; put it there, or name its directory with --helper-dir\n'));

  test('is not executable', async () => {
    chmodSync(store.writeHelper('mine', ANSWER), 0o644);
    await expectRefusal('does not start: permission denied (EACCES)');
  });

  test('is no program', async () => {
    await Bun.write(`${store.helperDir}/docker-credential-mine`, '\u0000\u0001');
    chmodSync(`${store.helperDir}/docker-credential-mine`, 0o755);
    await expectRefusal('the credential helper');
  });

  test('hangs, and all that it started is killed', async () => {
    const path = store.writeHelper(
      'mine',
      'echo $$ > "$0.pids"; sleep 600 & echo $! >> "$0.pids"; wait',
    );
    await expectRefusal('did not end within the 3 s of --timeout', { flags: ['--timeout', '3s'] });
    const pids = readFileSync(`${path}.pids`, 'utf8').trim().split('\n');
    expect(pids).toHaveLength(2);
    for (const pid of pids) await expectGone(pid);
  });

  test('is gone but left somebody who holds its output', async () => {
    const path = store.writeHelper('mine', `sleep 600 & echo $! > "$0.pids"; ${ANSWER}`);
    await expectRefusal('did not end within the 3 s of --timeout', { flags: ['--timeout', '3s'] });
    await expectGone(readFileSync(`${path}.pids`, 'utf8').trim());
  });

  test('others can change', async () => {
    const path = store.writeHelper('mine', ANSWER);
    chmodSync(path, 0o775);
    await expectRefusal(`chmod go-w ${path}, or give --allow-insecure-permissions`);
    const flags = ['--allow-insecure-permissions'];
    expect((await store.pull('a.example/b', { flags })).exitCode).toBe(0);
  });

  test('lies in a directory that others can change', async () => {
    store.writeHelper('mine', ANSWER);
    chmodSync(store.helperDir, 0o777);
    await expectRefusal(`chmod go-w ${store.helperDir}`);
  });

  test('is below a directory that others can change', async () => {
    store.writeHelper('mine', ANSWER);
    const inner = `${store.helperDir}/inner`;
    mkdirSync(inner, { mode: 0o755 });
    renameSync(`${store.helperDir}/docker-credential-mine`, `${inner}/docker-credential-mine`);
    chmodSync(store.helperDir, 0o777);
    const flags = ['--helper-dir', inner];
    await expectRefusal(`chmod go-w ${store.helperDir}`, { flags });
    chmodSync(store.helperDir, 0o755);
    expect((await store.pull('a.example/b', { flags })).exitCode).toBe(0);
  });

  test('is a link into a directory that others can change', async () => {
    const elsewhere = `${store.helperDir}/elsewhere`;
    mkdirSync(elsewhere);
    const path = store.writeHelper('mine', ANSWER);
    renameSync(path, `${elsewhere}/program`);
    symlinkSync('elsewhere/program', path);
    expect((await store.pull('a.example/b')).exitCode).toBe(0);
    chmodSync(elsewhere, 0o777);
    await expectRefusal(`chmod go-w ${elsewhere}`);
  });
});

/** Ended, though whoever is to collect it may not have done so yet. */
async function expectGone(pid: string): Promise<void> {
  const state = () => {
    try {
      return readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '')[0];
    } catch {
      return 'gone';
    }
  };
  for (
    let attempt = 0;
    attempt < 500 && !['gone', 'Z', 'X'].includes(state() ?? '');
    attempt += 1
  ) {
    await Bun.sleep(20);
  }
  expect(['gone', 'Z', 'X']).toContain(state() ?? '');
}

describe('config.json in the store', () => {
  test('may name a helper for a registry', async () => {
    store.write('config.json', { auths: {}, credHelpers: { 'b.example:5000': 'mine' } });
    store.writeHelper('mine', ANSWER);
    const { stdout } = await store.pull('b.example:5000/x');
    expect(Object.keys(JSON.parse(stdout).auth)).toEqual(['b.example:5000']);
    expect((await store.pull('c.example/x')).exitCode).toBe(1);
  });

  test('may name a helper for all registries, after its own entries', async () => {
    const auth = Buffer.from('v:p').toString('base64');
    store.write('config.json', {
      auths: { 'b.example': { auth }, 'c.example': {} },
      credsStore: 'mine',
    });
    store.writeHelper('mine', ANSWER);
    const userFor = async (image: string) =>
      asKubelet((await store.pull(image)).stdout, image).keyring[0]?.username;
    expect(await userFor('b.example/x')).toBe('v');
    expect(await userFor('c.example/x')).toBe('u');
    expect(await userFor('d.example/x')).toBe('u');
  });

  test('knows no registry that its helper for all has nothing for', async () => {
    store.write('config.json', { credsStore: 'mine' });
    store.writeHelper('mine', 'echo credentials not found in native keychain; exit 1');
    const { exitCode, stderr } = await store.pull('b.example/x');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('b.example is an unknown source');
  });
});
