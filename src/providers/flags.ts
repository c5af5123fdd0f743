import { UsageError } from '../diagnostics/errors.ts';
import { find } from '../diagnostics/lists.ts';
import { quote } from '../diagnostics/quote.ts';
import { parseDuration, toMilliseconds } from '../kubelet/duration.ts';

/** One flag of a plugin. Without `value` (the placeholder in the help) it is a switch. */
export interface Flag {
  readonly name: string;
  readonly short?: string;
  readonly value?: string;
  readonly help: string;
}

/** Flags given, by their long name; a switch has the value `true`. */
export type FlagValues = ReadonlyMap<string, string>;

/**
 * Reads a plugin's arguments as Go's flag package does: `--name value`, `--name=value`, one dash or two,
 * `--` ends the flags; beside that, short flags may be joined. Plugins take no other arguments. Throws a UsageError that names the known flags.
 * The command line library of `pullkey` would cost a plugin more time than its whole work.
 */
export function parseFlags(args: readonly string[], flags: readonly Flag[]): FlagValues {
  const values = new Map<string, string>();
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined && arg !== '--'; arg = rest.shift()) {
    const [name, assigned] = splitArgument(arg);
    const flag = find(flags, (one) => one.name === name || one.short === name);
    if (flag === undefined) rest.unshift(...splitJoined(arg, flags));
    else values.set(flag.name, flagValue(flag, assigned, rest));
  }
  if (rest[0] !== undefined) throw unknownArgument(rest[0], flags);
  return values;
}

/** `--name=value` → name and value; the name of what is no flag is empty. */
function splitArgument(arg: string): [name: string, assigned?: string] {
  if (!arg.startsWith('-')) return [''];
  const flag = arg.slice(arg.startsWith('--') ? 2 : 1);
  const equals = flag.indexOf('=');
  return equals === -1 ? [flag] : [flag.slice(0, equals), flag.slice(equals + 1)];
}

/** `-dcDIR` → `-d`, `-c`, `DIR`, as Python's argparse reads the original's flags. Throws a UsageError. */
function splitJoined(arg: string, flags: readonly Flag[]): string[] {
  if (!arg.startsWith('-')) throw unknownArgument(arg, flags);
  const parts: string[] = [];
  const letters = arg.slice(1);
  for (const [index, letter] of [...letters].entries()) {
    const flag = find(flags, ({ short }) => short === letter);
    if (flag === undefined) throw unknownArgument(arg, flags);
    parts.push(`-${letter}`);
    const value = letters.slice(index + 1);
    if (flag.value !== undefined && value !== '') return [...parts, value];
  }
  if (parts.length < 2) throw unknownArgument(arg, flags);
  return parts;
}

function flagValue(flag: Flag, assigned: string | undefined, rest: string[]): string {
  if (flag.value === undefined) {
    if (assigned === undefined || assigned === 'true' || assigned === 'false')
      return assigned ?? 'true';
    throw new UsageError(`--${flag.name} is a switch and takes no value but true or false`);
  }
  const value = assigned ?? rest.shift();
  if (value === undefined)
    throw new UsageError(`--${flag.name} needs a value: --${flag.name} ${flag.value}`);
  return value;
}

function unknownArgument(arg: string, flags: readonly Flag[]): UsageError {
  const known = flags.map((flag) => `--${flag.name}`).join(', ');
  return new UsageError(`unknown argument ${quote(arg)}; known are ${known}`);
}

/** Whether a switch is on. */
export function isOn(values: FlagValues, name: string): boolean {
  return values.get(name) === 'true';
}

/** The value of a flag that knows a few words; the fallback where it was not given. */
export function oneOf<Word extends string>(
  values: FlagValues,
  name: string,
  words: readonly Word[],
  fallback: Word,
): Word {
  const value = values.get(name) ?? fallback;
  const word = find(words, (one) => one === value);
  if (word === undefined) {
    throw new UsageError(`--${name} does not know ${quote(value)}; known are ${words.join(', ')}`);
  }
  return word;
}

/** The value of a flag that takes a duration as Go writes it, in milliseconds; the fallback where it was not given. */
export function millisecondsOf(values: FlagValues, name: string, fallback: number): number {
  const text = values.get(name);
  if (text === undefined) return fallback;
  const parsed = parseDuration(text);
  if (typeof parsed === 'object' || parsed < 0n) {
    throw new UsageError(`--${name} takes a duration such as 500ms, 30s or 1h, not ${quote(text)}`);
  }
  return toMilliseconds(parsed);
}

/** The usage of a program: its name, what it does, and a line per flag. */
export function usage(summary: string, flags: readonly Flag[]): string {
  const names = flags.map(
    ({ name, short, value }) =>
      `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`,
  );
  const width = Math.max(...names.map((one) => one.length)) + 2;
  const lines = flags.map((flag, index) => `  ${(names[index] ?? '').padEnd(width)}${flag.help}\n`);
  return `${summary}\n\nFlags:\n${lines.join('')}`;
}
