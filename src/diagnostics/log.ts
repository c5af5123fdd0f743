import { filter, map } from './lists.ts';
import { isPlainAscii } from './plain-ascii.ts';
/** From the most to the least important. */
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const LOG_FORMATS = ['text', 'json'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** One sentence of the log; values from outside in it are quoted already. */
export interface LogLine {
  readonly level: LogLevel;
  readonly text: string;
}

/** Takes lines in order; never throws, because a full disk under the log must not fail a pull. */
export type LogSink = (lines: readonly LogLine[]) => void;

// \p{Cc} spelt out: looking up Unicode properties costs more than all else here.
const LINE_BREAKERS = /[\x00-\x1f\x7f-\x9f\u2028\u2029]/g;

/** A sink that passes on the lines of at least the given level, each kept to one line. */
export function atLevel(threshold: LogLevel, ...sinks: readonly LogSink[]): LogSink {
  const lowest = LOG_LEVELS.indexOf(threshold);
  return (lines) => {
    const wanted = filter(lines, ({ level }) => LOG_LEVELS.indexOf(level) <= lowest);
    const told = arePlain(wanted) ? wanted : map(wanted, toOneLine);
    for (const sink of sinks) sink(told);
  };
}

function arePlain(lines: readonly LogLine[]): boolean {
  const texts = map(lines, ({ text }) => text).join('');
  return isPlainAscii(texts.replaceAll('"', ''));
}

function toOneLine({ level, text }: LogLine): LogLine {
  return { level, text: text.replaceAll(LINE_BREAKERS, ' ') };
}

/** How a line reads as text on standard error. */
export type TextLine = (line: LogLine) => string;

/** The sentence alone. */
export const bareText: TextLine = ({ text }) => text;

/** Standard error by way of `write`, as text or as JSON objects with time (UTC), level and msg. */
export function standardError(
  write: (text: string) => void,
  format: LogFormat,
  textLine: TextLine = bareText,
): LogSink {
  const encode = format === 'text' ? textLine : jsonLine;
  return (lines) => {
    try {
      write(map(lines, (line) => `${encode(line)}\n`).join(''));
    } catch {
      // Nobody listens; the journal has the lines as well.
    }
  };
}

function jsonLine({ level, text }: LogLine): string {
  return JSON.stringify({ time: new Date().toISOString(), level, msg: text });
}
