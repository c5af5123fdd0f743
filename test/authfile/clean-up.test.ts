import { describe, expect, test } from 'bun:test';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { removeIfOlder, removeStaleFiles, withdraw } from '../../src/authfile/clean-up.ts';
import { type FileIdentity, publish } from '../../src/authfile/publish.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const HOUR = 3_600_000;
const DIGEST = '7e59ad64326bc321517fb6fc6586de5ee149178394d9edfa2a877176cdf6fad5';

function leave(path: string, age: number): void {
  writeFileSync(path, 'content');
  const written = (Date.now() - age) / 1000;
  utimesSync(path, written, written);
}

describe('cleaning up', () => {
  test('removes old files of our name patterns and nothing else', () => {
    using directory = temporaryDirectory();
    const inUse = `${directory.path}/in-use`;
    mkdirSync(inUse);
    leave(`${inUse}/default-${DIGEST}.json-uuid`, 2 * HOUR);
    leave(`${directory.path}/default-${DIGEST}.json`, 2 * HOUR);
    leave(`${directory.path}/young-${DIGEST}.json`, 0);
    leave(`${directory.path}/.auth-12345.tmp`, 2 * HOUR);
    leave(`${directory.path}/.auth-00ff.stale`, 2 * HOUR);
    leave(`${directory.path}/.auth-00fe.tmp`, 0);
    leave(`${directory.path}/config.json`, 2 * HOUR);
    leave(`${directory.path}/default-${DIGEST}.json.bak`, 2 * HOUR);
    mkdirSync(`${directory.path}/dir-${DIGEST}.json`);
    symlinkSync('config.json', `${directory.path}/link-${DIGEST}.json`);
    expect(removeStaleFiles(directory.path, HOUR)).toEqual({ removed: 3 });
    expect(readdirSync(directory.path).sort()).toEqual(
      [
        '.auth-00fe.tmp',
        'config.json',
        `default-${DIGEST}.json.bak`,
        `dir-${DIGEST}.json`,
        'in-use',
        `link-${DIGEST}.json`,
        `young-${DIGEST}.json`,
      ].sort(),
    );
    expect(readdirSync(inUse)).toHaveLength(1);
  });

  test('says which error kept it from removing a file', () => {
    expect(removeStaleFiles('/nonexistent/auth', HOUR)).toEqual({
      removed: 0,
      problem: 'no such file or directory (ENOENT)',
    });
  });

  test('leaves a young file alone', () => {
    using directory = temporaryDirectory();
    const path = `${directory.path}/default-${DIGEST}.json`;
    leave(path, 0);
    expect(removeIfOlder(path, Date.now() - HOUR)).toBe(false);
    expect(readdirSync(directory.path)).toEqual([`default-${DIGEST}.json`]);
  });

  test('never costs CRI-O a file, while both are at work', async () => {
    using directory = temporaryDirectory();
    const path = `${directory.path}/default-${DIGEST}.json`;
    for (let round = 0; round < 200; round += 1) {
      await publish(path, `content ${round}`, {
        publishWait: 2_000,
        deadline: Number.POSITIVE_INFINITY,
      });
      removeStaleFiles(directory.path, HOUR);
      renameSync(path, `${directory.path}/taken`);
      expect(readFileSync(`${directory.path}/taken`, 'utf8')).toBe(`content ${round}`);
    }
  });
});

describe('taking back a file that was published', () => {
  const WAIT = { publishWait: 0, deadline: Number.POSITIVE_INFINITY };
  const NAME = `default-${DIGEST}.json`;

  async function published(path: string, content = 'content'): Promise<FileIdentity> {
    const { own } = await publish(path, content, WAIT);
    if (own === undefined) throw new Error('nothing was published');
    return own;
  }

  test('removes it', async () => {
    using directory = temporaryDirectory();
    const path = `${directory.path}/${NAME}`;
    expect(withdraw(path, await published(path))).toEqual({ removed: 1 });
    expect(readdirSync(directory.path)).toEqual([]);
  });
  test('does nothing where CRI-O has taken it', async () => {
    using directory = temporaryDirectory();
    const path = `${directory.path}/${NAME}`;
    const own = await published(path);
    renameSync(path, `${directory.path}/taken`);
    expect(withdraw(path, own)).toEqual({ removed: 0 });
    expect(readdirSync(directory.path)).toEqual(['taken']);
  });
  test('leaves the next pod’s file, though its content is the same', async () => {
    using directory = temporaryDirectory();
    const path = `${directory.path}/${NAME}`;
    const own = await published(path);
    renameSync(path, `${directory.path}/taken`);
    await published(path);
    expect(withdraw(path, own)).toEqual({ removed: 0 });
    expect(readdirSync(directory.path)).toEqual([NAME, 'taken']);
  });
  test('leaves a file that has got the number of the one that was taken', async () => {
    using directory = temporaryDirectory();
    const path = `${directory.path}/${NAME}`;
    const { ino, mtimeMs } = await published(path);
    expect(withdraw(path, { ino, mtimeMs: mtimeMs - 5_000 })).toEqual({ removed: 0 });
    expect(readdirSync(directory.path)).toEqual([NAME]);
  });
  test('says why it could not', async () => {
    const own = { ino: 1, mtimeMs: 1 };
    expect(withdraw('/dev/null/file.json', own)).toEqual({
      removed: 0,
      problem: 'not a directory (ENOTDIR)',
    });
  });
});
