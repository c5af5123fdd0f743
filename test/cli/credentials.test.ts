import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { pullkey } from '../support/pullkey.ts';
import { expectNoSecrets, PASSWORD } from '../support/secrecy.ts';
import { systemdCredsTest } from '../support/systemd-creds.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

let directory: ReturnType<typeof temporaryDirectory>;
let root: string;
beforeEach(() => {
  directory = temporaryDirectory();
  root = `${directory.path}/etc/registries`;
});
afterEach(() => directory[Symbol.dispose]());

function credentials(args: readonly string[], stdin: string | Uint8Array = '') {
  const run = pullkey(['credentials', ...args, '--credroot', root], stdin);
  expectNoSecrets(run);
  return run;
}

function add(scope: string, ...more: readonly string[]) {
  return credentials(['add', scope, '--username', 'u', '--no-encrypt', ...more], `${PASSWORD}\n`);
}

function stored(name: string): unknown {
  return JSON.parse(readFileSync(`${root}/${name}`, 'utf8'));
}

const mode = (path: string) => (statSync(path).mode & 0o7777).toString(8);

describe('pullkey credentials add', () => {
  test('writes a file that is the owner’s alone, in directories that are too', () => {
    expect(add('a.example:5000/team/app')).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: `Stored the credential of "u" in plain text for a.example:5000/team/app in ${root}/a.example:5000/team/app.json\n`,
    });
    expect(stored('a.example:5000/team/app.json')).toEqual({ username: 'u', password: PASSWORD });
    expect(mode(`${root}/a.example:5000/team/app.json`)).toBe('600');
    for (const path of ['', '/a.example:5000', '/a.example:5000/team']) {
      expect(mode(root + path)).toBe('700');
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
    expect(add(scope).exitCode).toBe(0);
    expect(existsSync(`${root}/${name}`)).toBe(true);
  });

  test.each([
    ['pass\n', 'pass'],
    ['pass\r\n', 'pass'],
    ['pass', 'pass'],
    ['pass\n\n', 'pass\n'],
    [' päss ', ' päss '],
    ['{\n "key": 1\n}\n', '{\n "key": 1\n}'],
  ])('takes %j from standard input as %j', (input, password) => {
    credentials(['add', 'a.example', '--username', 'u', '--no-encrypt'], input);
    expect(stored('a.example.json')).toEqual({ username: 'u', password });
  });

  test('keeps a duration that is not the default', () => {
    add('a.example', '--duration', '12h');
    expect(stored('a.example.json')).toEqual({
      username: 'u',
      password: PASSWORD,
      duration: '12h',
    });
  });

  test('stores the name of a helper, without asking for a password', () => {
    expect(credentials(['add', 'a.example', '--helper', 'ecr-login'])).toMatchObject({
      exitCode: 0,
    });
    expect(stored('a.example.json')).toEqual({ credHelper: 'ecr-login' });
  });

  test('changes nothing where there is a credential already', () => {
    add('a.example');
    const { exitCode, stderr } = credentials(['add', 'a.example', '--username', 'v'], 'other');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('change it with: pullkey credentials rotate a.example');
    expect(stored('a.example.json')).toEqual({ username: 'u', password: PASSWORD });
  });

  test.each([
    [[], '', 'standard input holds no password'],
    [[], '\n', 'standard input holds no password'],
    [[], new Uint8Array([0xff]), 'is no UTF-8 text'],
  ])('ends with 1 for a bad password (%#)', (more, input, reason) => {
    const run = credentials(['add', 'a.example', '--username', 'u', ...more], input);
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain(reason);
    expect(existsSync(root)).toBe(false);
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
    const { exitCode, stdout, stderr } = credentials(['add', ...args], PASSWORD);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(reason);
    expect(existsSync(root)).toBe(false);
  });

  test('refuses a store that others can read, with the command that mends it', () => {
    mkdirSync(root, { recursive: true });
    chmodSync(root, 0o755);
    const { exitCode, stderr } = add('a.example');
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`chmod 0700 ${root}`);
  });

  test('writes through no link', () => {
    mkdirSync(root, { recursive: true, mode: 0o700 });
    symlinkSync(directory.path, `${root}/a.example`);
    expect(add('a.example/x').stderr).toContain('is a link; replace it by a real directory');
    expect(existsSync(`${directory.path}/x.json`)).toBe(false);
  });

  systemdCredsTest('encrypts where systemd-creds can', async () => {
    credentials(['add', 'a.example', '--username', 'u'], PASSWORD);
    expect(readdirSync(root)).toEqual(['a.example.cred']);
    expect(mode(`${root}/a.example.cred`)).toBe('600');
  });
});

describe('pullkey credentials rotate', () => {
  test('gives another password and keeps the rest', () => {
    add('a.example', '--duration', '12h');
    expect(credentials(['rotate', 'a.example'], 'new\n').exitCode).toBe(0);
    expect(stored('a.example.json')).toEqual({ username: 'u', password: 'new', duration: '12h' });
    expect(readdirSync(root)).toEqual(['a.example.json']);
  });

  test('changes user name and duration where they are given', () => {
    add('a.example');
    credentials(['rotate', 'a.example', '--username', 'v', '--duration', '1h'], 'new');
    expect(stored('a.example.json')).toEqual({ username: 'v', password: 'new', duration: '1h' });
  });

  test('writes a broken file anew where the user name is given', () => {
    add('a.example');
    writeFileSync(`${root}/a.example.json`, '{');
    expect(credentials(['rotate', 'a.example'], 'new').stderr).toContain('it is no JSON document');
    expect(credentials(['rotate', 'a.example', '--username', 'v'], 'new').exitCode).toBe(0);
    expect(stored('a.example.json')).toEqual({ username: 'v', password: 'new' });
  });

  test('leaves a credential helper’s password to the helper', () => {
    credentials(['add', 'a.example', '--helper', 'gcr']);
    const { exitCode, stderr } = credentials(['rotate', 'a.example', '--username', 'u'], 'new');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('is kept by the credential helper "gcr"; change it there');
  });

  test('says where nothing is stored', () => {
    const { exitCode, stderr } = credentials(['rotate', 'a.example'], 'new');
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`there is no credential for "a.example" in "${root}"`);
  });

  systemdCredsTest('keeps an encrypted one encrypted, and changes that where asked', async () => {
    credentials(['add', 'a.example', '--username', 'u', '--encrypt'], PASSWORD);
    credentials(['rotate', 'a.example'], 'new');
    expect(readdirSync(root)).toEqual(['a.example.cred']);
    credentials(['rotate', 'a.example', '--no-encrypt'], 'newer');
    expect(readdirSync(root)).toEqual(['a.example.json']);
    expect(stored('a.example.json')).toEqual({ username: 'u', password: 'newer' });
  });
});

describe('pullkey credentials remove', () => {
  test('takes the file away, and directories that are empty then', () => {
    add('a.example/team/app');
    add('a.example/other');
    expect(credentials(['remove', 'a.example/team/app'])).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: 'Removed the credential for a.example/team/app\n',
    });
    expect(readdirSync(root, { recursive: true }).sort()).toEqual([
      'a.example',
      'a.example/other.json',
    ]);
    credentials(['remove', 'a.example/other']);
    expect(readdirSync(root)).toEqual([]);
  });

  test('says where nothing is stored', () => {
    expect(credentials(['remove', 'a.example'])).toMatchObject({ exitCode: 1, stdout: '' });
  });
});

describe('pullkey credentials list', () => {
  test('shows scope, user, kind, age and mode, never a password', () => {
    add('a.example:5000/team');
    credentials(['add', 'b.example', '--helper', 'gcr']);
    utimesSync(`${root}/b.example.json`, 0, Date.now() / 1000 - 3 * 86_400);
    const { stdout } = credentials(['list']);
    expect(stdout.replace(/\d+s/, '0s')).toBe(
      [
        'SCOPE                USER  KIND        AGE  MODE  PROBLEM',
        'a.example:5000/team  u     plain       0s   0600',
        'b.example            -     helper gcr  3d   0600',
        '',
      ].join('\n'),
    );
  });

  test('prints the same as JSON', () => {
    add('a.example');
    const [row, ...rest] = JSON.parse(credentials(['list', '-o', 'json']).stdout);
    expect(rest).toEqual([]);
    expect({ ...row, ageSeconds: row.ageSeconds >= 0 }).toEqual({
      path: `${root}/a.example.json`,
      kind: 'plain',
      scope: 'a.example',
      user: 'u',
      duration: '0h5m0s',
      ageSeconds: true,
      mode: '0600',
    });
  });

  test('shows what is in a config.json', () => {
    mkdirSync(root, { recursive: true, mode: 0o700 });
    const auth = Buffer.from(`u:${PASSWORD}`).toString('base64');
    const config = {
      auths: { 'https://a.example/': { auth }, 'b.example': { auth: '!' } },
      credHelpers: { 'c.example': 'gcr' },
      credsStore: 'pass',
    };
    writeFileSync(`${root}/config.json`, JSON.stringify(config), { mode: 0o600 });
    const rows: Record<string, unknown>[] = JSON.parse(credentials(['list', '-o', 'json']).stdout);
    expect(
      rows.map(({ scope, user, kind, helper, problem }) => [scope, user, kind, helper, problem]),
    ).toEqual([
      ['https://a.example/', 'u', 'docker-config', undefined, undefined],
      ['b.example', undefined, 'docker-config', undefined, 'it has an auth that is not base64'],
      ['c.example', undefined, 'helper', 'gcr', undefined],
      [undefined, undefined, 'helper', 'pass', undefined],
    ]);
  });

  test('says of each file why the plugin does not use it', () => {
    add('open.example');
    chmodSync(`${root}/open.example.json`, 0o644);
    add('broken.example');
    writeFileSync(`${root}/broken.example.json`, PASSWORD);
    writeFileSync(`${root}/UPPER.example.json`, '{}', { mode: 0o600 });
    writeFileSync(`${root}/notes.txt`, PASSWORD);
    add('twice.example');
    writeFileSync(`${root}/twice.example.cred`, '', { mode: 0o600 });
    const rows: { path: string; problem?: string }[] = JSON.parse(
      credentials(['list', '-o', 'json']).stdout,
    );
    const problem = (name: string) =>
      rows.find(({ path }) => path === `${root}/${name}`)?.problem ?? 'none';
    expect(problem('open.example.json')).toContain(`chmod 0600 ${root}/open.example.json`);
    expect(problem('broken.example.json')).toContain(
      'it is no JSON document, from line 1, column 1',
    );
    expect(problem('UPPER.example.json')).toContain('its name is no scope in lower case');
    expect(problem('twice.example.json')).toContain(`it is hidden by "${root}/twice.example.cred"`);
    expect(rows).toHaveLength(5);
  });

  test('has nothing to show where there is no store', () => {
    expect(credentials(['list'])).toEqual({
      exitCode: 0,
      stdout: 'nothing is stored\n',
      stderr: '',
    });
    expect(credentials(['list', '-o', 'json']).stdout).toBe('[]\n');
  });
});

test('pullkey credentials lists its commands', () => {
  const { stdout } = pullkey(['credentials', '--help']);
  for (const name of ['add', 'list', 'remove', 'rotate', 'check'])
    expect(stdout).toContain(`  ${name} `);
});
