import type { Deadline } from '../diagnostics/deadline.ts';
import {
  LOG_FORMATS,
  LOG_LEVELS,
  type LogFormat,
  type LogLevel,
  type LogSink,
} from '../diagnostics/log.ts';
import { type Flag, type FlagValues, millisecondsOf, oneOf } from './flags.ts';

/** What the command line of every plugin says. */
export interface PluginOptions {
  /** For everything together, in milliseconds. */
  readonly timeout: number;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
}

/** The flags of every plugin. */
export const PLUGIN_FLAGS: readonly Flag[] = [
  { name: 'timeout', value: 'DURATION', help: 'for everything together; default 30s' },
  { name: 'log-level', value: 'LEVEL', help: 'error, warn, info or debug; default info' },
  { name: 'log-format', value: 'FORMAT', help: 'of standard error: text or json; default text' },
];

/** Turns the values of PLUGIN_FLAGS into options. Throws a UsageError that names the flag and what it takes. */
export function pluginOptions(values: FlagValues): PluginOptions {
  return {
    timeout: millisecondsOf(values, 'timeout', 30_000),
    logLevel: oneOf(values, 'log-level', LOG_LEVELS, 'info'),
    logFormat: oneOf(values, 'log-format', LOG_FORMATS, 'text'),
  };
}

/** What a run of a plugin needs from its process. */
export interface PluginRun<Options extends PluginOptions> {
  readonly options: Options;
  /** The whole request; reads within the deadline. */
  readRequest(): Promise<string>;
  readonly deadline: Deadline;
  /** What to undo where a later step fails, such as handing over the answer. */
  onFailure(undo: () => void): void;
  /** Milliseconds since the epoch. */
  startedAt(): number;
  /** Standard error and the journal. */
  readonly log: LogSink;
  /** The journal alone. */
  readonly journal: LogSink;
}
