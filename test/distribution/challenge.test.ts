import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { type Challenge, parseChallenges } from '../../src/distribution/challenge.ts';

const read: [string, string, Challenge[]][] = [
  ['Basic', 'Basic realm="r"', [{ scheme: 'basic', parameters: { realm: 'r' } }]],
  [
    'Bearer with commas inside quotes',
    'Bearer realm="https://auth.example/token",service="registry.example",scope="repository:a/b:pull,push"',
    [
      {
        scheme: 'bearer',
        parameters: {
          realm: 'https://auth.example/token',
          service: 'registry.example',
          scope: 'repository:a/b:pull,push',
        },
      },
    ],
  ],
  [
    'two challenges in one value',
    'Bearer realm="a", service=b , Basic realm="c"',
    [
      { scheme: 'bearer', parameters: { realm: 'a', service: 'b' } },
      { scheme: 'basic', parameters: { realm: 'c' } },
    ],
  ],
  ['odd case and blanks', 'BASIC  Realm = "x"', [{ scheme: 'basic', parameters: { realm: 'x' } }]],
  ['escapes', 'Basic realm="a\\"b\\\\c"', [{ scheme: 'basic', parameters: { realm: 'a"b\\c' } }]],
  ['a bare value', 'Basic realm=x', [{ scheme: 'basic', parameters: { realm: 'x' } }]],
  [
    'a scheme without parameters before another',
    'Negotiate, Basic realm="x"',
    [
      { scheme: 'negotiate', parameters: {} },
      { scheme: 'basic', parameters: { realm: 'x' } },
    ],
  ],
  ['an empty value', '', []],
  ['no challenge at all', '"just a text"', []],
  [
    'an open quote',
    'Basic realm="x',
    [
      { scheme: 'basic', parameters: {} },
      { scheme: 'realm', parameters: {} },
    ],
  ],
];

describe('a WWW-Authenticate value', () => {
  test.each(read)('%s', (_, header, expected) => {
    expect(parseChallenges(header)).toEqual(expected);
  });

  test('never hangs or throws, whatever it holds', () => {
    const piece = fc.constantFrom('Basic', 'Bearer', 'realm', '=', '"', ',', ' ', '\\', 'x', '\0');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        expect(parseChallenges(pieces.join('')).length).toBeLessThanOrEqual(pieces.length);
      }),
    );
  });

  test('written from challenges is read back as them', () => {
    const name = fc.stringMatching(/^[a-z]{1,8}$/);
    const challenge = fc.record({
      scheme: name,
      parameters: fc.dictionary(name, fc.string({ unit: 'grapheme-ascii' }), {
        minKeys: 1,
        noNullPrototype: true,
      }),
    });
    const write = ({ scheme, parameters }: Challenge): string =>
      `${scheme} ${Object.entries(parameters)
        .map(([key, value]) => `${key}="${value.replace(/["\\]/g, '\\$&')}"`)
        .join(', ')}`;
    fc.assert(
      fc.property(fc.array(challenge), (challenges) => {
        expect(parseChallenges(challenges.map(write).join(', '))).toEqual(challenges);
      }),
    );
  });
});
