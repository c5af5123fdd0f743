const WORD = /(?:'[^']*'|"(?:[^"\\]|\\.)*"|\\.|[^\s'"\\])+/gs;
const UNIT = /\\.|./gsu;
/** Of a backslash, after a quote that has to be closed. */
const ROOM = 2;

/**
 * A shell's command in lines of at most `width` characters that mean the same when they are pasted: a
 * backslash ends a line that goes on. Lines begin with `indent`; a word that is too long for that, and the
 * rest of one that is longer than a line, begin in the first column.
 */
export function wrapCommand(command: string, width: number, indent: string): string[] {
  const whole = indent + command;
  if (whole.length <= width) return [whole];
  const lines: string[] = [];
  let current = indent;
  const words = command.match(WORD) ?? [];
  for (const [index, word] of words.entries()) {
    const most = index === words.length - 1 ? width : width - ROOM;
    const joined = current.trim() === '' ? current + word : `${current} ${word}`;
    if (joined.length <= most) {
      current = joined;
      continue;
    }
    if (current.trim() !== '') lines.push(`${current} \\`);
    // In the first column it may stay whole.
    const parts = word.length <= most ? [word] : brokenWord(indent + word, width);
    lines.push(...parts.slice(0, -1));
    current = parts.at(-1) ?? '';
  }
  return [...lines, current];
}

/** A word and what is before it, in parts that a shell puts together again. */
function brokenWord(word: string, width: number): string[] {
  const lines: string[] = [];
  let current = '';
  let quote = '';
  for (const [unit] of word.matchAll(UNIT)) {
    if (current.length + unit.length + ROOM > width) {
      const isSingle = quote === "'";
      lines.push(`${current}${isSingle ? "'" : ''}\\`);
      current = isSingle ? "'" : '';
    }
    current += unit;
    if (unit === quote) quote = '';
    else if (quote === '' && /^["']$/.test(unit)) quote = unit;
  }
  return [...lines, current];
}
