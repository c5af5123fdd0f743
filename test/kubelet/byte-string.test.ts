import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { bytesOf, quoteBytes, textOfBytes } from '../../src/kubelet/byte-string.ts';
import { goQuote } from '../../src/kubelet/go-quote.ts';

describe('quoteBytes', () => {
  test('quotes the bytes of a text like the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(quoteBytes(bytesOf(text))).toBe(goQuote(text));
      }),
    );
  });

  test.each([
    ['\xc3', '"\\xc3"'],
    ['a\xe2\x82"\xac', '"a\\xe2\\x82\\"\\xac"'],
    ['\xc0\x80', '"\\xc0\\x80"'],
    ['\xed\xa0\x80', '"\\xed\\xa0\\x80"'],
    ['\xef\xbf\xbd\xff', '"\ufffd\\xff"'],
  ])('shows what is no UTF-8 byte by byte: %j', (bytes, quoted) => {
    expect(quoteBytes(bytes)).toBe(quoted);
  });
});

test('textOfBytes undoes bytesOf', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(textOfBytes(bytesOf(text))).toBe(text);
    }),
  );
});
