import { WIDTH, wrap } from '../wrap.ts';
import { type Finding, type Remedy, VERDICTS, type Verdict } from './check.ts';
import { wrapCommand } from './wrap-command.ts';

const COLUMN = Math.max(...VERDICTS.map(({ length }) => length)) + 2;
const INDENT = ' '.repeat(COLUMN);
const RUN = 'run: ';
/** What a terminal would act on, or begin a line with: values in findings come from the node's files. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** The select graphic rendition of a verdict (ECMA-48): green, yellow, bold red, cyan. */
const COLOURS: Readonly<Record<Verdict, string>> = {
  ok: '32',
  warning: '33',
  broken: '1;31',
  unknown: '36',
};

/**
 * Findings for people, one below the other at 80 columns: the verdict as a word, the check, what it saw, and
 * what mends it. Colour only repeats what the word says.
 */
export function findingsText(findings: readonly Finding[], isColoured: boolean): string {
  const lines = findings.flatMap((finding) => linesOf(finding, isColoured));
  return [...lines, '', summary(findings)].map((line) => `${line.trimEnd()}\n`).join('');
}

function linesOf({ check, verdict, text, remedy }: Finding, isColoured: boolean): string[] {
  const [first = '', ...rest] = wrap(printable(`${check}: ${text}`), WIDTH - COLUMN);
  const word = isColoured ? `\x1b[${COLOURS[verdict]}m${verdict}\x1b[0m` : verdict;
  return [
    word + ' '.repeat(COLUMN - verdict.length) + first,
    ...rest.map((line) => INDENT + line),
    ...(remedy === undefined ? [] : remedyLines(remedy)),
  ];
}

function remedyLines(remedy: Remedy): string[] {
  if ('change' in remedy) {
    return wrap(printable(`mend: ${remedy.change}`), WIDTH - COLUMN).map((line) => INDENT + line);
  }
  const lines = wrapCommand(printable(remedy.command), WIDTH, INDENT + ' '.repeat(RUN.length));
  return lines.map((line, index) => (index === 0 ? line.replace(/^ */, INDENT + RUN) : line));
}

function printable(text: string): string {
  return text.replace(UNPRINTABLE, '\ufffd');
}

function summary(findings: readonly Finding[]): string {
  const counts = VERDICTS.map((verdict) => {
    const count = findings.filter((one) => one.verdict === verdict).length;
    return `${count} ${verdict}`;
  });
  return counts.join(', ');
}
