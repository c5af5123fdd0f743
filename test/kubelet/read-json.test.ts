import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { DocumentNode } from '../../src/kubelet/document-tree.ts';
import { readJson } from '../../src/kubelet/read-json.ts';

function plain(node: DocumentNode): unknown {
  if (node.type === 'array') return node.items.map(plain);
  if (node.type !== 'object') return node.value;
  return Object.fromEntries(node.fields.map(({ name, value }) => [name, plain(value)]));
}

function parsed(text: string): unknown {
  const result = readJson(text);
  return 'message' in result ? result : plain(result);
}

describe('readJson', () => {
  test('reads what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t'), (value, indentation) => {
        const text = JSON.stringify(value, undefined, indentation);
        expect(parsed(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test('accepts and refuses the same texts as JSON.parse', () => {
    const unit = fc.constantFrom(...'{}[],:"\\ntrue1-.e0 \n', 'null', '"a"', '\\u00e4');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 10 }), (text) => {
        let expected = true;
        try {
          JSON.parse(text);
        } catch {
          expected = false;
        }
        expect('message' in readJson(text)).toBe(!expected);
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ['', 'unexpected end of JSON input', 0],
    ['{"a"', 'unexpected end of JSON input', 4],
    ['{"a":1,}', "invalid character '}' looking for beginning of object key string", 7],
    ['{"a" 1}', "invalid character '1' after object key", 5],
    ['{"a":1 "b"}', "invalid character '\"' after object key:value pair", 7],
    ['[1 2]', "invalid character '2' after array element", 3],
    ['[1] x', "invalid character 'x' after top-level value", 4],
    ['"a\nb"', "invalid character '\\n' in string literal", 2],
    ["'a'", "invalid character '\\'' looking for beginning of value", 0],
    ['"a\\x"', "invalid character 'x' in string escape code", 3],
    ['"\\u12x4"', "invalid character 'x' in \\u hexadecimal character escape", 5],
    ['"\\u12', "invalid character ' ' in \\u hexadecimal character escape", 5],
    ['"a', 'unexpected end of JSON input', 2],
    ['-', "invalid character ' ' in numeric literal", 1],
    ['tru', "invalid character ' ' in literal true (expecting 'e')", 3],
    ['-x', "invalid character 'x' in numeric literal", 1],
    ['[01]', "invalid character '1' after array element", 2],
    ['1.x', "invalid character 'x' after decimal point in numeric literal", 2],
    ['1e+x', "invalid character 'x' in exponent of numeric literal", 3],
    ['[nul]', "invalid character ']' in literal null (expecting 'l')", 4],
    ['é', "invalid character 'Ã' looking for beginning of value", 0],
    ['/* */ 1', "invalid character '/' looking for beginning of value", 0],
  ])('%p: %s', (text, message, offset) => {
    expect(readJson(text)).toEqual({ message, offset });
  });

  test('keeps repeated fields and where they stand', () => {
    expect(readJson('{"a":1,\n"a":true}')).toEqual({
      type: 'object',
      offset: 0,
      fields: [
        { name: 'a', nameOffset: 1, value: { type: 'number', value: 1, offset: 5 } },
        { name: 'a', nameOffset: 8, value: { type: 'boolean', value: true, offset: 12 } },
      ],
    });
  });

  test('half a surrogate pair is replaced', () => {
    expect(parsed('"\\ud800"')).toBe('\ufffd');
  });

  test('depth and length have no effect but an answer', () => {
    expect(parsed('['.repeat(100_000))).toEqual({
      message: "invalid character '[' exceeded max depth",
      offset: 1000,
    });
    const long = '\\n'.repeat(500_000);
    expect(parsed(`"${long}"`)).toBe('\n'.repeat(500_000));
  });
});
