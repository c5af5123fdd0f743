import { afterAll, describe, expect, test } from 'bun:test';
import { execFileSync } from 'node:child_process';
import * as nodeFs from 'node:fs';
import { join } from 'node:path';
import type { FileSystem } from '../../src/system/file-system.ts';
import { libc } from '../../src/system/libc.ts';
import { libcFiles } from '../../src/system/libc-files.ts';
import * as openFlags from '../../src/system/open-flags.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

if (libc === undefined) throw new Error('the tests need glibc ≥ 2.30');
const ours: FileSystem = libcFiles(libc);
const theirs: FileSystem = nodeFs;
const made = new DisposableStack();
afterAll(() => made.dispose());
const newDirectory = () => made.use(temporaryDirectory()).path;

const ONLY_IF_THERE = { throwIfNoEntry: false } as const;

/** What a call gives: its answer, or the code of its error. */
function outcome<T>(call: () => T): { readonly answer: T } | { readonly code: unknown } {
  try {
    return { answer: call() };
  } catch (error) {
    return { code: error instanceof Error && 'code' in error ? error.code : error };
  }
}

/** Runs the same call on both, and expects the same of both. */
function expectSame<T>(call: (files: FileSystem) => T): void {
  expect(outcome(() => call(ours))).toEqual(outcome(() => call(theirs)));
}

function shown(status: ReturnType<FileSystem['fstatSync']> | undefined): unknown {
  if (status === undefined) return undefined;
  const { ino, mode, uid, size, mtimeMs, rdev } = status;
  return {
    ...{ ino, mode, uid, size, mtimeMs, rdev },
    isFile: status.isFile(),
    isDirectory: status.isDirectory(),
    isSymbolicLink: status.isSymbolicLink(),
    isFIFO: status.isFIFO(),
    isCharacterDevice: status.isCharacterDevice(),
  };
}

/** A directory with one of each kind of thing. */
function zoo(): { readonly path: string; readonly names: readonly string[] } {
  const path = newDirectory();
  const at = (name: string) => join(path, name);
  nodeFs.writeFileSync(at('file'), 'content', { mode: 0o640 });
  nodeFs.writeFileSync(at('größe-大'), '');
  nodeFs.truncateSync(at('größe-大'), 5 * 2 ** 30);
  nodeFs.utimesSync(at('file'), 1e9, 1234567890.25);
  nodeFs.writeFileSync(at('before-1970'), '');
  nodeFs.utimesSync(at('before-1970'), -5, -1000.5);
  nodeFs.mkdirSync(at('directory'), { mode: 0o711 });
  nodeFs.symlinkSync('file', at('link'));
  nodeFs.symlinkSync('nowhere', at('dangling'));
  nodeFs.symlinkSync('loop', at('loop'));
  execFileSync('mkfifo', [at('pipe')]);
  return { path, names: nodeFs.readdirSync(path) };
}

describe('what the system says of files is as node:fs says it', () => {
  const { path, names } = zoo();
  const others = ['missing', 'file/below', 'x'.repeat(300), '../../dev/null'];
  test.each([...names, ...others])('%p', (name) => {
    const one = join(path, name);
    expectSame((files) => shown(files.lstatSync(one, ONLY_IF_THERE)));
    expectSame((files) => shown(files.statSync(one, ONLY_IF_THERE)));
  });

  test.each(['/dev/null', '/proc/self/stat', '/', ''])('%p', (one) => {
    expectSame((files) => shown(files.lstatSync(one, ONLY_IF_THERE)));
    expectSame((files) => shown(files.statSync(one, ONLY_IF_THERE)));
  });

  test('an open file', () => {
    const file = nodeFs.openSync(join(path, 'file'), 'r');
    expectSame((files) => shown(files.fstatSync(file)));
    nodeFs.closeSync(file);
    expectSame((files) => shown(files.fstatSync(file)));
  });

  test('a path with a NUL byte is refused', () => {
    expect(outcome(() => ours.lstatSync('/etc\0/x', ONLY_IF_THERE))).toEqual({ code: 'EINVAL' });
  });
});

test('the flags are those of this architecture', () => {
  const { O_CLOEXEC, ...flags } = openFlags;
  expect(nodeFs.constants).toMatchObject(flags);
});

describe('opening', () => {
  const { path } = zoo();
  const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = openFlags;
  const cases: readonly [name: string, flags: number][] = [
    ['missing', O_RDONLY],
    ['file', O_WRONLY | O_CREAT | O_EXCL],
    ['link', O_RDONLY | O_NOFOLLOW],
    ['loop', O_RDONLY],
    ['directory', O_WRONLY],
    ['file', O_RDONLY | O_DIRECTORY],
    ['file/below', O_RDONLY],
    ['pipe', O_WRONLY | O_NONBLOCK],
  ];
  test.each(cases)('%s with flags %d fails as in node:fs', (name, flags) => {
    const code = outcome(() => theirs.openSync(join(path, name), flags));
    expect(code).toHaveProperty('code');
    expect(outcome(() => ours.openSync(join(path, name), flags))).toEqual(code);
  });

  test('a new file has the mode asked for, and is not passed on to children', () => {
    const file = ours.openSync(join(path, 'new'), O_WRONLY | O_CREAT | O_EXCL, 0o600);
    expect(nodeFs.statSync(join(path, 'new')).mode & 0o777).toBe(0o600);
    const flags = nodeFs.readFileSync(`/proc/self/fdinfo/${file}`, 'utf8');
    expect(
      Number.parseInt(/flags:\t(\d+)/.exec(flags)?.[1] ?? '', 8) & openFlags.O_CLOEXEC,
    ).not.toBe(0);
    ours.closeSync(file);
    expect(outcome(() => theirs.fstatSync(file))).toEqual({ code: 'EBADF' });
  });
});

describe('reading and writing', () => {
  const path = join(newDirectory(), 'file');

  test('goes on where it stopped, at the offsets given', () => {
    const writer = nodeFs.openSync(path, 'w');
    const text = new TextEncoder().encode('0123456789');
    expect(ours.writeSync(writer, text, 4)).toBe(6);
    expect(ours.writeSync(writer, text, 10)).toBe(0);
    nodeFs.closeSync(writer);
    const reader = ours.openSync(path, openFlags.O_RDONLY);
    const bytes = new Uint8Array(8);
    expect(ours.readSync(reader, bytes, 2, 4, null)).toBe(4);
    expect(new TextDecoder().decode(bytes)).toBe('\0\x004567\0\0');
    expect(ours.readSync(reader, bytes, 0, 8, null)).toBe(2);
    expect(ours.readSync(reader, bytes, 0, 8, null)).toBe(0);
    ours.closeSync(reader);
  });

  test('fails with the code of node:fs', () => {
    const directory = ours.openSync('/', openFlags.O_RDONLY);
    expectSame((files) => files.readSync(directory, new Uint8Array(1), 0, 1, null));
    expectSame((files) => files.writeSync(directory, new Uint8Array(1), 0));
    ours.closeSync(directory);
    const full = ours.openSync('/dev/full', openFlags.O_WRONLY);
    expectSame((files) => files.writeSync(full, new Uint8Array(1), 0));
    ours.closeSync(full);
  });
});

describe('directories and links', () => {
  const { path } = zoo();

  test('names are those of node:fs, however many there are', () => {
    expect(ours.readdirSync(path).toSorted()).toEqual(nodeFs.readdirSync(path).toSorted());
    const many = newDirectory();
    for (let index = 0; index < 600; index += 1) {
      nodeFs.writeFileSync(join(many, `${index}-${'ä'.repeat(index % 100)}`), '');
    }
    expect(ours.readdirSync(many).toSorted()).toEqual(nodeFs.readdirSync(many).toSorted());
    expectSame((files) => files.readdirSync(join(path, 'missing')));
    expectSame((files) => files.readdirSync(join(path, 'file')));
  });

  test('real paths are those of node:fs', () => {
    for (const name of [
      'file',
      'link',
      'dangling',
      'loop',
      'missing',
      'file/x',
      'directory/../link',
      'größe-groß',
    ]) {
      expectSame((files) => files.realpathSync(join(path, name)));
    }
    expectSame((files) => files.realpathSync('/proc/self/cwd'));
  });

  test('a link is made once, and removed once', () => {
    ours.linkSync(join(path, 'file'), join(path, 'second'));
    expect(nodeFs.statSync(join(path, 'second')).nlink).toBe(2);
    expectSame((files) => files.linkSync(join(path, 'file'), join(path, 'second')));
    ours.unlinkSync(join(path, 'second'));
    expect(nodeFs.existsSync(join(path, 'second'))).toBe(false);
    expectSame((files) => files.unlinkSync(join(path, 'second')));
    expectSame((files) => files.unlinkSync(join(path, 'directory')));
  });
});
