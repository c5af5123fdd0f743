import { describe, expect, test } from 'bun:test';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { ensureAuthDirectory } from '../../src/authfile/directory.ts';
import { publish } from '../../src/authfile/publish.ts';
import { Failure } from '../../src/diagnostics/errors.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const WAIT = { publishWait: 2_000, deadline: Number.POSITIVE_INFINITY };
const isRoot = process.getuid?.() === 0;

/** A file as an earlier run left it, that many milliseconds ago. */
function leave(path: string, content: string, age: number): void {
  writeFileSync(path, content);
  const written = (Date.now() - age) / 1000;
  utimesSync(path, written, written);
}

describe('publishing an auth file', () => {
  test('writes it for its owner alone and leaves nothing else', async () => {
    using directory = temporaryDirectory();
    const path = `${directory.path}/a.json`;
    expect(await publish(path, 'content', WAIT)).toMatchObject({ how: 'linked' });
    expect(readFileSync(path, 'utf8')).toBe('content');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(directory.path)).toEqual(['a.json']);
  });

  test('waits until CRI-O has taken the one before', async () => {
    using directory = temporaryDirectory();
    const path = `${directory.path}/a.json`;
    leave(path, 'first', 0);
    const second = publish(path, 'second', WAIT);
    await Bun.sleep(20);
    expect(readFileSync(path, 'utf8')).toBe('first');
    renameSync(path, `${directory.path}/taken`);
    expect(await second).toMatchObject({ how: 'linked' });
    expect(readFileSync(path, 'utf8')).toBe('second');
  });

  test('replaces one that nobody took', async () => {
    using directory = temporaryDirectory();
    const path = `${directory.path}/a.json`;
    leave(path, 'old', 3_000);
    expect(await publish(path, 'new', WAIT)).toMatchObject({ how: 'replaced' });
    expect(readFileSync(path, 'utf8')).toBe('new');
  });

  test('keeps an equal one that nobody took', async () => {
    using directory = temporaryDirectory();
    const path = `${directory.path}/a.json`;
    leave(path, 'same', 3_000);
    const { ino } = statSync(path);
    expect(await publish(path, 'same', WAIT)).toEqual({ how: 'kept' });
    expect(statSync(path).ino).toBe(ino);
  });

  test('takes a file from the future for a leftover', async () => {
    using directory = temporaryDirectory();
    const path = `${directory.path}/a.json`;
    leave(path, 'old', -3_600_000);
    expect(await publish(path, 'new', WAIT)).toMatchObject({ how: 'replaced' });
  });

  test('does not wait beyond the deadline', async () => {
    using directory = temporaryDirectory();
    const path = `${directory.path}/a.json`;
    leave(path, 'old', 0);
    const wait = { publishWait: 3_600_000, deadline: Date.now() };
    expect(await publish(path, 'new', wait)).toMatchObject({ how: 'replaced' });
  });

  test('replaces a link without following it', async () => {
    using directory = temporaryDirectory();
    const path = `${directory.path}/a.json`;
    writeFileSync(`${directory.path}/foreign`, 'foreign');
    symlinkSync(`${directory.path}/foreign`, path);
    expect(await publish(path, 'foreign', WAIT)).toMatchObject({ how: 'replaced' });
    expect(readFileSync(`${directory.path}/foreign`, 'utf8')).toBe('foreign');
    expect(statSync(path).ino).not.toBe(statSync(`${directory.path}/foreign`).ino);
  });

  test('fails where a directory has its name, and leaves nothing', async () => {
    using directory = temporaryDirectory();
    mkdirSync(`${directory.path}/a.json`);
    expect(publish(`${directory.path}/a.json`, 'x', WAIT)).rejects.toThrow(Failure);
    await Bun.sleep(0);
    expect(readdirSync(directory.path)).toEqual(['a.json']);
  });

  test('gives each of ten pulls its own complete file', async () => {
    using directory = temporaryDirectory();
    const path = `${directory.path}/a.json`;
    const takes: string[] = [];
    await Promise.all(
      Array.from({ length: 10 }, async (_, index) => {
        await publish(path, `content ${index}`, WAIT);
        renameSync(path, `${directory.path}/taken-${index}`);
        takes.push(readFileSync(`${directory.path}/taken-${index}`, 'utf8'));
      }),
    );
    expect(takes.toSorted()).toEqual(Array.from({ length: 10 }, (_, index) => `content ${index}`));
  });
});

describe('the auth directory', () => {
  test('is created for its owner alone', () => {
    using directory = temporaryDirectory();
    ensureAuthDirectory(`${directory.path}/crio/auth`);
    expect(statSync(`${directory.path}/crio/auth`).mode & 0o777).toBe(0o700);
  });
  test('may not be a link', () => {
    using directory = temporaryDirectory();
    mkdirSync(`${directory.path}/real`);
    symlinkSync(`${directory.path}/real`, `${directory.path}/auth`);
    expect(() => ensureAuthDirectory(`${directory.path}/auth`)).toThrow('it is a link');
    expect(() => ensureAuthDirectory(`${directory.path}/auth/`)).toThrow('it is a link');
  });
  test('may not be a file', () => {
    using directory = temporaryDirectory();
    writeFileSync(`${directory.path}/auth`, '');
    expect(() => ensureAuthDirectory(`${directory.path}/auth`)).toThrow('it is not a directory');
  });
  test('may not be writable for others', () => {
    using directory = temporaryDirectory();
    chmodSync(directory.path, 0o777);
    expect(() => ensureAuthDirectory(directory.path)).toThrow(`chmod 0700 ${directory.path}`);
  });
  test.skipIf(isRoot)('that cannot be created is named', () => {
    using directory = temporaryDirectory();
    chmodSync(directory.path, 0o500);
    expect(() => ensureAuthDirectory(`${directory.path}/auth`)).toThrow(
      'permission denied (EACCES)',
    );
  });
});
