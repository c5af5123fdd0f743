import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { isPlainAscii } from '../../src/diagnostics/plain-ascii.ts';

const PLAIN = /^[ !#-[\]-~]*$/;

test('plain is what is printable ASCII without quotes and backslashes', () => {
  const near = fc.constantFrom(...'a Z~!"#\\[]\0\x1f\x7f\x80\xa0é', '\ud800', '\u2028', '😀');
  const text = fc.string({ unit: fc.oneof(near, fc.string({ unit: 'binary', maxLength: 1 })) });
  fc.assert(
    fc.property(text, (one) => expect(isPlainAscii(one)).toBe(PLAIN.test(one))),
    { numRuns: 5_000 },
  );
});
