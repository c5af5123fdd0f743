/** The columns that output for people keeps to. */
export const WIDTH = 80;

/** A text in lines of at most `width` characters; a word longer than a line is broken. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of text.split(' ').flatMap((one) => pieces(one, width))) {
    const joined = current === '' ? word : `${current} ${word}`;
    if (joined.length > width) lines.push(current);
    current = joined.length > width ? word : joined;
  }
  return [...lines, current];
}

function pieces(word: string, width: number): string[] {
  if (word.length <= width) return [word];
  const characters = [...word];
  return [characters.slice(0, width).join(''), ...pieces(characters.slice(width).join(''), width)];
}
