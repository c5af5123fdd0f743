import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { DocumentNode } from '../../src/kubelet/document-tree.ts';
import { readYaml } from '../../src/kubelet/read-yaml.ts';
import { goYaml, type YamlValue } from '../../src/platform/go-yaml.ts';

function plain(node: DocumentNode): unknown {
  if (node.type === 'array') return node.items.map(plain);
  if (node.type !== 'object') return node.value;
  return Object.fromEntries(node.fields.map(({ name, value }) => [name, plain(value)]));
}

function readBack(value: YamlValue): unknown {
  const document = readYaml(goYaml(value));
  return 'message' in document ? document.message : plain(document.root);
}

describe('goYaml', () => {
  test.each([
    [{ b: [], a: {}, c: null, d: true }, 'a: {}\nb: []\nc: null\nd: true\n'],
    [{ a: undefined, b: 'x' }, 'b: x\n'],
    [{ list: ['a', ['b'], { d: '1', c: 'x' }] }, 'list:\n- a\n- - b\n- c: x\n  d: "1"\n'],
    [{ a: { b: { c: ['d'] } } }, 'a:\n  b:\n    c:\n    - d\n'],
    ['2024-02-30', '2024-02-30\n'],
    ['2024-02-29', '"2024-02-29"\n'],
    ['2024-2-9T1:2:3Z', '"2024-2-9T1:2:3Z"\n'],
    [{ a: `${'x'.repeat(80)} y z` }, `a: ${'x'.repeat(80)}\n  y z\n`],
    [{ a: `${'x'.repeat(80)}  y` }, `a: ${'x'.repeat(80)}  y\n`],
    [{ a: `'${'x'.repeat(80)} y` }, `a: '''${'x'.repeat(80)}\n  y'\n`],
    ['a \nb', '"a \\nb"\n'],
    ['a\nb ', '"a\\nb "\n'],
    ['"\\\u0085\u2028\u0001', '"\\"\\\\\\N\\L\\x01"\n'],
  ])('%j', (value, text) => {
    expect(goYaml(value)).toBe(text);
  });

  test('a kubelet reads every text back as it was', () => {
    const words = fc.string({
      unit: fc.constantFrom(...' :#-?*&!|>\'"%@`{}[],.~<=0123456789abxTyn'),
      maxLength: 100,
    });
    const odd = fc.string({ unit: 'binary', maxLength: 20 });
    fc.assert(
      fc.property(fc.array(fc.oneof(words, odd), { maxLength: 5 }), (texts) => {
        expect(readBack({ texts })).toEqual({ texts });
      }),
      { numRuns: 500 },
    );
  });
});
