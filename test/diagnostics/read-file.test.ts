import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import {
  readRegularFile,
  UnfitFileError,
  unreadableReason,
} from '../../src/diagnostics/read-file.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const MIB = 1024 * 1024;
const directory = temporaryDirectory();
const at = (name: string) => `${directory.path}/${name}`;

function writeSparse(name: string, size: number): void {
  writeFileSync(at(name), '');
  truncateSync(at(name), size);
}

function reasonFor(path: string, largest?: number): string {
  try {
    return `read: ${readRegularFile(path, largest)?.length}`;
  } catch (error) {
    return unreadableReason(error);
  }
}

beforeAll(() => {
  writeFileSync(at('empty'), '');
  writeFileSync(at('text'), 'a\u00e9\n');
  symlinkSync('text', at('link'));
  symlinkSync('/dev/null', at('off'));
  symlinkSync('nowhere', at('dangling'));
  mkdirSync(at('directory'));
  expect(Bun.spawnSync(['mkfifo', at('pipe')]).exitCode).toBe(0);
  writeSparse('mib', MIB);
  writeSparse('mib-and-one', MIB + 1);
  writeSparse('largest', 16 * MIB);
  writeSparse('endless', 3 * 1024 * MIB);
});
afterAll(() => directory[Symbol.dispose]());

describe('a regular file is read', () => {
  test.each([
    ['empty', ''],
    ['off', ''],
    ['text', 'a\u00e9\n'],
    ['link', 'a\u00e9\n'],
  ])('as a whole: %s', (name, text) =>
    expect(Buffer.from(readRegularFile(at(name)) ?? 'none').toString()).toBe(text),
  );
  test('of /proc, which tells no size', () =>
    expect(Buffer.from(readRegularFile('/proc/self/status') ?? []).toString()).toContain(
      'Threads:',
    ));
  test('of exactly the bound', () => {
    expect(readRegularFile(at('mib'), MIB)?.length).toBe(MIB);
    expect(readRegularFile(at('largest'))?.length).toBe(16 * MIB);
  });
});

describe('there is none', () => {
  test.each(['nowhere', 'dangling', 'nowhere/file'])('at %s', (name) =>
    expect(readRegularFile(at(name))).toBeUndefined(),
  );
});

describe('a reason is given where it is', () => {
  test.each([
    ['a pipe', at('pipe'), 'it is no regular file'],
    ['a device', '/dev/zero', 'it is no regular file'],
    ['a directory', at('directory'), 'is a directory (EISDIR)'],
    ['below a file', at('text/file'), 'not a directory (ENOTDIR)'],
    ['3 GiB large', at('endless'), 'it is larger than 16 MiB'],
  ])('%s', (_, path, reason) => expect(reasonFor(path)).toBe(reason));
  test('a byte larger than the bound', () =>
    expect(reasonFor(at('mib-and-one'), MIB)).toBe('it is larger than 1 MiB'));
  test('a socket', () => {
    using _ = Bun.listen({ unix: at('socket'), socket: { data() {} } });
    expect(() => readRegularFile(at('socket'))).toThrow(UnfitFileError);
  });
});
