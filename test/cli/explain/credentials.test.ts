import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { writeFileSync } from 'node:fs';
import { explain } from '../../support/explain.ts';
import { auth, base64, mirrorConf, pullSecret, TestNode } from '../../support/node.ts';

const IMAGE = 'docker.io/library/nginx';
const MIRROR = 'mirror.test:5000/hub';

let node: TestNode;
let namespaces = 0;

beforeAll(async () => {
  node = await TestNode.start();
  writeFileSync(node.registriesConf, mirrorConf('docker.io', MIRROR));
});
afterAll(() => node[Symbol.asyncDispose]());

type Auths = Readonly<Record<string, unknown>>;

/** Explains the pull for a new namespace with the Secrets `a`, `b`, … and the node's own auth file. */
async function withSecrets(secrets: readonly Auths[], global: Auths = {}): Promise<string[]> {
  const namespace = `team-${++namespaces}`;
  node.server.issueToken({ namespace, serviceAccount: 'default' });
  node.server.permissions.allowPullSecrets(namespace, 'default');
  for (const [index, auths] of secrets.entries()) {
    node.server.apply(pullSecret(namespace, 'abc'.charAt(index), auths));
  }
  writeFileSync(node.globalAuthFile, JSON.stringify({ auths: global }));
  const { sentences } = await explain(node, [IMAGE, '-n', namespace]);
  return sentences.map((one) => one.replaceAll(namespace, 'NAMESPACE'));
}

const SECRET = auth('me', 'secret');

describe('the chosen credential is told with Secret, key and user:', () => {
  test('from a Secret', async () => {
    const sentences = await withSecrets([{ 'https://mirror.test:5000/': SECRET }]);
    expect(sentences).toContain('✓ credential: Secret a, key https://mirror.test:5000/, user me');
    expect(sentences).toContain('✓ the mirror mirror.test:5000/hub gets its credential');
    expect(sentences).toContain('mirror.test:5000 from Secret a');
  });

  test('from the node’s own file', async () => {
    const sentences = await withSecrets([], { 'mirror.test:5000': SECRET });
    expect(sentences).toContain('✓ credential: /config.json, key mirror.test:5000, user me');
    expect(sentences).toContain('mirror.test:5000 from /config.json');
  });

  test('an identity token has no user', async () => {
    const sentences = await withSecrets([{ 'mirror.test:5000': { identitytoken: 'x' } }]);
    expect(sentences).toContain(
      '✓ credential: Secret a, key mirror.test:5000, an identity token or no user',
    );
  });
});

describe('of each credential that is not chosen the reason is told:', () => {
  test.each<[string, readonly Auths[], string]>([
    [
      'less specific',
      [{ 'mirror.test:5000': SECRET, 'mirror.test:5000/hub': SECRET }],
      '! Secret a, key mirror.test:5000, user me: less specific than mirror.test:5000/hub of Secret a',
    ],
    ['other host', [{ 'quay.io': SECRET }], 'Secret a, key quay.io, user me: other host'],
    [
      'an entry that is not decodable',
      [{ 'mirror.test:5000': { auth: '!' } }],
      '! Secret a, key mirror.test:5000: not decodable: it has an auth that is not base64',
    ],
    [
      'an entry without credentials',
      [{ 'mirror.test:5000': {} }],
      '! Secret a, key mirror.test:5000: not decodable: it holds no credentials',
    ],
    [
      'overridden by a later Secret',
      [{ 'mirror.test:5000': SECRET }, { 'https://mirror.test:5000': SECRET }],
      '! Secret a, key mirror.test:5000, user me: overridden by Secret b, key https://mirror.test:5000',
    ],
    [
      'for the image’s own registry, while the pull goes to the mirror',
      [{ 'docker.io': SECRET }],
      '! Secret a, key docker.io, user me: other host: it is for the image’s own registry; write mirror.test:5000/hub',
    ],
    [
      'another port',
      [{ 'mirror.test': SECRET }],
      '! Secret a, key mirror.test, user me: another port: it has no port, the endpoint 5000; write mirror.test:5000',
    ],
    [
      'a missing path component',
      [{ 'mirror.test:5000/library': SECRET }],
      '! Secret a, key mirror.test:5000/library, user me: another path: it leaves out the path component hub; write mirror.test:5000/hub/library',
    ],
    [
      'upper case',
      [{ 'mirror.test:5000/Hub': SECRET }],
      '! Secret a, key mirror.test:5000/Hub, user me: upper case: it has upper case in its path, which repositories never have; write mirror.test:5000/hub',
    ],
    [
      'another alias',
      [{ 'mirror:5000': SECRET }],
      '! Secret a, key mirror:5000, user me: another alias: it means the same host perhaps, but keys are compared as text; write mirror.test:5000',
    ],
  ])('%s', async (_, secrets, expected) => {
    expect(await withSecrets(secrets)).toContain(expected);
  });

  test('a Secret that is not decodable', async () => {
    node.server.apply({
      ...pullSecret('broken', 'a', {}),
      data: { '.dockerconfigjson': base64('{"auths":') },
    });
    node.server.permissions.allowPullSecrets('broken', 'default');
    node.server.issueToken({ namespace: 'broken', serviceAccount: 'default' });
    expect((await explain(node, [IMAGE, '-n', 'broken'])).sentences).toContain(
      '! Secret a: not decodable: the docker config JSON is not parsable',
    );
  });

  test.each<[string, readonly Auths[], Auths, string]>([
    [
      'left out',
      [{ 'mirror.test:5000': SECRET }],
      { 'mirror.test:5000/hub': SECRET },
      '! /config.json, key mirror.test:5000/hub: global entry left out: it would go before the namespace’s own',
    ],
    [
      'overridden',
      [{ 'mirror.test:5000': SECRET }],
      { 'mirror.test:5000': SECRET },
      '! /config.json, key mirror.test:5000: overridden by Secret a',
    ],
    [
      'less specific',
      [{ 'mirror.test:5000/hub': SECRET }],
      { 'mirror.test:5000': SECRET },
      '! /config.json, key mirror.test:5000: less specific than mirror.test:5000/hub of Secret a',
    ],
    [
      'not decodable',
      [],
      { 'mirror.test:5000': { auth: '!' } },
      '! /config.json, key mirror.test:5000: not decodable: it has an auth that is not base64',
    ],
  ])('an entry of the node’s own file: %s', async (_, secrets, global, expected) => {
    expect(await withSecrets(secrets, global)).toContain(expected);
  });

  test('many other hosts are counted', async () => {
    const others = Object.fromEntries('abcdef'.split('').map((one) => [`${one}.io`, SECRET]));
    expect(await withSecrets([others])).toContain('3 more entries, which -o json lists');
  });
});

describe('the next step is', () => {
  test('the right key, where a Secret nearly fits', async () => {
    const sentences = await withSecrets([{ 'quay.io': SECRET, 'mirror.test': SECRET }]);
    expect(sentences).toContain('✗ no credential for the mirror mirror.test:5000/hub');
    expect(sentences).toContain(
      'next: give Secret a the key mirror.test:5000 (it has mirror.test)',
    );
  });

  test('a new Secret, where none does', async () => {
    expect(await withSecrets([])).toContain(
      'next: pullkey render pull-secret --namespace NAMESPACE --registry mirror.test:5000/hub --username USER | kubectl apply -f -',
    );
  });
});
