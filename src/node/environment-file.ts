import { splitWords } from './systemd-words.ts';

/** The variables of an EnvironmentFile, the last assignment of each. Source: systemd.exec(5). */
export function parseEnvironmentFile(text: string): ReadonlyMap<string, string> {
  return new Map(assignments(text).map(({ name, value }) => [name, value]));
}

/**
 * Gives a variable of an EnvironmentFile another value, in the line of its last assignment and with its
 * quotes; everything else stays. A variable that is missing is added at the end.
 */
export function setVariable(text: string, name: string, value: string): string {
  const last = assignments(text).findLast((one) => one.name === name);
  if (last === undefined) {
    const separator = text === '' || text.endsWith('\n') ? '' : '\n';
    return `${text}${separator}${name}=${quoted(value, quoteFor(value))}\n`;
  }
  const raw = text.slice(last.start, last.end);
  const quote = /^["']/.exec(raw)?.[0] ?? quoteFor(value);
  return text.slice(0, last.start) + quoted(value, quote) + text.slice(last.end);
}

interface Assignment {
  readonly name: string;
  readonly value: string;
  /** Where the raw value stands. */
  readonly start: number;
  readonly end: number;
}

function assignments(text: string): readonly Assignment[] {
  const found = text.matchAll(
    /^[ \t]*([A-Za-z_]\w*)=((?:"(?:[^"\\]|\\[\s\S])*"|'[^']*'|\\\n|[^\n"']|["'])*)$/gm,
  );
  return [...found].map(({ 0: whole, 1: name = '', 2: raw = '', index }) => {
    const trimmed = raw.replace(/[ \t\r]+$/, '');
    const start = index + whole.length - raw.length;
    return { name, value: unquotedValue(trimmed), start, end: start + trimmed.length };
  });
}

function unquotedValue(raw: string): string {
  const unfolded = raw.replaceAll('\\\n', '');
  return /["'\\]/.test(unfolded) ? splitWords(unfolded).join(' ') : unfolded.trim();
}

function quoteFor(value: string): string {
  return /^[\w./:=,+@%-]*$/.test(value) ? '' : '"';
}

function quoted(value: string, quote: string): string {
  if (quote !== '"') return `${quote}${value}${quote}`;
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}
