import { UsageError } from '../diagnostics/errors.ts';
import { quote } from '../diagnostics/quote.ts';
import { qualifiedNameErrors } from '../kubelet/qualified-name.ts';
import { isDnsLabel, isDnsSubdomain } from '../kubernetes/names.ts';
import { MOST_NAMES } from '../kubernetes/secrets.ts';

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

/** Reads names of Secrets, in one option or several; no more than the plugin fetches by name. */
export function secretNames(value: string, previous: readonly string[] = []): readonly string[] {
  const names = [...new Set(listValue(value, previous).map(nameValue))];
  if (names.length <= MOST_NAMES) return names;
  throw new UsageError(
    `more than ${MOST_NAMES} Secrets are named, which the plugin refuses; name fewer, or none to list them`,
  );
}

/** Reads keys of annotations, in one option or several. */
export function annotationKeys(value: string, previous: readonly string[] = []): readonly string[] {
  const keys = [...new Set(listValue(value, previous))];
  for (const key of keys) {
    const [problem] = qualifiedNameErrors(key);
    if (problem === undefined) continue;
    throw new UsageError(`${quote(key)} is no key of an annotation: ${problem}`);
  }
  return keys;
}

function notAName(value: string, allowed: string): UsageError {
  return new UsageError(`${quote(value)} cannot be the name of an object; allowed are ${allowed}`);
}
