import { describe, expect, test } from 'bun:test';
import type { DocumentNode } from '../../src/kubelet/document-tree.ts';
import { readYaml } from '../../src/kubelet/read-yaml.ts';
import { resolvePlain } from '../../src/kubelet/yaml-scalar.ts';

function fieldsOf(text: string): unknown {
  const result = readYaml(text);
  if ('message' in result) return result.message;
  return plain(result.root);
}

function plain(node: DocumentNode): unknown {
  if (node.type === 'array') return node.items.map(plain);
  if (node.type !== 'object') return node.value;
  return node.fields.map(({ name, value }) => [name, plain(value)]);
}

describe('resolvePlain', () => {
  test.each([
    ['', null],
    ['~', null],
    ['Null', null],
    ['yes', true],
    ['N', false],
    ['off', false],
    ['tRUE', 'tRUE'],
    ['12', 12],
    ['-1_000', -1000],
    ['0777', 511],
    ['0o17', 15],
    ['08', 8],
    ['0x1f', 31],
    ['0xffffffffffffffff', 2 ** 64],
    ['0x10000000000000000', '0x10000000000000000'],
    ['-0x8000000000000001', '-0x8000000000000001'],
    ['-0b11', -3],
    ['1.5e3', 1500],
    ['.5', 0.5],
    ['.5_0', '.5_0'],
    ['1e999', '1e999'],
    ['10:30', '10:30'],
    ['2001-01-01', '2001-01-01'],
    ['-', '-'],
    ['quay.io', 'quay.io'],
  ])('%p is %p', (text, value) => {
    expect(resolvePlain(text)).toBe(value);
  });

  test('infinity and not-a-number are numbers', () => {
    expect(resolvePlain('-.inf')).toBe(Number.NEGATIVE_INFINITY);
    expect(resolvePlain('.NaN')).toBeNaN();
  });
});

describe('readYaml', () => {
  test('only the first document counts, whatever follows', () => {
    expect(readYaml('a: 1\n---\nb: [')).toMatchObject({ ignoredFrom: 5 });
    expect(fieldsOf('a: 1\n---\nb: [')).toEqual([['a', 1]]);
  });

  test.each([
    [
      'quoted text stays text',
      'a: "1"\nb: \'yes\'\n',
      [
        ['a', '1'],
        ['b', 'yes'],
      ],
    ],
    ['tagged text stays text', 'a: !!str 1\n', [['a', '1']]],
    [
      'repeated keys are kept',
      'a: 1\na: 2\n',
      [
        ['a', 1],
        ['a', 2],
      ],
    ],
    [
      'aliases are expanded',
      'a: &x [1]\nb: *x\n',
      [
        ['a', [1]],
        ['b', [1]],
      ],
    ],
    [
      'merge keys are merged',
      'a: &x {b: 1}\nc:\n  <<: *x\n  d: 2\n',
      [
        ['a', [['b', 1]]],
        [
          'c',
          [
            ['b', 1],
            ['d', 2],
          ],
        ],
      ],
    ],
    [
      'a list is merged too',
      'a: &x {b: 1}\nc:\n  <<: [*x, *x]\n',
      [
        ['a', [['b', 1]]],
        [
          'c',
          [
            ['b', 1],
            ['b', 1],
          ],
        ],
      ],
    ],
    ['nothing is null', '# nothing\n', null],
  ])('%s', (_, text, fields) => {
    expect(fieldsOf(text)).toEqual(fields);
  });

  test.each([
    ['an unknown anchor', 'a: *x\n', "yaml: line 1: unknown anchor 'x'"],
    ['an alias in itself', 'a: &x [*x]\n', 'yaml: line 1: it is nested too deeply'],
    ['a list as key', '? [a]\n: b\n', 'yaml: line 1: a map or list cannot be a key'],
    [
      'a merge of text',
      '<<: x\n',
      'yaml: line 1: map merge requires map or sequence of maps as the value',
    ],
  ])('%s is refused', (_, text, message) => {
    expect(fieldsOf(text)).toBe(message);
  });

  test('aliases do not multiply without end', () => {
    const levels = Array.from({ length: 8 }, (_, level) => {
      const target = level === 0 ? 'x' : `*l${level - 1}`;
      return `l${level}: &l${level} [${Array(9).fill(target).join(', ')}]`;
    });
    expect(fieldsOf(levels.join('\n'))).toContain('its aliases expand to too much');
  });

  test('depth ends in an answer', () => {
    expect(fieldsOf('['.repeat(100_000))).toStartWith('yaml: line 1: ');
  });
});
