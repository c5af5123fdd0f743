import type { Entry } from './report.ts';
import { offsetOf, type Path, type SourceNode } from './source-node.ts';
import type { Remark } from './source-problem.ts';
import type { Position, SourceText } from './source-text.ts';

const CONTEXT_LINES = 2;
const LONGEST_LINE = 10_000;
const MOST_FINDINGS = 1000;
/** What a terminal would act on; a tab and the end of a CRLF line stay as they are. */
const UNPRINTABLE = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\r(?!$)/g;

/** Findings as Butane prints them: where, the lines around it, and the message under the place. */
export function reportText(
  entries: readonly Entry[],
  root: SourceNode,
  source: SourceText,
  fileName: string,
): string {
  const texts = entries.slice(0, MOST_FINDINGS).map(({ severity, path, isKey, message }) => {
    const position = source.positionOf(offsetOf(root, path, isKey));
    const finding = { severity, path: pathText(path), message, position };
    return isInLine(position, source) ? shown(finding, source, fileName) : told(finding);
  });
  return joined(texts, entries.length);
}

/** What is wrong with a text that cannot be read as a config, in the same form. */
export function remarksText(
  remarks: readonly Remark[],
  source: SourceText,
  fileName: string,
): string {
  const texts = remarks.slice(0, MOST_FINDINGS).map(({ offset, message }) => {
    const position = source.positionOf(offset);
    return shown({ severity: 'error', path: '', message, position }, source, fileName);
  });
  return joined(texts, remarks.length);
}

function joined(texts: readonly string[], count: number): string {
  const rest = count - texts.length;
  return texts.join('\n') + (rest > 0 ? `\n(${rest} more like these)\n` : '');
}

interface Finding {
  readonly severity: Entry['severity'];
  /** `$.storage.files.0`, or empty. */
  readonly path: string;
  readonly message: string;
  readonly position: Position;
}

/** Nothing can be pointed at behind the end of a line, where the value of `key:` would stand. */
function isInLine({ line, column }: Position, source: SourceText): boolean {
  return column <= source.lengthOf(line);
}

function told({ severity, path, message, position: { line, column } }: Finding): string {
  const at = path === '' ? '' : `${path}, `;
  return `${severity} at ${at}line ${line} col ${column}: ${printable(message)}\n`;
}

function shown(finding: Finding, source: SourceText, fileName: string): string {
  const { severity, path, message, position } = finding;
  const { line, column } = position;
  const last = Math.min(source.lines.length, line + CONTEXT_LINES);
  const gutter = ' '.repeat(String(last).length);
  const lines = [
    `${severity}${path === '' ? '' : `[${path}]`}:`,
    `  --> ${printable(fileName)}:${line}:${column}`,
    ` ${gutter} |`,
  ];
  for (let number = Math.max(1, line - CONTEXT_LINES); number <= last; number += 1) {
    const text = printable((source.lines[number - 1] ?? '').slice(0, LONGEST_LINE));
    lines.push(` ${String(number).padStart(gutter.length)} | ${text}`);
    if (number === line) {
      lines.push(` ${gutter} | ${underline(text, column)} ${printable(message)}`);
    }
  }
  return `${lines.join('\n')}\n ${gutter} |\n`;
}

function underline(line: string, column: number): string {
  const start = Math.min(column, LONGEST_LINE) - 1;
  const rest = [...line].slice(start).join('');
  const word = /^\S*/.exec(rest)?.[0] ?? '';
  return ' '.repeat(start) + '^'.repeat(Math.max([...word].length, 1));
}

function pathText(path: Path): string {
  return path.length === 0 ? '' : printable(['$', ...path].join('.'));
}

/** A text without what a terminal would act on. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, '\ufffd');
}
