import { quoteBytes } from './byte-string.ts';

/**
 * What is wrong with the text between `[` and `]` of a URL's host, or undefined where it is an IPv6
 * address (RFC 4291, RFC 6874 zones included). The text is given as bytes, see byte-string.ts; the
 * wording is Go's: netip.ParseAddr, net/url.
 */
export function ipLiteralError(text: string): string | undefined {
  const first = text.match(/[.:%]/)?.[0];
  if (first === '.') return ipv4Problem(text, text) ?? 'invalid IP-literal';
  if (first === ':') return ipv6Problem(text);
  return problem(text, first === '%' ? 'missing IPv6 address' : 'unable to parse IP');
}

function problem(text: string, what: string, at?: string): string {
  const where = at === undefined ? '' : ` (at ${quoteBytes(at)})`;
  return `invalid host: ParseAddr(${quoteBytes(text)}): ${what}${where}`;
}

const IPV4_FIELDS = 4;

function ipv4Problem(whole: string, dotted: string): string | undefined {
  const fields = dotted.split('.');
  let start = 0;
  for (const [index, field] of fields.entries()) {
    const found = ipv4FieldProblem(whole, field, dotted.slice(start));
    if (found !== undefined) return found;
    const dot = start + field.length;
    if (dot === dotted.length) break;
    if (field === '' || dot === dotted.length - 1) {
      return problem(whole, 'IPv4 field must have at least one digit', dotted.slice(dot));
    }
    if (index === IPV4_FIELDS - 1) return problem(whole, 'IPv4 address too long');
    start = dot + 1;
  }
  return fields.length < IPV4_FIELDS ? problem(whole, 'IPv4 address too short') : undefined;
}

function ipv4FieldProblem(whole: string, field: string, rest: string): string | undefined {
  const digits = field.match(/^[0-9]*/)?.[0] ?? '';
  if (/^0[0-9]/.test(digits)) return problem(whole, 'IPv4 field has octet with leading zero');
  if (Number(digits) > 255) return problem(whole, 'IPv4 field has value >255');
  if (digits.length === field.length) return undefined;
  return problem(whole, 'unexpected character', rest.slice(digits.length));
}

const IPV6_BYTES = 16;

interface Ipv6Reading {
  readonly whole: string;
  rest: string;
  bytes: number;
  hasEllipsis: boolean;
}

function ipv6Problem(whole: string): string | undefined {
  const percent = whole.indexOf('%');
  if (percent === whole.length - 1) return problem(whole, 'zone must be a non-empty string');
  const address = percent < 0 ? whole : whole.slice(0, percent);
  const hasEllipsis = address.startsWith('::');
  const rest = hasEllipsis ? address.slice(2) : address;
  const reading: Ipv6Reading = { whole, rest, bytes: 0, hasEllipsis };
  while (reading.rest !== '' && reading.bytes < IPV6_BYTES) {
    const found = takeGroup(reading) ?? takeColons(reading);
    if (found !== undefined) return found;
  }
  return lengthProblem(reading);
}

function takeGroup(reading: Ipv6Reading): string | undefined {
  const { whole, rest } = reading;
  const digits = rest.match(/^[0-9a-fA-F]*/)?.[0].length ?? 0;
  if (digits > 4) return problem(whole, 'each group must have 4 or less digits', rest);
  if (digits === 0) {
    return problem(whole, 'each colon-separated field must have at least one digit', rest);
  }
  if (rest[digits] === '.') return takeIpv4(reading);
  reading.bytes += 2;
  reading.rest = rest.slice(digits);
  return undefined;
}

function takeIpv4(reading: Ipv6Reading): string | undefined {
  const { whole, rest, bytes, hasEllipsis } = reading;
  if (!hasEllipsis && bytes !== IPV6_BYTES - IPV4_FIELDS) {
    return problem(
      whole,
      'embedded IPv4 address must replace the final 2 fields of the address',
      rest,
    );
  }
  if (bytes + IPV4_FIELDS > IPV6_BYTES) {
    return problem(
      whole,
      'too many hex fields to fit an embedded IPv4 at the end of the address',
      rest,
    );
  }
  reading.bytes += IPV4_FIELDS;
  reading.rest = '';
  return ipv4Problem(whole, rest);
}

function takeColons(reading: Ipv6Reading): string | undefined {
  const { whole, rest } = reading;
  if (rest === '') return undefined;
  if (rest[0] !== ':') return problem(whole, 'unexpected character, want colon', rest);
  if (rest === ':') return problem(whole, 'colon must be followed by more characters', rest);
  const isEllipsis = rest[1] === ':';
  if (isEllipsis && reading.hasEllipsis) {
    return problem(whole, 'multiple :: in address', rest.slice(1));
  }
  reading.hasEllipsis ||= isEllipsis;
  reading.rest = rest.slice(isEllipsis ? 2 : 1);
  return undefined;
}

function lengthProblem({ whole, rest, bytes, hasEllipsis }: Ipv6Reading): string | undefined {
  if (rest !== '') return problem(whole, 'trailing garbage after address', rest);
  if (bytes < IPV6_BYTES) {
    return hasEllipsis ? undefined : problem(whole, 'address string too short');
  }
  return hasEllipsis
    ? problem(whole, 'the :: must expand to at least one field of zeros')
    : undefined;
}
