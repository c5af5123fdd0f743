// URLs as Go's net/url reads them: Ignition's rules are about what it refuses, which is not what the
// WHATWG's parser does.

const CONTROL = /[\x00-\x1f\x7f]/;
const BAD_ESCAPE = /%(?![0-9A-Fa-f]{2})/;
const HOST = /^[A-Za-z0-9\-._~!$&'()*+,;=:[\]<>"%\u0080-\u{10ffff}]*$/u;
/** In a host only bytes beyond ASCII may be escaped, and a percent sign. */
const ESCAPED_ASCII = /%(?!25)[0-7][0-9A-Fa-f]/;
const USER = /^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/;

/** The parts of a URL that Ignition's rules look at. */
export interface GoUrl {
  /** Lower case; empty where there is none. */
  readonly scheme: string;
  /** What follows the scheme, where that is no path. */
  readonly opaque: string;
  readonly query: string;
}

/** The scheme of a URL, empty where it has none; undefined for what is no URL. */
export function schemeOf(url: string): string | undefined {
  return parseGoUrl(url)?.scheme;
}

/** Reads a URL; undefined for what net/url refuses. */
export function parseGoUrl(url: string): GoUrl | undefined {
  const [withoutFragment = '', fragment = ''] = cut(url, '#');
  if (CONTROL.test(withoutFragment) || BAD_ESCAPE.test(fragment)) return undefined;
  if (withoutFragment.startsWith(':')) return undefined;
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(withoutFragment)?.[1];
  const afterScheme =
    scheme === undefined ? withoutFragment : withoutFragment.slice(scheme.length + 1);
  const [rest = '', query = ''] = cut(afterScheme, '?');
  if (!rest.startsWith('/')) {
    if (scheme !== undefined) return { scheme: scheme.toLowerCase(), opaque: rest, query };
    const [segment = ''] = rest.split('/');
    if (segment.includes(':')) return undefined;
  }
  if (!isHierarchy(rest, scheme !== undefined)) return undefined;
  return { scheme: scheme?.toLowerCase() ?? '', opaque: '', query };
}

function isHierarchy(rest: string, hasScheme: boolean): boolean {
  if (!rest.startsWith('//') || (!hasScheme && rest.startsWith('///'))) {
    return !BAD_ESCAPE.test(rest);
  }
  const slash = rest.indexOf('/', 2);
  const authority = rest.slice(2, slash === -1 ? undefined : slash);
  const path = slash === -1 ? '' : rest.slice(slash);
  const at = authority.lastIndexOf('@');
  const user = authority.slice(0, Math.max(at, 0));
  return (
    USER.test(user) &&
    !BAD_ESCAPE.test(user) &&
    isHost(authority.slice(at + 1)) &&
    !BAD_ESCAPE.test(path)
  );
}

function isHost(host: string): boolean {
  const hasPort = host.startsWith('[')
    ? /\](:\d*)?$/.test(host)
    : !host.includes(':') || /:\d*$/.test(host);
  return hasPort && HOST.test(host) && !BAD_ESCAPE.test(host) && !ESCAPED_ASCII.test(host);
}

function cut(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
