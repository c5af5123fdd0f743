/**
 * Where a value stands in a TOML document: its key (or its index in an array) and what holds it.
 * A chain rather than a list, since one is made for every table of every file.
 */
export interface TomlPath {
  readonly within: TomlPath | undefined;
  readonly key: string | number;
}

/** The path as a list, outermost key first. */
export function keysOf(path: TomlPath): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let at: TomlPath | undefined = path; at !== undefined; at = at.within) keys.push(at.key);
  return keys.reverse();
}

/**
 * A key as the library compares it with the names that it knows: without regard to case, by
 * Unicode's simple folding, in which the long s and the Kelvin sign are the only foreign letters
 * that equal ASCII ones.
 */
export function foldKey(key: string): string {
  return key.toLowerCase().replaceAll('\u017f', 's');
}
