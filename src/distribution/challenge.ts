/** One way in that a registry offers in `WWW-Authenticate`. */
export interface Challenge {
  /** Lower case: `basic`, `bearer`, … */
  readonly scheme: string;
  /** By lower-case name: `realm`, `service`, `scope`, … */
  readonly parameters: Readonly<Record<string, string>>;
}

const TOKEN = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;
const PARAMETER = /([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))/y;
const SEPARATORS = /[\s,]*/y;

/**
 * Reads a `WWW-Authenticate` value, which may hold several challenges (RFC 9110, 11.6.1). What cannot
 * be read ends the list: the challenges before it still count.
 */
export function parseChallenges(header: string): Challenge[] {
  const found: Challenge[] = [];
  let at = 0;
  const next = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(header);
    at += match?.[0].length ?? 0;
    return match;
  };
  for (next(SEPARATORS); at < header.length; next(SEPARATORS)) {
    const scheme = next(TOKEN)?.[0].toLowerCase();
    if (scheme === undefined) break;
    const parameters: Record<string, string> = {};
    for (next(SEPARATORS); ; next(SEPARATORS)) {
      const [, name, quoted, bare] = next(PARAMETER) ?? [];
      if (name === undefined) break;
      parameters[name.toLowerCase()] = quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '';
    }
    found.push({ scheme, parameters });
  }
  return found;
}
