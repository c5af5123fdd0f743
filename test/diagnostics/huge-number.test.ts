import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { mayHoldHugeNumber } from '../../src/diagnostics/huge-number.ts';

const EXPRESSION = /(?:^|[ \t\r\n,:[={])[-+]?[\d._]*\d[eE]\+?[\d_]{3}|[\d_]{308}/;

describe('a huge number may stand in', () => {
  test.each([
    ['1e999', true],
    ['1E+400', true],
    ['[1.5e308]', true],
    ['1e-999', false],
    ['{"a":-12.5E+400}', true],
    ['{"jti":"1e999-12e456-a"}', false],
    ['3f8e412a-1234e567', false],
    ['1e99', false],
    ['the 400 elements', false],
    [`x = ${'9'.repeat(309)}.0`, true],
    ['9'.repeat(307), false],
    [`${' '.repeat(20_000)}1e999`, true],
    [`${'e1 '.repeat(7_000)}`, false],
  ])('%.20s: %p', (text, answer) => expect(mayHoldHugeNumber(text)).toBe(answer));

  test('what the expression finds, wherever it stands', () => {
    const piece = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'019_eE+-. a:"'), maxLength: 12 }),
      fc.nat(700).map((length) => '7'.repeat(length)),
      fc.nat(400).map((length) => ' '.repeat(length)),
    );
    const text = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, (one) => expect(mayHoldHugeNumber(one)).toBe(EXPRESSION.test(one))),
      { numRuns: 3_000 },
    );
  });
});
