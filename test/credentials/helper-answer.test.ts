import { describe, expect, test } from 'bun:test';
import { decodeHelperAnswer, isNotFound } from '../../src/credentials/helper-answer.ts';

describe('decodeHelperAnswer', () => {
  test.each([
    [
      { ServerURL: 'x', Username: 'u', Secret: 's' },
      { username: 'u', password: 's' },
    ],
    [
      { Username: 'u', Secret: '' },
      { username: 'u', password: '' },
    ],
    [
      { Username: '', Secret: 's' },
      { username: '', password: 's' },
    ],
    [{ Username: '', Secret: '' }, { problem: 'printed an empty credential' }],
    [{ username: 'u', secret: 's' }, { problem: 'printed no Username and Secret' }],
    [{ Username: 1, Secret: 's' }, { problem: 'printed no Username and Secret' }],
    [['u', 's'], { problem: 'printed no JSON object' }],
    [
      { Username: '<token>', Secret: 's' },
      { problem: 'gave an identity token, which the kubelet cannot use' },
    ],
  ])('reads %j', (answer, expected) => {
    expect(decodeHelperAnswer(JSON.stringify(answer), 'a.example')).toEqual(expected);
  });

  test.each([
    ['team.azurecr.io', true],
    ['Team.AzureCR.io', true],
    ['team.azurecr.cn', true],
    ['team.azurecr.us', true],
    ['azurecr.io.evil.example', false],
    ['evil-azurecr.io', false],
  ])('of %s, an identity token is usable: %p', (host, usable) => {
    const answer = decodeHelperAnswer('{"Username":"<token>","Secret":"s"}', host);
    expect('password' in answer).toBe(usable);
  });

  test.each(['', 'text', '{', '{"Username":"u"} trailing'])('finds %j to be no object', (text) => {
    expect(decodeHelperAnswer(text, 'a.example')).toEqual({ problem: 'printed no JSON object' });
  });
});

test.each([
  ['credentials not found in native keychain', true],
  ['credentials not found in native keychain\n', true],
  ['no credentials server URL', false],
  ['', false],
])('%j says that there is no credential: %p', (output, expected) => {
  expect(isNotFound(output)).toBe(expected);
});
