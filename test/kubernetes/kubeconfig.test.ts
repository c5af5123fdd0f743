import { describe, expect, test } from 'bun:test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { readKubeconfig } from '../../src/kubernetes/kubeconfig.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

/** What a kubeconfig of the given text says, beside the files `ca.crt` and `empty.crt`. */
function read(text: string): unknown {
  using directory = temporaryDirectory();
  const path = `${directory.path}/config`;
  writeFileSync(`${directory.path}/ca.crt`, PEM);
  writeFileSync(`${directory.path}/empty.crt`, '');
  writeFileSync(path, text);
  try {
    const { path: _, ...found } = readKubeconfig(path) ?? { path };
    return JSON.parse(JSON.stringify(found).replaceAll(directory.path, ''));
  } catch (error) {
    return error instanceof Error ? error.message.replaceAll(directory.path, '') : error;
  }
}

const two = (current: string) => `
kind: Config
clusters:
- {name: a, cluster: {server: "https://a"}}
- {name: b, cluster: {server: "https://b"}}
contexts:
- {name: to-b, context: {cluster: b, user: me}}
- {name: to-nowhere, context: {cluster: c}}
current-context: ${current}
`;
const one = (cluster: object) => JSON.stringify({ kind: 'Config', clusters: [{ cluster }] });

describe('a kubeconfig names', () => {
  test.each<[string, string, unknown]>([
    ['the cluster of its current context', two('to-b'), { server: 'https://b' }],
    ['its first cluster without a context', two('""'), { server: 'https://a' }],
    ['its first cluster where the context names none', two('to-nowhere'), { server: 'https://a' }],
    [
      'its CA as data',
      one({
        server: 'https://a',
        'certificate-authority-data': Buffer.from(PEM).toString('base64'),
      }),
      { server: 'https://a', certificateAuthority: { pem: PEM, path: '/config' } },
    ],
    [
      'its CA as data over several lines',
      one({
        server: 'https://a',
        'certificate-authority-data': `${Buffer.from(PEM).toString('base64').slice(0, 8)}\n${Buffer.from(PEM).toString('base64').slice(8)}\n`,
      }),
      { server: 'https://a', certificateAuthority: { pem: PEM, path: '/config' } },
    ],
    [
      'its CA as a file beside it',
      one({ server: 'https://a', 'certificate-authority': 'ca.crt' }),
      { server: 'https://a', certificateAuthority: { pem: PEM, path: '/ca.crt' } },
    ],
  ])('%s', (_, text, expected) => expect(read(text)).toEqual(expected));
});

describe('nothing is found in', () => {
  test.each([
    ['another kind', 'kind: KubeletConfiguration\n'],
    ['a list', '[]'],
    ['nothing', ''],
    ['a kubeconfig without clusters', 'kind: Config\n'],
    ['a cluster without a server', one({})],
    ['clusters that are no list', 'kind: Config\nclusters: 7\n'],
  ])('%s', (_, text) => expect(read(text)).toEqual({}));
  test('a file that is not there', () =>
    expect(readKubeconfig('/nonexistent/config')).toBeUndefined());
});

describe('a kubeconfig is refused', () => {
  test.each([
    ['that is no YAML', 'kind: [', 'is no valid YAML; mend it or name another with --kubeconfig'],
    [
      'whose CA is not there',
      one({ server: 'https://a', 'certificate-authority': '/nonexistent' }),
      'the certificate authority "/nonexistent" does not exist; give --certificate-authority',
    ],
    [
      'whose CA is empty',
      one({ server: 'https://a', 'certificate-authority': 'empty.crt' }),
      'the certificate authority "/empty.crt" holds no PEM certificate; give',
    ],
    [
      'whose CA as data is no base64',
      one({ server: 'https://a', 'certificate-authority-data': 'LS0t?' }),
      'the certificate authority "/config" holds no PEM certificate; give',
    ],
  ])('%s', (_, text, message) => expect(read(text)).toContain(message));
  test('that cannot be read', () => {
    using directory = temporaryDirectory();
    mkdirSync(`${directory.path}/config`);
    expect(() => readKubeconfig(`${directory.path}/config`)).toThrow(
      /cannot read the kubeconfig ".*": is a directory \(EISDIR\); make it readable or name another with --kubeconfig/,
    );
  });
  test('whose CA cannot be read, by the CA’s name', () => {
    using directory = temporaryDirectory();
    mkdirSync(`${directory.path}/ca.crt`);
    const text = one({ server: 'https://a', 'certificate-authority': 'ca.crt' });
    writeFileSync(`${directory.path}/config`, text);
    expect(() => readKubeconfig(`${directory.path}/config`)).toThrow(
      /cannot read the certificate authority ".*\/ca\.crt": is a directory \(EISDIR\); make it readable or give --certificate-authority/,
    );
  });
});
