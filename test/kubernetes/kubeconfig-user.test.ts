import { describe, expect, test } from 'bun:test';
import { writeFileSync } from 'node:fs';
import { readKubeconfigUser } from '../../src/kubernetes/kubeconfig-user.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** A kubeconfig with one user, read in a directory that also holds `cert.pem`, `key.pem` and `token`. */
function userOf(user: unknown, more: object = {}): unknown {
  using directory = temporaryDirectory();
  const file = (name: string) => `${directory.path}/${name}`;
  writeFileSync(file('cert.pem'), 'CERTIFICATE');
  writeFileSync(file('key.pem'), 'KEY');
  writeFileSync(file('token'), 'from-file\n');
  const users = [{ name: 'me', user }];
  writeFileSync(file('config'), JSON.stringify({ kind: 'Config', users, ...more }));
  try {
    return readKubeconfigUser(file('config'));
  } catch (error) {
    return error instanceof Error ? error.message.replaceAll(directory.path, '') : error;
  }
}

const base64 = (text: string) => Buffer.from(text).toString('base64');
const REMEDY =
  'name another with --kubeconfig (as root on a node, its kubelet’s), or give --token-file FILE';
const refusal = (reason: string) =>
  `cannot ask the API server as the user of the kubeconfig "/config": ${reason}; ${REMEDY}`;

describe('the user of a kubeconfig asks by', () => {
  test.each<[string, unknown, unknown]>([
    ['its token', { token: 'abc' }, { token: 'abc' }],
    ['its token rather than a file', { token: 'abc', tokenFile: 'token' }, { token: 'abc' }],
    ['a token file beside it', { tokenFile: 'token' }, { token: 'from-file' }],
    [
      'certificate files, as a kubelet',
      { 'client-certificate': 'cert.pem', 'client-key': 'key.pem' },
      { certificate: 'CERTIFICATE', key: 'KEY' },
    ],
    [
      'a certificate within',
      { 'client-certificate-data': base64('C'), 'client-key-data': base64('K') },
      { certificate: 'C', key: 'K' },
    ],
  ])('%s', (_, user, expected) => {
    expect(userOf(user)).toEqual(expected);
  });

  test('the current context', () => {
    const users = [
      { name: 'other', user: { token: 'no' } },
      { name: 'right', user: { token: 'yes' } },
    ];
    const contexts = [{ name: 'c', context: { user: 'right' } }];
    expect(userOf({}, { users, contexts, 'current-context': 'c' })).toEqual({ token: 'yes' });
  });
});

describe('a user that cannot be used is refused:', () => {
  test.each<[string, unknown, string]>([
    ['no credentials', { username: 'x' }, 'its user has no credentials'],
    [
      'a certificate without key',
      { 'client-certificate': 'cert.pem' },
      'its user has no credentials',
    ],
    ['a login program', { exec: { command: 'aws' } }, 'its user has a login program'],
    ['no user', undefined, 'it names no user'],
    [
      'a file that is gone',
      { tokenFile: 'gone' },
      '"/gone", which it names, cannot be read: no such file or directory (ENOENT)',
    ],
  ])('%s', (_, user, reason) => {
    expect(userOf(user)).toBe(refusal(reason));
  });
});
