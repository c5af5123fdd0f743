import { isJsonObject } from '../diagnostics/json.ts';

/** A line of a plugin in the journal. */
export interface JournalLine {
  readonly identifier: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly text: string;
}

/**
 * The arguments of journalctl(1) for the last failures of our plugins, oldest first; those of the original
 * carry their command's name alone. `directory` is another root's journal, otherwise it is this machine's
 * of the last day.
 */
export function journalArguments(
  plugins: readonly string[],
  count: number,
  directory: string | undefined,
): readonly string[] {
  const matches = plugins.flatMap((name) => [`SYSLOG_IDENTIFIER=${name}`, '+', comm(name), '+']);
  return [
    '--no-pager',
    '--output=json',
    '--priority=err',
    `--lines=${count}`,
    directory === undefined ? '--since=-1day' : `--directory=${directory}`,
    ...matches.slice(0, -1),
  ];
}

/** The kernel keeps 15 characters of a command's name. */
function comm(name: string): string {
  return `_COMM=${name.slice(0, 15)}`;
}

/** Reads the entries that journalctl prints as JSON, one a line. */
export function journalLines(output: string): readonly JournalLine[] {
  return output.split('\n').flatMap((line) => {
    const entry = parsed(line);
    if (!isJsonObject(entry)) return [];
    const { MESSAGE: message, SYSLOG_IDENTIFIER: identifier, _COMM: command } = entry;
    const at = Number(entry['__REALTIME_TIMESTAMP']) / 1000;
    const text = textOf(message);
    const name = typeof identifier === 'string' ? identifier : command;
    if (text === undefined || typeof name !== 'string' || !Number.isFinite(at)) return [];
    return [{ identifier: name, at, text }];
  });
}

/** Text that is not printable comes as an array of bytes. */
function textOf(message: unknown): string | undefined {
  if (typeof message === 'string') return message;
  const isBytes = Array.isArray(message) && message.every((one) => typeof one === 'number');
  return isBytes ? new TextDecoder().decode(Uint8Array.from(message)) : undefined;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // An empty line, or one that was cut.
    return undefined;
  }
}
