import { bytesOf, isAscii, quoteBytes } from './byte-string.ts';
import { ipLiteralError } from './ip-literal.ts';

/** The part of a registry URL that counts for matching; bytes of UTF-8 as characters U+0000 to U+00FF. */
export interface SchemelessUrl {
  /** With port, brackets of an IPv6 address kept. */
  readonly host: string;
  /** Percent escapes decoded. */
  readonly path: string;
}

/**
 * Parses `host[:port][/path]` as the kubelet does, which puts `https://` before it: a user name is
 * dropped, `?` and `#` cut off what follows, percent escapes are undone. Returns the reason, in Go's
 * words, where it does not parse. Source of the rule: Go's url.Parse (1.26).
 */
export function parseSchemelessUrl(text: string): SchemelessUrl | { readonly error: string } {
  const [beforeFragment, fragment] = cut(`https://${bytesOf(text)}`, '#');
  const [address] = cut(beforeFragment, '?');
  const authorityAndPath = address.slice('https://'.length);
  const slash = authorityAndPath.indexOf('/');
  const authority = slash < 0 ? authorityAndPath : authorityAndPath.slice(0, slash);
  const path = slash < 0 ? '' : authorityAndPath.slice(slash);
  const at = authority.lastIndexOf('@');
  const host = authority.slice(at + 1);
  const problem =
    (/[\x00-\x1f\x7f]/.test(beforeFragment)
      ? 'net/url: invalid control character in URL'
      : undefined) ??
    hostProblem(host) ??
    (at < 0 ? undefined : userProblem(authority.slice(0, at))) ??
    escapeProblem(path);
  if (problem !== undefined) return parseError(beforeFragment, problem);
  const fragmentProblem = escapeProblem(fragment);
  if (fragmentProblem !== undefined) {
    return parseError(`${beforeFragment}#${fragment}`, fragmentProblem);
  }
  return { host: unescaped(host), path: unescaped(path) };
}

function parseError(url: string, problem: string): { readonly error: string } {
  return { error: `parse ${quoteBytes(url)}: ${problem}` };
}

function cut(text: string, separator: string): [before: string, after: string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function hostProblem(host: string): string | undefined {
  const bracket = host.lastIndexOf('[');
  if (bracket > 0) return 'invalid IP-literal';
  if (bracket === 0) return bracketedHostProblem(host);
  const colon = host.indexOf(':');
  return portProblem(colon < 0 ? '' : host.slice(colon)) ?? hostCharacterProblem(host);
}

function bracketedHostProblem(host: string): string | undefined {
  const close = host.lastIndexOf(']');
  if (close < 0) return "missing ']' in host";
  const literal = host.slice(1, close);
  const zone = literal.indexOf('%25');
  const address = zone < 0 ? literal : literal.slice(0, zone);
  return (
    portProblem(host.slice(close + 1)) ??
    hostCharacterProblem(address) ??
    (zone < 0 ? undefined : zoneProblem(literal.slice(zone))) ??
    ipLiteralError(unescaped(literal))
  );
}

function portProblem(colonPort: string): string | undefined {
  return /^(:[0-9]*)?$/.test(colonPort)
    ? undefined
    : `invalid port ${quoteBytes(colonPort)} after host`;
}

// RFC 3986 allows these in a host; Go adds `<`, `>` and `"`. Bytes of UTF-8 are let through.
const HOST_CHARACTER = /[A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"\x80-\xff]/;

/** In a host, `%` may only escape bytes that are not ASCII, and a `%` itself. */
function hostCharacterProblem(host: string): string | undefined {
  return firstProblem(host, (escaped) => escaped === '%25' || /^%[89A-Fa-f]/.test(escaped));
}

/** In a zone, `%` may also escape a blank and what could stand there unescaped. */
function zoneProblem(zone: string): string | undefined {
  return firstProblem(zone, (escaped) => {
    const byte = unescaped(escaped);
    return byte === '%' || byte === ' ' || (isAscii(byte) && HOST_CHARACTER.test(byte));
  });
}

function firstProblem(host: string, allows: (escaped: string) => boolean): string | undefined {
  for (let i = 0; i < host.length; i++) {
    const character = host.charAt(i);
    if (character === '%') {
      const escaped = host.slice(i, i + 3);
      if (!isEscape(escaped) || !allows(escaped)) {
        return `invalid URL escape ${quoteBytes(escaped)}`;
      }
      i += 2;
    } else if (!HOST_CHARACTER.test(character)) {
      return `invalid character ${quoteBytes(character)} in host name`;
    }
  }
  return undefined;
}

function userProblem(user: string): string | undefined {
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user)) return 'net/url: invalid userinfo';
  const [name, password] = cut(user, ':');
  return escapeProblem(name) ?? escapeProblem(password);
}

function escapeProblem(text: string): string | undefined {
  const bad = text.match(/%(?![0-9A-Fa-f]{2}).{0,2}/s)?.[0];
  return bad === undefined ? undefined : `invalid URL escape ${quoteBytes(bad)}`;
}

function isEscape(text: string): boolean {
  return /^%[0-9A-Fa-f]{2}$/.test(text);
}

function unescaped(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
}
