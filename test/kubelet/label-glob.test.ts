import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { globMatches } from '../../src/kubelet/label-glob.ts';

describe('globMatches', () => {
  test.each([
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['**', 'abc', true],
    ['a*c', 'abbc', true],
    ['a*c', 'abcb', false],
    ['*b*', 'abc', true],
    ['*ab', 'aab', true],
    ['?', 'ä', true],
    ['?', '😀', true],
    ['*', 'a/b', false],
    ['a/*', 'a/b', true],
    ['[a-c]x', 'bx', true],
    ['[^a-c]x', 'bx', false],
    ['[]a]', 'a', undefined],
    ['[a', 'a', undefined],
    ['[-a]', 'a', undefined],
    ['[a-]', 'a', undefined],
    ['[]', '', undefined],
    ['\\*', '*', true],
    ['\\*', 'a', false],
    ['\\', 'a', undefined],
    ['b[', 'a', undefined],
  ])('%p and %p: %p', (pattern, text, matches) => {
    expect(globMatches(pattern, text)).toBe(matches);
  });

  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '-'), maxLength: 12 });
  const globs = fc.string({ unit: fc.constantFrom('a', 'b', '-', '*', '?'), maxLength: 8 });

  test('without classes it is the regular expression that one would write', () => {
    fc.assert(
      fc.property(globs, letters, (glob, text) => {
        const expression = glob.replaceAll('*', '.*').replaceAll('?', '.');
        expect(globMatches(glob, text)).toBe(new RegExp(`^${expression}$`).test(text));
      }),
    );
  });

  test('many wildcards end in reasonable time', () => {
    expect(globMatches(`${'a*'.repeat(200)}b`, 'a'.repeat(2000))).toBe(false);
  });
});
