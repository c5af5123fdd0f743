/** A span of time in nanoseconds, at most about 292 years either way, as Go's time.Duration. */
export type Nanoseconds = bigint;

const LONGEST = 0x8000_0000_0000_0000n;

/** Made when a duration is read, which most runs of a plugin do not. */
const unitsByName = (): ReadonlyMap<string, bigint> =>
  new Map([
    ['ns', 1n],
    ['us', 1_000n],
    ['µs', 1_000n],
    ['μs', 1_000n],
    ['ms', 1_000_000n],
    ['s', 1_000_000_000n],
    ['m', 60_000_000_000n],
    ['h', 3_600_000_000_000n],
  ]);

/**
 * Reads a duration such as `1h30m`, `1.5s`, `-300ms` or `0`. Returns the reason, in Go's words, where
 * it is none: a unit is required but for zero. Source of the rule: Go's time.ParseDuration.
 */
export function parseDuration(text: string): Nanoseconds | { readonly error: string } {
  const negative = text.startsWith('-');
  let rest = text.replace(/^[+-]/, '');
  if (rest === '0') return 0n;
  if (rest === '') return invalid(text);
  let total = 0n;
  const units = unitsByName();
  while (rest !== '') {
    const part = rest.match(/^(?:([0-9]+)(?:\.([0-9]*))?|\.([0-9]+))([^0-9.]*)/);
    if (part === null) return invalid(text);
    const [whole, integer = '0', afterInteger = '', afterPoint = '', unitName = ''] = part;
    if (BigInt(integer) > LONGEST) return invalid(text);
    if (unitName === '') return { error: `time: missing unit in duration ${quoteTime(text)}` };
    const unit = units.get(unitName);
    if (unit === undefined) {
      return { error: `time: unknown unit ${quoteTime(unitName)} in duration ${quoteTime(text)}` };
    }
    total += BigInt(integer) * unit + fractionOf(afterInteger + afterPoint, unit);
    if (total > LONGEST) return invalid(text);
    rest = rest.slice(whole.length);
  }
  if (negative) return -total;
  return total === LONGEST ? invalid(text) : total;
}

// Go stops reading digits that no longer fit into 63 bits, and scales them as floats.
const DIGITS_THAT_COUNT = 18;

function fractionOf(digits: string, unit: bigint): bigint {
  const counted = digits.slice(0, DIGITS_THAT_COUNT);
  return BigInt(Math.trunc(Number(counted) * (Number(unit) / 10 ** counted.length)));
}

function invalid(text: string): { readonly error: string } {
  return { error: `time: invalid duration ${quoteTime(text)}` };
}

/** Go's package time has its own quoting: bytes beyond ASCII as `\x`. */
export function quoteTime(text: string): string {
  const escaped = text
    .replace(/["\\]/g, '\\$&')
    .replace(/[^\x20-\x7f]/gu, (character) =>
      Array.from(Buffer.from(character), (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join(
        '',
      ),
    );
  return `"${escaped}"`;
}

/** A duration as Go prints it: `1h30m0s`, `1.5s`, `100ms`, `1µs`, `0s`. Source: Go's Duration.String. */
export function formatDuration(duration: Nanoseconds): string {
  if (duration < 0n) return `-${formatDuration(-duration)}`;
  if (duration < 1_000n) return duration === 0n ? '0s' : `${duration}ns`;
  if (duration < 1_000_000n) return `${decimal(duration, 3)}µs`;
  if (duration < 1_000_000_000n) return `${decimal(duration, 6)}ms`;
  const minutes = duration / 60_000_000_000n;
  const seconds = `${decimal(duration % 60_000_000_000n, 9)}s`;
  if (minutes === 0n) return seconds;
  const hours = minutes / 60n;
  return hours === 0n ? `${minutes}m${seconds}` : `${hours}h${minutes % 60n}m${seconds}`;
}

function decimal(value: bigint, places: number): string {
  const scale = 10n ** BigInt(places);
  const fraction = (value % scale).toString().padStart(places, '0').replace(/0+$/, '');
  return fraction === '' ? `${value / scale}` : `${value / scale}.${fraction}`;
}

/** A duration in milliseconds, the part below one kept as a fraction. */
export function toMilliseconds(duration: Nanoseconds): number {
  return Number(duration) / 1_000_000;
}
