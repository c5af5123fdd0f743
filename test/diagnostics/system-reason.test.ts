import { describe, expect, test } from 'bun:test';
import { readdirSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { systemReason, systemWords, wordsWithCode } from '../../src/diagnostics/system-reason.ts';

const SOURCES = new URL('../../src/', import.meta.url).pathname;
const WORDING = 'diagnostics/system-reason.ts';

describe('why the system refused an operation', () => {
  test('is told in words, with the code that people search for', () => {
    expect(systemReason(thrownBy(() => readFileSync('/nonexistent/file')))).toBe(
      'no such file or directory (ENOENT)',
    );
    expect(systemReason(thrownBy(() => readFileSync('/')))).toBe('is a directory (EISDIR)');
  });
  test.each(['ESOMETHING', 'constructor', '__proto__'])(
    'is its code where that has no words: %s',
    (code) => {
      expect(systemWords(code)).toBeUndefined();
      expect(wordsWithCode(code)).toBe(`error ${code}`);
    },
  );
  test('is only the kind of an error that is not the system’s', () => {
    expect(systemReason(new RangeError('password'))).toBe('unknown reason (RangeError)');
    expect(systemReason('password')).toBe('unknown reason (string)');
  });
  test('is a time that is over', async () => {
    const signal = AbortSignal.timeout(1);
    await Bun.sleep(20);
    expect(systemReason(thrownBy(() => signal.throwIfAborted()))).toBe('no answer in time');
  });
  // What opening, reading and writing files can fail with, by the manual pages of Linux.
  test.each(
    'EACCES EBADF EBUSY EDQUOT EEXIST EFBIG EINVAL EIO EISDIR ELOOP EMFILE ENAMETOOLONG ENFILE ENOENT ENOMEM ENOSPC ENOTDIR ENOTEMPTY ENXIO EPERM EPIPE EROFS ETXTBSY EXDEV'.split(
      ' ',
    ),
  )('has words for %s', (code) => {
    expect(constants.errno).toHaveProperty(code);
    expect(systemWords(code)).toMatch(/^[a-z][a-z/ -]+$/);
  });
});

test('no other file words the system’s codes, or puts a bare one into a message', () => {
  const bare = /\$\{[^}]*errorCode\(|errorCode\(error\) \?\? (?:'unknown|String)|String\(error\)\}/;
  const worded = /\bE[A-Z]{3,}: '(?:no such|permission|not a|is a|no space|connection)/;
  const names = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => name.endsWith('.ts') && name !== WORDING);
  expect(files.length).toBeGreaterThan(200);
  const found = files.filter((name) => {
    const text = readFileSync(SOURCES + name, 'utf8');
    return bare.test(text) || worded.test(text);
  });
  expect(found).toEqual([]);
});

function thrownBy(step: () => unknown): unknown {
  try {
    step();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
