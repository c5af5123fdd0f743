import { maskValues } from '../diagnostics/masked-values.ts';
import { plain } from '../diagnostics/plain.ts';
import type { Finding } from '../platform/lint/finding.ts';

const LONGEST_LINE = 160;
/** What a terminal would act on. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu;
/**
 * Findings for people: `file:line:column: severity: message [rule]`, and under it the line with a caret,
 * where its text is given and may be shown.
 */
export function findingsText(
  findings: readonly Finding[],
  lineOf: (finding: Finding) => string | undefined,
): string {
  return findings.map((finding) => findingText(finding, lineOf(finding))).join('');
}

function findingText(finding: Finding, line: string | undefined): string {
  const { file, position, severity, rule, message } = finding;
  const place = position === undefined ? '' : `:${position.line}:${position.column}`;
  const head = `${plain(file)}${place}: ${severity}: ${message} [${rule}]\n`;
  if (position === undefined || line === undefined) return head;
  return head + excerpt(line, position.line, position.column);
}

function excerpt(line: string, number: number, column: number): string {
  const shown = [...maskValues(line)].slice(0, LONGEST_LINE).join('').replaceAll('\t', ' ');
  const gutter = `${String(number).padStart(5)} | `;
  const text = `${gutter}${shown.replace(UNPRINTABLE, '\ufffd')}\n`;
  if (column > LONGEST_LINE) return text;
  return `${text}${' '.repeat(gutter.length - 2)}| ${' '.repeat(column - 1)}^\n`;
}

/** How many there are, for the last line. */
export function summaryText(files: number, findings: readonly Finding[]): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.length - errors;
  const checked = `${counted(files, 'file')} checked`;
  return `${checked}: ${counted(errors, 'error')}, ${counted(warnings, 'warning')}\n`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
