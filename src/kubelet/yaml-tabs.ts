import { Lexer } from 'yaml';

/** What the lexer puts before a scalar, before a document and at the end of unclosed brackets. */
const SCALAR_MARK = '\u001f';
const OTHER_MARKS: readonly string[] = ['\u0002', '\u0018'];

const DEPTH: Readonly<Record<string, number>> = { '[': 1, '{': 1, ']': -1, '}': -1 };

/**
 * The offset of a tab where outside brackets a key might begin: at the start of a line, also of an empty
 * one or a comment, and after `-` and `?`. The kubelet's library refuses it there, and the parser lets it
 * pass; undefined where there is none. Source of the rule: go-yaml v2, scannerc.go.
 */
export function tabBeforeKey(text: string): number | undefined {
  let depth = 0;
  let place: Place = { isKeyAllowed: true, freeFrom: undefined };
  for (const token of tokensOf(text)) {
    if (token.isScalar || !/^[ \t]+$/.test(token.source)) {
      place = placeAfter(token, place);
      if (!token.isScalar) depth += DEPTH[token.source] ?? 0;
    } else if (depth === 0 && token.source.includes('\t') && isMisplaced(token, place)) {
      return token.offset;
    }
  }
  return undefined;
}

interface Place {
  readonly isKeyAllowed: boolean;
  /** Below an unquoted scalar, which may go on there: the offset from which tabs are allowed. */
  readonly freeFrom: number | undefined;
}

function isMisplaced({ offset }: Token, { isKeyAllowed, freeFrom }: Place): boolean {
  return isKeyAllowed && (freeFrom === undefined || offset < freeFrom);
}

function placeAfter({ source, offset, isScalar }: Token, before: Place): Place {
  const end = offset + source.length;
  if (isScalar && !source.endsWith('\n')) return { isKeyAllowed: false, freeFrom: end };
  const isLineBreak = source.endsWith('\n');
  const isKeyAllowed = isLineBreak || source === '-' || source === '?';
  const isBelowPlain = isLineBreak && before.freeFrom !== undefined;
  return { isKeyAllowed, freeFrom: isBelowPlain ? end + 1 : undefined };
}

interface Token {
  readonly source: string;
  readonly offset: number;
  readonly isScalar: boolean;
}

function* tokensOf(text: string): Generator<Token> {
  let offset = 0;
  let isScalar = false;
  for (const source of new Lexer().lex(text)) {
    if (source === SCALAR_MARK) isScalar = true;
    if (source === SCALAR_MARK || OTHER_MARKS.includes(source)) continue;
    yield { source, offset, isScalar };
    offset += source.length;
    isScalar = false;
  }
}
