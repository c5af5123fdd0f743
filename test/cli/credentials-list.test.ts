import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { chmodSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { KeptStore } from '../support/kept-store.ts';
import { pullkey } from '../support/pullkey.ts';
import { PASSWORD } from '../support/secrecy.ts';

let store: KeptStore;
beforeEach(() => {
  store = new KeptStore();
});
afterEach(() => store[Symbol.dispose]());

describe('pullkey credentials list', () => {
  test('shows scope, user, kind, age and mode, never a password', () => {
    store.add('a.example:5000/team');
    store.run(['add', 'b.example', '--helper', 'gcr']);
    utimesSync(`${store.root}/b.example.json`, 0, Date.now() / 1000 - 3 * 86_400);
    const { stdout } = store.run(['list']);
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
    store.add('a.example');
    const [row, ...rest] = JSON.parse(store.run(['list', '-o', 'json']).stdout);
    expect(rest).toEqual([]);
    expect({ ...row, ageSeconds: row.ageSeconds >= 0 }).toEqual({
      path: `${store.root}/a.example.json`,
      kind: 'plain',
      scope: 'a.example',
      user: 'u',
      duration: '0h5m0s',
      ageSeconds: true,
      mode: '0600',
    });
  });

  test('shows what is in a config.json', () => {
    mkdirSync(store.root, { recursive: true, mode: 0o700 });
    const auth = Buffer.from(`u:${PASSWORD}`).toString('base64');
    const config = {
      auths: { 'https://a.example/': { auth }, 'b.example': { auth: '!' } },
      credHelpers: { 'c.example': 'gcr' },
      credsStore: 'pass',
    };
    writeFileSync(`${store.root}/config.json`, JSON.stringify(config), { mode: 0o600 });
    const rows: Record<string, unknown>[] = JSON.parse(store.run(['list', '-o', 'json']).stdout);
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
    store.add('open.example');
    chmodSync(`${store.root}/open.example.json`, 0o644);
    store.add('broken.example');
    writeFileSync(`${store.root}/broken.example.json`, PASSWORD);
    writeFileSync(`${store.root}/UPPER.example.json`, '{}', { mode: 0o600 });
    writeFileSync(`${store.root}/notes.txt`, PASSWORD);
    store.add('twice.example');
    writeFileSync(`${store.root}/twice.example.cred`, '', { mode: 0o600 });
    const rows: { path: string; problem?: string }[] = JSON.parse(
      store.run(['list', '-o', 'json']).stdout,
    );
    const problem = (name: string) =>
      rows.find(({ path }) => path === `${store.root}/${name}`)?.problem ?? 'none';
    expect(problem('open.example.json')).toContain(`chmod 0600 ${store.root}/open.example.json`);
    expect(problem('broken.example.json')).toContain(
      'it is no JSON document, from line 1, column 1',
    );
    expect(problem('UPPER.example.json')).toContain('its name is no scope in lower case');
    expect(problem('twice.example.json')).toContain(
      `it is hidden by "${store.root}/twice.example.cred"`,
    );
    expect(rows).toHaveLength(5);
  });

  test('has nothing to show where there is no store', () => {
    expect(store.run(['list'])).toEqual({
      exitCode: 0,
      stdout: 'nothing is stored\n',
      stderr: '',
    });
    expect(store.run(['list', '-o', 'json']).stdout).toBe('[]\n');
  });
});

test('pullkey credentials lists its commands', () => {
  const { stdout } = pullkey(['credentials', '--help']);
  for (const name of ['add', 'list', 'remove', 'rotate', 'check'])
    expect(stdout).toContain(`  ${name} `);
});
