import { describe, expect, test } from 'bun:test';
import { plain } from '../../src/diagnostics/plain.ts';
import { quote } from '../../src/diagnostics/quote.ts';

describe('a quoted value', () => {
  test.each([
    ['plain', '"plain"'],
    ['', '""'],
    ['a "b" \\ c', '"a \\"b\\" \\\\ c"'],
    ['a\nb\rc\td', '"a\\nb\\rc\\td"'],
    ['\0\u001b\u007f\u009b', '"\\u0000\\u001b\\u007f\\u009b"'],
    ['\u2028\u2029\u202e\u200b\ufeff', '"\\u2028\\u2029\\u202e\\u200b\\ufeff"'],
    ['\ud800', '"\\ud800"'],
    ['\u{e0041}', '"\\U000e0041"'],
    ['grüße 日本', '"grüße 日本"'],
  ])('of %j is %s', (value, expected) => expect(quote(value)).toBe(expected));
  test('is cut after 300 characters, and says so', () =>
    expect(quote('x'.repeat(301))).toBe(`"${'x'.repeat(300)}…" (301 characters)`));
  test('is whole with 300', () => expect(quote('x'.repeat(300))).toBe(`"${'x'.repeat(300)}"`));
});

describe('a value that normally needs no quotes', () => {
  test.each([
    ['/etc/crio', '/etc/crio'],
    ['', '""'],
    ['a b', '"a b"'],
    ['a\nb', '"a\\nb"'],
    ['a"b', '"a\\"b"'],
    ['x'.repeat(301), `"${'x'.repeat(300)}…" (301 characters)`],
  ])('%j is %s', (value, expected) => expect(plain(value)).toBe(expected));
});
