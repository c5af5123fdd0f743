import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { readTokenClaims } from '../../src/kubernetes/token.ts';

function token(claims: unknown): string {
  return `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;
}

const inNamespace = (more: object = {}) => ({ 'kubernetes.io': { namespace: 'team-a', ...more } });

describe('a token tells', () => {
  test('its namespace, its service account and for whom it is', () =>
    expect(
      readTokenClaims(
        token({ ...inNamespace({ serviceaccount: { name: 'app' } }), aud: ['a', 'b'] }),
      ),
    ).toEqual({ namespace: 'team-a', serviceAccount: 'app', audiences: ['a', 'b'] }));
  test.each([
    ['one audience as text', 'a', ['a']],
    ['none', undefined, []],
    ['those that are text', ['a', 7, null], ['a']],
  ])('%s', (_, aud, audiences) =>
    expect(readTokenClaims(token({ ...inNamespace(), aud })).audiences).toEqual(audiences),
  );
  test.each([{}, { name: 7 }, { name: '../x' }, 'app', null])(
    'no service account by %j, which goes into no URL',
    (serviceaccount) =>
      expect(
        readTokenClaims(token(inNamespace({ serviceaccount }))).serviceAccount,
      ).toBeUndefined(),
  );
});

describe('a token is refused', () => {
  test.each([
    ['with two parts', 'a.b', 'an invalid number of segments'],
    ['with four parts', 'a.b.c.d', 'an invalid number of segments'],
    ['with padding', `a.${Buffer.from('{"a":1}').toString('base64')}.c`, 'could not base64 decode'],
    ['of an impossible length', 'a.abcde.c', 'could not base64 decode'],
    ['with text for claims', token('x'), 'could not JSON decode claim: it is no object'],
    ['with null for claims', token(null), 'no kubernetes.io claim'],
    ['with a number beyond all bounds', 'a.eyJleHAiOjFlOTk5fQ.c', 'could not JSON decode claim'],
  ])('%s', (_, text, reason) => expect(() => readTokenClaims(text)).toThrow(reason));
});

test('a segment of a token is base64url without padding, as its alphabet says', () => {
  const ALPHABET = /^[A-Za-z0-9_-]*$/;
  const payload = token(inNamespace()).split('.')[1];
  const text = fc.string({ unit: fc.constantFrom(...'Ab9-_xyz=+/ \n\t\0é'), maxLength: 9 });
  const isTaken = (signature: string) => {
    try {
      return readTokenClaims(`e30.${payload}.${signature}`).namespace === 'team-a';
    } catch {
      return false;
    }
  };
  fc.assert(
    fc.property(text, (one) => expect(isTaken(one)).toBe(ALPHABET.test(one))),
    { numRuns: 2_000 },
  );
});
