import type { YAMLError } from 'yaml';
import { SourceProblem } from './source-problem.ts';
import type { SourceText } from './source-text.ts';

/** Told where brackets or indentation go deeper than can be followed. */
export const TOO_DEEP = 'the config is nested too deeply';

/** What libyaml, and so Butane, calls the same mistake. */
const WORDS: readonly [message: RegExp, words: string][] = [
  [/^Invalid escape sequence/, 'found unknown escape character'],
  [/^Plain value cannot start/, 'found character that cannot start any token'],
  [/^Tabs are not allowed/, 'found character that cannot start any token'],
  [/^Nested mappings are not/, 'mapping values are not allowed in this context'],
  [/^Implicit map keys need/, "could not find expected ':'"],
  [/^Missing closing/, 'found unexpected end of stream'],
  [/^Block scalar header/, 'did not find expected comment or line break'],
];

/**
 * A mistake in the YAML itself: Butane's sentence where its words are known, with a line as Butane counts
 * (the first is not named, and inside brackets lines count from 0), and the parser's at the right place.
 */
export function syntaxProblem(
  source: SourceText,
  first: YAMLError,
  all: readonly YAMLError[],
): SourceProblem {
  const offset = placeOf(first, all);
  const message = messageOf(first);
  const { line } = source.positionOf(offset);
  const words = WORDS.find(([pattern]) => pattern.test(first.message))?.[1];
  const sentence = endsInsideBrackets(source.text, offset)
    ? named(line - 1, 'did not find expected node content')
    : named(line === 1 ? 0 : line, words ?? message);
  return new SourceProblem(sentence, [{ offset, message }]);
}

function messageOf({ message }: YAMLError): string {
  if (message.startsWith('Maximum call stack')) return TOO_DEEP;
  return message.charAt(0).toLowerCase() + message.slice(1);
}

/** A line that is indented too far makes a key of several lines; what is wrong is at its end. */
function placeOf(first: YAMLError, all: readonly YAMLError[]): number {
  const key = all.find(({ code }) => code === 'MULTILINE_IMPLICIT_KEY');
  return key !== undefined && key.pos[0] === first.pos[0] ? key.pos[1] : first.pos[0];
}

function endsInsideBrackets(text: string, offset: number): boolean {
  return text.slice(offset).trim() === '' && /[[{,]$/.test(text.slice(0, offset).trimEnd());
}

function named(line: number, words: string): string {
  return line === 0 ? words : `line ${line}: ${words}`;
}
