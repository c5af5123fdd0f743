import { describe, expect, test } from 'bun:test';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { parse } from 'yaml';
import { dataUrl } from '../../src/platform/butane/data-url.ts';
import { jsonOutput } from '../../src/platform/butane/json-output.ts';
import { yamlOutput } from '../../src/platform/butane/yaml-output.ts';

/** Strings of what makes YAML hard. */
const hardText = fc.string({
  unit: fc.constantFrom(...'ab01 \n\t:#-?&*!|>\'"%@`{}[],~=<.\\é😀\u0007\u00a0'),
  maxLength: 12,
});

describe('YAML', () => {
  test('reads back as what was written', () => {
    fc.assert(
      fc.property(fc.dictionary(hardText, hardText), fc.array(hardText), (map, list) => {
        const value = { map: { ...map }, list: [...list, { in: list }], number: 420, truth: false };
        expect(parse(yamlOutput(value), { version: '1.2' })).toEqual(value);
      }),
    );
  });
  test.each([
    ['yes', '"yes"'],
    ['1e3', '"1e3"'],
    ['12:30', '"12:30"'],
    ['', '""'],
    ['a b', 'a b'],
    ['*', "'*'"],
    [' a', "' a'"],
    ['a: b', "'a: b'"],
    ['a\tb', '"a\\tb"'],
    ['\x07', '"\\a"'],
    ['é', 'é'],
    ['😀', '"\\U0001F600"'],
    ['a\nb', '|-\n  a\n  b'],
    ['a\n', '|\n  a'],
    ['a\n\n', '|+\n  a\n'],
    [' a\n', '|2\n   a'],
    ['a \nb', '"a \\nb"'],
  ])('writes %j as %s', (value, expected) => {
    expect(yamlOutput({ key: value })).toBe(`key: ${expected}`);
  });
  test('sorts numbers in keys as numbers, and letters behind them', () => {
    const keys = ['a10', 'a9', 'a', 'a1b', 'B', 'b', '5', 'a-1', 'a09', 'ab', 'a010'];
    const sorted = yamlOutput(Object.fromEntries(keys.map((key) => [key, 1])))
      .split('\n')
      .map((line) => line.replace(/: 1$/, ''));
    expect(sorted).toEqual(['"5"', 'B', 'a', 'a-1', 'a1b', 'a9', 'a09', 'a10', 'a010', 'ab', 'b']);
  });
});

test('JSON keeps the characters of HTML out of strings', () => {
  expect(jsonOutput({ a: '<&>\b\f\n' }, false)).toBe(
    '{"a":"\\u003c\\u0026\\u003e\\u0008\\u000c\\n"}',
  );
});

describe('a data URL', () => {
  function decoded({ url, compression }: ReturnType<typeof dataUrl>): Buffer {
    const [, base64, data = ''] = /^data:(;base64)?,(.*)$/.exec(url) ?? [];
    const bytes = Buffer.from(
      base64 === undefined ? unescaped(data) : data,
      base64 === undefined ? 'latin1' : 'base64',
    );
    return compression === 'gzip' ? gunzipSync(bytes) : bytes;
  }
  function unescaped(data: string): string {
    return data.replace(/%(..)/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  }
  test('decodes to the contents', () => {
    const contents = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.nat(2000).map((length) => new Uint8Array(length).fill(97)),
    );
    fc.assert(
      fc.property(contents, fc.boolean(), (bytes, mayCompress) => {
        const made = dataUrl(bytes, undefined, mayCompress);
        expect(decoded(made)).toEqual(Buffer.from(bytes));
        expect(made.url.length).toBeLessThanOrEqual(
          'data:;base64,'.length + 4 * Math.ceil(bytes.length / 3),
        );
      }),
    );
  });
  test('is never compressed where the config says it is already', () => {
    const bytes = new Uint8Array(1000).fill(97);
    expect(dataUrl(bytes, 'gzip', true)).toEqual({
      url: `data:,${'a'.repeat(1000)}`,
      compression: undefined,
    });
  });
});
