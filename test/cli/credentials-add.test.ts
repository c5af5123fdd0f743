import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { KeptStore, modeOf } from '../support/kept-store.ts';
import { MAIN } from '../support/pullkey.ts';
import { PASSWORD } from '../support/secrecy.ts';
import {
  inPlaceOfSystemdCreds,
  otherHostTest,
  systemdCredsTest,
} from '../support/systemd-creds.ts';

let store: KeptStore;
beforeEach(() => {
  store = new KeptStore();
});
afterEach(() => store[Symbol.dispose]());

describe('pullkey credentials add', () => {
  test('writes a file that is the owner’s alone, in directories that are too', () => {
    expect(store.add('a.example:5000/team/app')).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: `Stored the credential of "u" in plain text for a.example:5000/team/app in ${store.root}/a.example:5000/team/app.json\n`,
    });
    expect(store.stored('a.example:5000/team/app.json')).toEqual({
      username: 'u',
      password: PASSWORD,
    });
    expect(modeOf(`${store.root}/a.example:5000/team/app.json`)).toBe('600');
    for (const path of ['', '/a.example:5000', '/a.example:5000/team']) {
      expect(modeOf(store.root + path)).toBe('700');
    }
  });

  test.each([
    ['Registry.Example.ORG', 'registry.example.org.json'],
    ['index.docker.io', 'docker.io.json'],
    ['registry-1.docker.io/library', 'docker.io/library.json'],
    ['org', 'org.json'],
    ['[::1]:5000', '[::1]:5000.json'],
    ['localhost:5000', 'localhost:5000.json'],
  ])('stores %s as %s', (scope, name) => {
    expect(store.add(scope).exitCode).toBe(0);
    expect(existsSync(`${store.root}/${name}`)).toBe(true);
  });

  test.each([
    ['pass\n', 'pass'],
    ['pass\r\n', 'pass'],
    ['pass', 'pass'],
    ['pass\n\n', 'pass\n'],
    [' päss ', ' päss '],
    ['{\n "key": 1\n}\n', '{\n "key": 1\n}'],
  ])('takes %j from standard input as %j', (input, password) => {
    store.run(['add', 'a.example', '--username', 'u', '--no-encrypt'], input);
    expect(store.stored('a.example.json')).toEqual({ username: 'u', password });
  });

  test('keeps a duration that is not the default', () => {
    store.add('a.example', '--duration', '12h');
    expect(store.stored('a.example.json')).toEqual({
      username: 'u',
      password: PASSWORD,
      duration: '12h',
    });
  });

  test('stores the name of a helper, without asking for a password', () => {
    expect(store.run(['add', 'a.example', '--helper', 'ecr-login'])).toMatchObject({
      exitCode: 0,
    });
    expect(store.stored('a.example.json')).toEqual({ credHelper: 'ecr-login' });
  });

  test('changes nothing where there is a credential already', () => {
    store.add('a.example');
    const { exitCode, stderr } = store.run(['add', 'a.example', '--username', 'v'], 'other');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('change it with: pullkey credentials rotate a.example');
    expect(store.stored('a.example.json')).toEqual({ username: 'u', password: PASSWORD });
  });

  test.each([
    [[], '', 'standard input holds no password'],
    [[], '\n', 'standard input holds no password'],
    [[], new Uint8Array([0xff]), 'is no UTF-8 text'],
  ])('ends with 1 for a bad password (%#)', (more, input, reason) => {
    const run = store.run(['add', 'a.example', '--username', 'u', ...more], input);
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain(reason);
    expect(existsSync(store.root)).toBe(false);
  });

  test.each([
    [['a.example'], 'give either --username, or --helper'],
    [['a.example', '--username', 'u', '--helper', 'h'], 'give either --username, or --helper'],
    [['a.example', '--helper', '../h'], 'Expected the NAME of a program docker-credential-NAME'],
    [['a.example', '--username', 'u', '--duration', '1d'], 'the duration "1d", which the kubelet'],
    [['a.example', '--username', 'u', '--password', 'p'], "unknown option '--password'"],
    [['https://a.example/', '--username', 'u'], 'is no scope; write a registry as HOST[:PORT]'],
    [['a.example/Team', '--username', 'u'], 'is no scope'],
    [['a.example/team:tag', '--username', 'u'], 'is no scope'],
    [['a.example/', '--username', 'u'], 'is no scope'],
    [['../../etc/shadow', '--username', 'u'], 'is no scope'],
    [['a.example./x', '--username', 'u'], 'is no scope'],
    [['', '--username', 'u'], 'is no scope'],
    [['config', '--username', 'u'], "config.json in the store is Docker's own file"],
  ])('refuses %j as wrong usage, and leaves no store behind', (args, reason) => {
    const { exitCode, stdout, stderr } = store.run(['add', ...args], PASSWORD);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(reason);
    expect(existsSync(store.root)).toBe(false);
  });

  test('refuses a store that others can read, with the command that mends it', () => {
    mkdirSync(store.root, { recursive: true });
    chmodSync(store.root, 0o755);
    const { exitCode, stderr } = store.add('a.example');
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`chmod 0700 ${store.root}`);
  });

  test('writes through no link', () => {
    mkdirSync(store.root, { recursive: true, mode: 0o700 });
    symlinkSync(store.outside, `${store.root}/a.example`);
    expect(store.add('a.example/x').stderr).toContain('is a link; replace it by a real directory');
    expect(existsSync(`${store.outside}/x.json`)).toBe(false);
  });

  test('makes directories above the store that nobody else can write, whatever the umask', () => {
    const add = `printf p | '${process.execPath}' '${MAIN}' credentials add a.example --username u`;
    const script = `umask 000; ${add} --no-encrypt --credroot '${store.root}'`;
    expect(Bun.spawnSync(['sh', '-c', script]).exitCode).toBe(0);
    expect(modeOf(dirname(store.root))).toBe('755');
    expect(modeOf(store.root)).toBe('700');
    expect(modeOf(`${store.root}/a.example.json`)).toBe('600');
  });

  systemdCredsTest('encrypts where systemd-creds can', async () => {
    store.run(['add', 'a.example', '--username', 'u'], PASSWORD);
    expect(readdirSync(store.root)).toEqual(['a.example.cred']);
    expect(modeOf(`${store.root}/a.example.cred`)).toBe('600');
  });

  otherHostTest('stores plain text where systemd-creds is not installed', async () => {
    const add = ['credentials', 'add', 'a.example', '--username', 'u', '--credroot', store.root];
    const command = [...inPlaceOfSystemdCreds('/dev/null'), process.execPath, MAIN, ...add];
    const refused = Bun.spawnSync([...command, '--encrypt'], { stdin: Buffer.from('p') });
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr.toString()).toContain('(systemd-creds is not installed); run as root');
    expect(existsSync(store.root)).toBe(false);
    expect(Bun.spawnSync(command, { stdin: Buffer.from('p') }).exitCode).toBe(0);
    expect(store.stored('a.example.json')).toEqual({ username: 'u', password: 'p' });
  });
});
