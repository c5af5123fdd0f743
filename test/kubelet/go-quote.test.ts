import { expect, test } from 'bun:test';
import { goQuote } from '../../src/kubelet/go-quote.ts';

test.each([
  ['a "b" \\', '"a \\"b\\" \\\\"'],
  ['\x07\b\f\n\r\t\v', '"\\a\\b\\f\\n\\r\\t\\v"'],
  ['\x00\x7f', '"\\x00\\x7f"'],
  ['ä😀', '"ä😀"'],
  ['\u00a0\u200b\u{e0001}', '"\\u00a0\\u200b\\U000e0001"'],
])('%p is quoted as %s', (text, quoted) => {
  expect(goQuote(text)).toBe(quoted);
});
