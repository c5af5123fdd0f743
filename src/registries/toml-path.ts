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
