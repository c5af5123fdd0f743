import { WIDTH, wrap } from '../wrap.ts';

/** How a line is to be taken. */
export type Mark = 'good' | 'bad' | 'note' | 'none';

/** A sentence with those that belong to it. */
export interface Tree {
  readonly mark: Mark;
  readonly text: string;
  readonly below: readonly Tree[];
}

/** A tree without a mark. */
export function node(text: string, below: readonly Tree[] = []): Tree {
  return { mark: 'none', text, below };
}

/** A leaf with a mark. */
export function line(mark: Mark, text: string): Tree {
  return { mark, text, below: [] };
}

/** What goes before a sentence of each mark. */
export const SIGNS: Readonly<Record<Mark, string>> = {
  good: '✓ ',
  bad: '✗ ',
  note: '! ',
  none: '',
};
const NARROWEST = 20;

/** The tree as text, wrapped at 80 columns; a word longer than a line is broken. */
export function treeText(root: Tree): string {
  return linesOf(root, '', '')
    .map((text) => `${text.trimEnd()}\n`)
    .join('');
}

/** `first` goes before the first line, `rest` before all that follow it. */
function linesOf({ mark, text, below }: Tree, first: string, rest: string): string[] {
  const sign = SIGNS[mark];
  const indent = rest + ' '.repeat(sign.length);
  const parts = wrap(text, Math.max(WIDTH - indent.length, NARROWEST));
  const own = parts.map((part, index) => (index === 0 ? first + sign : indent) + part);
  const branches = below.flatMap((child, index) =>
    index === below.length - 1
      ? linesOf(child, `${rest}└─ `, `${rest}   `)
      : linesOf(child, `${rest}├─ `, `${rest}│  `),
  );
  return [...own, ...branches];
}
