import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { areDigits, areLabels } from '../../src/diagnostics/labels.ts';
import { isRegistryHost } from '../../src/image/registry-host.ts';
import { isRepositoryPath } from '../../src/image/repository-path.ts';

/** The grammars as their documents have them, read by the runtime's regular expressions. */
const LABELS = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const HOST =
  /^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*(?::[0-9]+)?$/;
const PATH = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;

const GRAMMARS: readonly (readonly [string, RegExp, (text: string) => boolean])[] = [
  ['labels', LABELS, areLabels],
  ['a registry host', HOST, isRegistryHost],
  ['a repository path', PATH, isRepositoryPath],
  ['digits', /^[0-9]+$/, areDigits],
];

/** The characters of the grammars and those beside them in ASCII, and some that fold or look alike. */
const NEAR = [...'azAZ09.-_:/`{@[;^,0\n \0', '\u0131', '\u212a', '\u0660', '\uff41', '𝟎'];

describe('reading by hand takes what the grammar takes of', () => {
  test.each(GRAMMARS)('%s', (_, grammar, takes) => {
    const text = fc.string({ unit: fc.constantFrom(...NEAR), maxLength: 12 });
    const likely = fc.string({ unit: fc.constantFrom(...'a0.-_:/'), maxLength: 10 });
    fc.assert(
      fc.property(fc.oneof(text, likely), (one) => expect(takes(one)).toBe(grammar.test(one))),
      { numRuns: 5_000 },
    );
  });

  test('long runs, in a time that grows with their length alone', () => {
    const run = 'a'.repeat(100_000);
    expect(isRepositoryPath(`${run}-`)).toBe(false);
    expect(isRepositoryPath(`${run}/${'a-'.repeat(50_000)}a`)).toBe(true);
    expect(isRegistryHost(`${'a.'.repeat(50_000)}-`)).toBe(false);
  });
});
