import { Lexer } from 'yaml';

/** What the lexer puts where a line within brackets is indented too little, and what else is no text. */
const UNINDENTED = '\u0018';
const OTHER_MARKS: readonly string[] = ['\u0002', '\u001f'];
/** The text is read once for each such line. */
const MOST_CHARACTERS = 20_000_000;

/**
 * A text in which lines within brackets that are indented with tabs, or less than the parser wants, go
 * on in the line before, since the kubelet's library does not mind them; a comment between is blanked.
 * Every offset stays. Source of the rule: go-yaml v2, scannerc.go.
 */
export function joinUnindentedFlow(text: string): string {
  let joined = text;
  for (let read = 0; read < MOST_CHARACTERS; read += text.length) {
    const gap = unindentedGap(joined);
    if (gap === undefined) return joined;
    joined = joined.slice(0, gap.start) + ' '.repeat(gap.end - gap.start) + joined.slice(gap.end);
  }
  return joined;
}

/** The line break before the first such line, with the comment before it. */
function unindentedGap(text: string): { start: number; end: number } | undefined {
  let offset = 0;
  let comment: number | undefined;
  let gap: { start: number; end: number } | undefined;
  for (const token of new Lexer().lex(text)) {
    if (token === UNINDENTED) return gap;
    if (OTHER_MARKS.includes(token)) continue;
    if (/^\r?\n$/.test(token)) gap = { start: comment ?? offset, end: offset + token.length };
    comment = token.startsWith('#') ? offset : undefined;
    offset += token.length;
  }
  return undefined;
}
