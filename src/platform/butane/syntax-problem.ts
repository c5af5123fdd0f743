import type { ErrorCode, YAMLError } from 'yaml';
import { SourceProblem } from './source-problem.ts';
import type { SourceText } from './source-text.ts';

/** What libyaml, and so Butane, calls the same mistake. */
const WORDS: Partial<Record<ErrorCode, string>> = {
  BAD_DQ_ESCAPE: 'found unknown escape character',
  BAD_SCALAR_START: 'found character that cannot start any token',
  BLOCK_AS_IMPLICIT_KEY: 'mapping values are not allowed in this context',
  TAB_AS_INDENT: 'found character that cannot start any token',
};

/**
 * A mistake in the YAML itself: Butane's sentence where its words are known, with a line as Butane counts
 * (the first is not named, and inside brackets lines count from 0), and the parser's at the right place.
 */
export function syntaxProblem(source: SourceText, error: YAMLError): SourceProblem {
  const [offset] = error.pos;
  const message = error.message.charAt(0).toLowerCase() + error.message.slice(1);
  const { line } = source.positionOf(offset);
  const sentence = endsInsideBrackets(source.text, offset)
    ? named(line - 1, 'did not find expected node content')
    : named(line === 1 ? 0 : line, WORDS[error.code] ?? message);
  return new SourceProblem(sentence, [{ offset, message }]);
}

function endsInsideBrackets(text: string, offset: number): boolean {
  return text.slice(offset).trim() === '' && /[[{,]$/.test(text.slice(0, offset).trimEnd());
}

function named(line: number, words: string): string {
  return line === 0 ? words : `line ${line}: ${words}`;
}
