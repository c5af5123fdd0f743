import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { KeptStore } from '../support/kept-store.ts';
import { PASSWORD } from '../support/secrecy.ts';
import { systemdCredsTest } from '../support/systemd-creds.ts';

let store: KeptStore;
beforeEach(() => {
  store = new KeptStore();
});
afterEach(() => store[Symbol.dispose]());

describe('pullkey credentials rotate', () => {
  test('gives another password and keeps the rest', () => {
    store.add('a.example', '--duration', '12h');
    expect(store.run(['rotate', 'a.example'], 'new\n').exitCode).toBe(0);
    expect(store.stored('a.example.json')).toEqual({
      username: 'u',
      password: 'new',
      duration: '12h',
    });
    expect(readdirSync(store.root)).toEqual(['a.example.json']);
  });

  test('changes user name and duration where they are given', () => {
    store.add('a.example');
    store.run(['rotate', 'a.example', '--username', 'v', '--duration', '1h'], 'new');
    expect(store.stored('a.example.json')).toEqual({
      username: 'v',
      password: 'new',
      duration: '1h',
    });
  });

  test('writes a broken file anew where the user name is given', () => {
    store.add('a.example');
    writeFileSync(`${store.root}/a.example.json`, '{');
    expect(store.run(['rotate', 'a.example'], 'new').stderr).toContain('it is no JSON document');
    expect(store.run(['rotate', 'a.example', '--username', 'v'], 'new').exitCode).toBe(0);
    expect(store.stored('a.example.json')).toEqual({ username: 'v', password: 'new' });
  });

  test('leaves a credential helper’s password to the helper', () => {
    store.run(['add', 'a.example', '--helper', 'gcr']);
    const { exitCode, stderr } = store.run(['rotate', 'a.example', '--username', 'u'], 'new');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('is kept by the credential helper "gcr"; change it there');
  });

  test('says where nothing is stored', () => {
    const { exitCode, stderr } = store.run(['rotate', 'a.example'], 'new');
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`there is no credential for "a.example" in "${store.root}"`);
  });

  systemdCredsTest('keeps an encrypted one encrypted, and changes that where asked', async () => {
    store.run(['add', 'a.example', '--username', 'u', '--encrypt'], PASSWORD);
    store.run(['rotate', 'a.example'], 'new');
    expect(readdirSync(store.root)).toEqual(['a.example.cred']);
    store.run(['rotate', 'a.example', '--no-encrypt'], 'newer');
    expect(readdirSync(store.root)).toEqual(['a.example.json']);
    expect(store.stored('a.example.json')).toEqual({ username: 'u', password: 'newer' });
  });
});

describe('pullkey credentials remove', () => {
  test('takes the file away, and directories that are empty then', () => {
    store.add('a.example/team/app');
    store.add('a.example/other');
    expect(store.run(['remove', 'a.example/team/app'])).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: 'Removed the credential for a.example/team/app\n',
    });
    expect(readdirSync(store.root, { recursive: true }).sort()).toEqual([
      'a.example',
      'a.example/other.json',
    ]);
    store.run(['remove', 'a.example/other']);
    expect(readdirSync(store.root)).toEqual([]);
  });

  test('removes nothing by way of a link, which may lead out of the store', () => {
    mkdirSync(store.root, { recursive: true, mode: 0o700 });
    symlinkSync(store.outside, `${store.root}/a.example`);
    writeFileSync(`${store.outside}/x.json`, '{}');
    const { exitCode, stderr } = store.run(['remove', 'a.example/x']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('is a link; replace it by a real directory');
    expect(existsSync(`${store.outside}/x.json`)).toBe(true);
  });

  test('removes the link itself where a scope’s file is one', () => {
    mkdirSync(store.root, { recursive: true, mode: 0o700 });
    writeFileSync(`${store.outside}/x.json`, '{}');
    symlinkSync(`${store.outside}/x.json`, `${store.root}/a.example.json`);
    expect(store.run(['remove', 'a.example']).exitCode).toBe(0);
    expect(readdirSync(store.root)).toEqual([]);
    expect(existsSync(`${store.outside}/x.json`)).toBe(true);
  });

  test('says what is in the place of a directory', () => {
    store.add('a.example');
    renameSync(`${store.root}/a.example.json`, `${store.root}/a.example`);
    const { exitCode, stderr } = store.run(['remove', 'a.example/x/y']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`"${store.root}/a.example" is no directory`);
  });

  test('says where nothing is stored', () => {
    expect(store.run(['remove', 'a.example'])).toMatchObject({ exitCode: 1, stdout: '' });
  });
});
