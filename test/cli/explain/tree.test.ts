import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { line, node, type Tree, treeText } from '../../../src/cli/explain/tree.ts';

test('a tree is drawn from the top down', () => {
  const tree = node('root', [
    node('first', [line('good', 'one'), line('bad', 'two')]),
    node('last', [line('note', 'three')]),
  ]);
  expect(treeText(tree)).toBe(`root
├─ first
│  ├─ ✓ one
│  └─ ✗ two
└─ last
   └─ ! three
`);
});

test('sentences are wrapped under their beginning, before they reach column 80', () => {
  const text = Array.from({ length: 20 }, (_, index) => `word${index}`).join(' ');
  expect(treeText(node('root', [node('a', [line('bad', text)]), line('none', text)]))).toBe(`root
├─ a
│  └─ ✗ word0 word1 word2 word3 word4 word5 word6 word7 word8 word9 word10
│       word11 word12 word13 word14 word15 word16 word17 word18 word19
└─ word0 word1 word2 word3 word4 word5 word6 word7 word8 word9 word10 word11
   word12 word13 word14 word15 word16 word17 word18 word19
`);
});

test('no line is longer than 80 columns, and nothing but blanks is lost', () => {
  const text = fc.stringMatching(/^[a-z]{1,100}( [a-z]{1,100}){0,5}$/);
  const tree = fc.memo(
    (depth: number): fc.Arbitrary<Tree> =>
      fc.record({
        mark: fc.constantFrom('good', 'bad', 'note', 'none'),
        text,
        below: depth > 1 ? fc.array(tree(), { maxLength: 3 }) : fc.constant([]),
      }),
  );
  const letters = (one: Tree): string => one.text + one.below.map(letters).join('');
  fc.assert(
    fc.property(tree(4), (one) => {
      const lines = treeText(one).split('\n');
      expect(Math.max(...lines.map((each) => each.length))).toBeLessThanOrEqual(80);
      expect(lines.join('').replace(/[^a-z]/g, '')).toBe(letters(one).replaceAll(' ', ''));
    }),
  );
});
