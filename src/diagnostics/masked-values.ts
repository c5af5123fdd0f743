/** The values of `name`/`value` pairs, such as a provider's environment, which may be secrets. */
const VALUES = /(\bvalue["']?\s*:\s*)("(?:[^"\\]|\\.)*"|'[^']*'|[^\s,}][^,}\n]*)/gi;

/** A text of a configuration file as it may be shown: such values as stars, all else where it was. */
export function maskValues(text: string): string {
  return text.replace(VALUES, (_, name: string, value: string) => name + '*'.repeat(value.length));
}
