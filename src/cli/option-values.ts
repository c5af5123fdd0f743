import { UsageError } from '../diagnostics/errors.ts';
import { quote } from '../diagnostics/quote.ts';
import { isDnsLabel, isDnsSubdomain } from '../kubernetes/names.ts';

/** Reads the value of an option that may come several times, or once with commas. */
export function listValue(value: string, previous: readonly string[] = []): readonly string[] {
  const items = value.split(',').map((item) => item.trim());
  return [...previous, ...items.filter((item) => item !== '')];
}

/** Reads the value of an option that may come several times. */
export function repeatedValue(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}

/** Reads a namespace's or pool's name: a DNS-1123 label. */
export function labelValue(value: string): string {
  if (isDnsLabel(value)) return value;
  throw notAName(value, 'lower-case letters, digits and "-", at most 63 characters');
}

/** Reads the name of a Secret, service account, pod or node: a DNS-1123 subdomain. */
export function nameValue(value: string): string {
  if (isDnsSubdomain(value)) return value;
  throw notAName(value, 'lower-case letters, digits, "-" and ".", at most 253 characters');
}

/** Reads names of Secrets, in one option or several. */
export function nameListValue(value: string, previous: readonly string[] = []): readonly string[] {
  return listValue(value, previous).map(nameValue);
}

function notAName(value: string, allowed: string): UsageError {
  return new UsageError(`${quote(value)} cannot be the name of an object; allowed are ${allowed}`);
}
