import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { decodeStoredCredential } from '../../src/credentials/stored-credential.ts';
import { encodeStoredCredential } from '../../src/providers/store-edit.ts';

const DURATION = '0h5m0s';

describe('decodeStoredCredential', () => {
  test.each([
    [{}, { kind: 'password', username: '', password: '', duration: DURATION }],
    [{ username: 'u' }, { kind: 'password', username: 'u', password: '', duration: DURATION }],
    [{ credHelper: 'gcr' }, { kind: 'helper', helper: 'gcr', duration: DURATION }],
    [
      { credHelper: 'ecr-login', duration: '12h', username: '' },
      { kind: 'helper', helper: 'ecr-login', duration: '12h' },
    ],
  ])('reads %j', (document, expected) => {
    expect(decodeStoredCredential(document)).toMatchObject(expected);
  });

  test.each([[null], [5], ['text'], [[]], [true]])('finds %j to be no object', (document) => {
    expect(decodeStoredCredential(document)).toEqual({ problem: 'is no JSON object' });
  });

  test.each(['', '../x', 'a b', 'A', 'a/b'])('finds %j to be no helper', (credHelper) => {
    expect(decodeStoredCredential({ credHelper })).toHaveProperty('problem');
  });

  test('reads what was written', () => {
    const duration = fc.constantFrom(DURATION, '12h', '0s');
    const password = fc.record({
      kind: fc.constant('password' as const),
      username: fc.string({ unit: 'grapheme' }),
      password: fc.string({ unit: 'grapheme' }),
      duration,
    });
    const helper = fc.record({
      kind: fc.constant('helper' as const),
      helper: fc.constant('x'),
      duration,
    });
    fc.assert(
      fc.property(fc.oneof(password, helper), (stored) => {
        expect(decodeStoredCredential(JSON.parse(encodeStoredCredential(stored)))).toEqual(stored);
      }),
    );
  });
});
