import { describe, expect, test } from 'bun:test';
import {
  linkSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { removeIf } from '../../src/authfile/remove.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** A predicate that says yes at the first look and no at the second, and does something between the two. */
function onlyAtFirst(between: () => void = () => undefined): () => boolean {
  let looks = 0;
  return () => {
    looks += 1;
    if (looks === 1) between();
    return looks === 1;
  };
}

describe('removing a file of the auth directory', () => {
  test('removes what is meant, and nothing else', () => {
    using directory = temporaryDirectory();
    for (const name of ['a', 'b']) writeFileSync(`${directory.path}/${name}`, name);
    expect(removeIf(`${directory.path}/a`, ({ size }) => size === 1)).toBe(true);
    expect(removeIf(`${directory.path}/b`, ({ size }) => size === 2)).toBe(false);
    expect(readdirSync(directory.path)).toEqual(['b']);
  });
  test('puts back what turns out to be another file', () => {
    using directory = temporaryDirectory();
    const path = `${directory.path}/a`;
    writeFileSync(path, 'old');
    const replace = () => {
      writeFileSync(`${directory.path}/new`, 'new');
      renameSync(`${directory.path}/new`, path);
    };
    expect(removeIf(path, onlyAtFirst(replace))).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(readdirSync(directory.path)).toEqual(['a']);
  });
  test('does not put it over a newer one', () => {
    using directory = temporaryDirectory();
    const path = `${directory.path}/a`;
    writeFileSync(path, 'other');
    let looks = 0;
    const isMeant = () => {
      looks += 1;
      // It is set aside by now, and the next plugin publishes.
      if (looks === 2) writeFileSync(path, 'newer');
      return looks === 1;
    };
    expect(removeIf(path, isMeant)).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe('newer');
    expect(readdirSync(directory.path)).toEqual(['a']);
  });
  test('leaves alone what is gone, taken in between, or a link', () => {
    using directory = temporaryDirectory();
    const path = `${directory.path}/a`;
    expect(removeIf(path, () => true)).toBe(false);
    writeFileSync(path, 'taken');
    const take = onlyAtFirst(() => renameSync(path, `${directory.path}/taken`));
    expect(removeIf(path, take)).toBe(false);
    symlinkSync(`${directory.path}/taken`, path);
    expect(removeIf(path, () => true)).toBe(false);
    expect(readdirSync(directory.path)).toEqual(['a', 'taken']);
  });
  test('of two names removes one', () => {
    using directory = temporaryDirectory();
    writeFileSync(`${directory.path}/a`, 'x');
    linkSync(`${directory.path}/a`, `${directory.path}/b`);
    expect(removeIf(`${directory.path}/a`, () => true)).toBe(true);
    expect(readdirSync(directory.path)).toEqual(['b']);
  });
});
