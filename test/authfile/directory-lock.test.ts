import { afterAll, describe, expect, test } from 'bun:test';
import { withDirectoryLock } from '../../src/authfile/directory-lock.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const directory = temporaryDirectory();
afterAll(() => directory[Symbol.dispose]());
const path = `${directory.path}/file.json`;
const told = (isLocked: boolean) => isLocked;

describe('a lock of the auth directory', () => {
  test('is shared by who publishes', () =>
    expect(withDirectoryLock(path, 'shared', () => withDirectoryLock(path, 'shared', told))).toBe(
      true,
    ));
  test.each([
    ['shared', 'exclusive'],
    ['exclusive', 'shared'],
    ['exclusive', 'exclusive'],
  ] as const)('that is %s keeps one that is %s away, which is told so', (first, second) =>
    expect(withDirectoryLock(path, first, () => withDirectoryLock(path, second, told))).toBe(false),
  );
  test('goes with its step, also where that fails', () => {
    const fail = () => {
      throw new Error('the step failed');
    };
    expect(() => withDirectoryLock(path, 'exclusive', fail)).toThrow('the step failed');
    expect(withDirectoryLock(path, 'exclusive', told)).toBe(true);
  });
  test('cannot be had of a directory that is gone', () =>
    expect(() => withDirectoryLock(`${directory.path}/gone/file`, 'shared', told)).toThrow(
      'ENOENT',
    ));
});
