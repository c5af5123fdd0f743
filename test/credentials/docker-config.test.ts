import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { decodeDockerConfig, findInDockerConfig } from '../../src/credentials/docker-config.ts';
import { keyringFor } from '../../src/kubelet/keyring.ts';

const auth = (text: string | Uint8Array) => ({ auth: Buffer.from(text).toString('base64') });

function find(document: unknown, image: string) {
  const config = decodeDockerConfig(document);
  if ('problem' in config) throw new Error(config.problem);
  return findInDockerConfig(config, image);
}

describe('decodeDockerConfig', () => {
  test.each([
    [[], 'is no JSON object'],
    [{ auths: 5 }, 'has an auths or credHelpers that is no object'],
    [{ credHelpers: [] }, 'has an auths or credHelpers that is no object'],
    [{ credHelpers: { a: 5 } }, 'names a credential helper that cannot be one'],
    [{ credHelpers: { a: '../sh' } }, 'names a credential helper that cannot be one'],
    [{ credsStore: 'a b' }, 'names a credential helper that cannot be one'],
    [
      {
        auths: Object.fromEntries(Array.from({ length: 10_001 }, (_, index) => [`h${index}`, {}])),
      },
      'has more than 10000 entries',
    ],
  ])('refuses what it cannot use (%#)', (document, problem) => {
    expect(decodeDockerConfig(document)).toEqual({ problem });
  });

  test('takes a file of other settings only', () => {
    expect(find({ HttpHeaders: {}, psFormat: 'x' }, 'a.example/b')).toBeUndefined();
  });
});

describe('findInDockerConfig', () => {
  test.each([
    [
      { auths: { 'a.example': auth('u:p:q') } },
      { kind: 'password', username: 'u', password: 'p:q', path: '' },
    ],
    [{ auths: { 'a.example/t': auth('ü:p') } }, { kind: 'password', username: 'ü', path: 't' }],
    [
      { auths: { 'a.example': auth(Uint8Array.of(0x75, 0x3a, 0xff)) } },
      { kind: 'unusable', problem: 'holds bytes that are not UTF-8' },
    ],
    [{ auths: { 'a.example': {} } }, { kind: 'unusable', problem: 'holds no credentials' }],
    [
      { auths: { 'a.example': { identitytoken: 't' } } },
      { kind: 'unusable', problem: 'holds only an identity token, which the kubelet cannot use' },
    ],
    [
      { auths: { 'a.example/t': { auth: '!' }, 'a.example': auth('u:p') } },
      { kind: 'password', username: 'u', path: '' },
    ],
    [
      { auths: { 'a.example': auth('u:p') }, credHelpers: { 'a.example': 'gcr' } },
      { kind: 'helper', helper: 'gcr' },
    ],
    [
      { auths: { 'a.example': {} }, credsStore: 'pass' },
      { kind: 'store', helper: 'pass' },
    ],
    [{ credsStore: 'pass' }, { kind: 'store', helper: 'pass', path: '' }],
  ])('of %j gives what the kubelet can use', (document, expected) => {
    expect(find(document, 'a.example/t/app')).toMatchObject(expected);
  });

  test.each([
    [['a.example'], false],
    [['a.example', 'a.example/t'], true],
    [['a.example', '*.example/t'], true],
    [['a.example', 'b.example/t'], false],
  ])('knows whether keys %j tell parts of the registry apart: %p', (keys, hasPaths) => {
    const auths = Object.fromEntries(keys.map((key) => [key, auth('u:p')]));
    expect(find({ auths }, 'a.example/other/app')).toMatchObject({ hasPaths });
  });

  test('gives what the kubelet would try first, whatever the keys', () => {
    const host = fc.constantFrom(
      'a.example',
      '*.example',
      'a.*',
      '*',
      'a.example:5000',
      'docker.io',
      'index.docker.io',
    );
    const path = fc.constantFrom('', '/', '/t', '/t/app', '/v1/', '/v2/t');
    const key = fc
      .tuple(fc.constantFrom('', 'https://', 'http://'), host, path)
      .map((parts) => parts.join(''));
    const image = fc.constantFrom(
      'a.example/t/app',
      'a.example:5000/t',
      'docker.io/library/nginx',
      'b.example/t',
    );
    fc.assert(
      fc.property(fc.uniqueArray(key, { maxLength: 6 }), image, (keys, name) => {
        const auths = Object.fromEntries(keys.map((one, index) => [one, auth(`u${index}:p`)]));
        const asKubelet = new Map(
          keys.map((one, index) => [one, { username: `u${index}`, password: 'p' }]),
        );
        const [first] = keyringFor(name, asKubelet);
        const found = find({ auths }, name);
        const username = found?.kind === 'password' ? found.username : undefined;
        expect({ username }).toEqual({ username: first?.username });
      }),
    );
  });
});
