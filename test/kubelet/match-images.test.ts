import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { ipLiteralError } from '../../src/kubelet/ip-literal.ts';
import { matchImage, patternError } from '../../src/kubelet/match-images.ts';

const label = fc.string({ unit: fc.constantFrom('a', 'b', '1', '-'), minLength: 1, maxLength: 4 });
const host = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
const path = fc
  .array(label, { maxLength: 3 })
  .map((parts) => parts.map((part) => `/${part}`).join(''));

describe('matchImage', () => {
  test('a registry covers all its images, and a path what is below it', () => {
    fc.assert(
      fc.property(host, path, path, (registry, above, below) => {
        expect(matchImage(registry + above, registry + above + below).matched).toBe(true);
      }),
    );
  });

  test('a wildcard stands for one label, never for none or two', () => {
    fc.assert(
      fc.property(label, label, host, (one, two, rest) => {
        expect(matchImage(`*.${rest}`, `${one}.${rest}/app`).matched).toBe(true);
        expect(matchImage(`*.${rest}`, `${one}.${two}.${rest}/app`).matched).toBe(false);
        expect(matchImage(`*.${rest}`, `${rest}/app`).matched).toBe(false);
      }),
    );
  });

  test('nothing makes it throw, and an error is never a match', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (one, other) => {
        const { matched, error } = matchImage(one, other);
        expect(matched && error !== undefined).toBe(false);
      }),
    );
  });
});

test('patternError says why the kubelet would refuse an entry', () => {
  expect(patternError('*.quay.io:5000/team')).toBeUndefined();
  expect(patternError('quay io')).toBe(
    'parse "https://quay io": invalid character " " in host name',
  );
});

describe('ipLiteralError', () => {
  test.each([
    '::',
    '::1',
    '1::',
    '2001:db8::1',
    '1:2:3:4:5:6:7:8',
    '::1.2.3.4',
    '1:2:3:4:5:6:1.2.3.4',
    'fe80::1%eth0',
  ])('%s is an IPv6 address', (text) => expect(ipLiteralError(text)).toBeUndefined());

  test.each([
    ['', 'unable to parse IP'],
    ['%eth0', 'missing IPv6 address'],
    ['::1%', 'zone must be a non-empty string'],
    ['12345::', 'each group must have 4 or less digits (at "12345::")'],
    ['1:2:3', 'address string too short'],
    ['1:2:3:4:5:6:7:8:9', 'trailing garbage after address (at "9")'],
    ['1:2:3:4::5:6:7:8', 'the :: must expand to at least one field of zeros'],
    ['1::2::3', 'multiple :: in address (at ":3")'],
    ['1:', 'colon must be followed by more characters (at ":")'],
    ['1:2g', 'unexpected character, want colon (at "g")'],
    [
      '1:1.2.3.4',
      'embedded IPv4 address must replace the final 2 fields of the address (at "1.2.3.4")',
    ],
    [
      '::1:2:3:4:5:6:7:1.2.3.4',
      'too many hex fields to fit an embedded IPv4 at the end of the address (at "1.2.3.4")',
    ],
    ['1.2.3', 'IPv4 address too short'],
    ['1.2.3.4.5', 'IPv4 address too long'],
    ['1..2.3', 'IPv4 field must have at least one digit (at ".2.3")'],
    ['1.2.3.', 'IPv4 field must have at least one digit (at ".")'],
    ['1.2.3.x', 'unexpected character (at "x")'],
    ['1.2.3.04', 'IPv4 field has octet with leading zero'],
    ['1.2.3.256', 'IPv4 field has value >255'],
  ])('%p: %s', (text, problem) => {
    expect(ipLiteralError(text)).toBe(`invalid host: ParseAddr("${text}"): ${problem}`);
  });
});
