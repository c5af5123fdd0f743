import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { explain, GOOD_PLUGIN } from '../../support/explain.ts';
import { auth, mirrorConf, pullSecret, requestText, TestNode } from '../../support/node.ts';

const HUB = 'docker.io/library/nginx';
const GOOD = { 'mirror.test': auth('me', 'secret') };
const CHOSEN = '✓ credential: Secret pull, key mirror.test, user me';
const AUDIENCE = GOOD_PLUGIN.tokenAttributes.serviceAccountTokenAudience;

let node: TestNode;

beforeAll(async () => {
  node = await TestNode.start();
  writeFileSync(node.registriesConf, mirrorConf('docker.io', 'mirror.test'));
  node.addNamespace('team-a', GOOD);
  node.token('team-a');
});
afterAll(() => node[Symbol.asyncDispose]());

describe('in place of the API server', () => {
  const directory = () => `${node.root}/secrets`;

  /** Explains with these files as Secrets, in a machine without API server. */
  async function offline(files: Readonly<Record<string, string>>, ...more: string[]) {
    rmSync(directory(), { recursive: true, force: true });
    mkdirSync(directory());
    for (const [name, text] of Object.entries(files)) writeFileSync(`${directory()}/${name}`, text);
    const requests = node.server.log.entries.length;
    const explained = await explain(node, [...more, '--secrets', directory()]);
    expect(node.server.log.entries.length).toBe(requests);
    return explained;
  }

  const asked = [HUB, '-n', 'team-a'];
  const json = (value: unknown) => JSON.stringify(value);

  test('Secrets come from files: YAML documents, JSON, lists, stringData', async () => {
    const stringData = { '.dockerconfigjson': json({ auths: { 'other.test': auth('a', 'b') } }) };
    const written = { ...pullSecret('team-a', 'written', {}), data: undefined, stringData };
    const { code, sentences } = await offline(
      {
        'one.yaml': `---\nkind: ConfigMap\n---\n${json(pullSecret('team-a', 'pull', GOOD))}\n`,
        'two.json': json({ kind: 'List', items: [written, pullSecret('team-b', 'no', {})] }),
        'notes.txt': 'nothing',
      },
      ...asked,
    );
    expect(sentences).toContain(
      '✓ 2 Secrets, all pull secrets of the namespace team-a: pull, written',
    );
    expect(sentences).toContain('Secret written, key other.test, user a: other host');
    expect(sentences).toContain(CHOSEN);
    expect(code).toBe(0);
  });

  test('a Secret of another type is told, because the API server would not list it', async () => {
    const opaque = { ...pullSecret('team-a', 'pull', GOOD), type: 'Opaque' };
    const { code, sentences } = await offline({ 'a.json': json(opaque) }, ...asked);
    expect(sentences).toContain(
      '! Secret pull is skipped: its type is "Opaque", not kubernetes.io/dockerconfigjson, and so it is not listed',
    );
    expect(code).toBe(1);
  });

  test('a recorded request names image, namespace and Secrets', async () => {
    const request = `${node.root}/request.json`;
    const annotations = { 'pullkey.dev/pull-secrets': 'pull,gone' };
    writeFileSync(request, requestText({ image: HUB, token: node.token('team-a'), annotations }));
    const files = { 'a.json': json(pullSecret('team-a', 'pull', GOOD)) };
    const { code, sentences } = await offline(files, '--request', request);
    expect(sentences[0]).toBe(`${HUB} for service account default, namespace team-a`);
    expect(sentences).toContain('! Secret gone is skipped: it does not exist');
    expect(sentences).toContain(CHOSEN);
    expect(code).toBe(0);
  });

  test('a broken file is told, and nothing of its content', async () => {
    const { code, stdout, sentences } = await offline({ 'a.yaml': 'a: [Sesame' }, ...asked);
    expect(sentences.join('\n')).toContain(
      '✗ cannot use "/secrets/a.yaml" as --secrets: it is no valid YAML or JSON',
    );
    expect(stdout).not.toContain('Sesame');
    expect(code).toBe(1);
  });

  test('a directory that is not there is a failure that names it', async () => {
    const { sentences, code } = await explain(node, [...asked, '--secrets', `${node.root}/none`]);
    expect(sentences.join('\n')).toContain(
      'cannot use "/none" as --secrets: it cannot be read: no such file or directory (ENOENT)',
    );
    expect(code).toBe(1);
  });
});

describe('in place of a new token', () => {
  test('one from a file is used', async () => {
    const file = `${node.root}/token`;
    writeFileSync(file, `${node.token('team-a')}\n`);
    const { code, sentences } = await explain(node, [HUB, '--token-file', file]);
    expect(sentences).toContain(CHOSEN);
    expect(code).toBe(0);
  });

  test('a recorded one is used, and its end is told by the API server', async () => {
    const file = `${node.root}/request.json`;
    const token = node.server.issueToken({
      namespace: 'team-a',
      serviceAccount: 'default',
      audiences: [AUDIENCE],
      expiresIn: -60,
    });
    writeFileSync(file, requestText({ image: HUB, token }));
    const { code, sentences } = await explain(node, ['--request', file]);
    expect(sentences.join('\n')).toContain('with 401');
    expect(code).toBe(1);
  });

  test('a request without one is explained as far as that goes', async () => {
    const file = `${node.root}/request.json`;
    writeFileSync(file, requestText({ image: HUB }));
    const { code, sentences } = await explain(node, ['--request', file]);
    expect(sentences).toContain(
      '✗ the request has no service account token: the plugin does nothing',
    );
    expect(sentences).toContain('! not looked at, because the request has no token');
    expect(code).toBe(1);
  });
});

describe('wrong use is told with what is right:', () => {
  test.each<[string, readonly string[], string]>([
    ['no image', [], 'name an IMAGE, a pod (explain pod NAMESPACE/NAME), or give --request FILE'],
    [
      'no namespace',
      [HUB],
      '-n NAMESPACE is missing: the namespace whose credentials the pull may use',
    ],
    [
      'a namespace that is none',
      [HUB, '-n', 'A_b'],
      '"A_b" cannot be the name of an object; allowed are lower-case letters, digits and "-", at most 63 characters',
    ],
    [
      'an image and a request',
      [HUB, '--request', '/x'],
      '--request FILE names the image itself: leave out IMAGE',
    ],
    ['a pod that is none', ['pod', 'web'], 'the pod "web": write it as NAMESPACE/NAME'],
    [
      'a timeout that is none',
      [HUB, '-n', 'a', '--timeout', 'x'],
      '--timeout takes a duration such as 500ms, 30s or 1h, not "x"',
    ],
  ])('%s', async (_, args, message) => {
    const { code, error } = await explain(node, args);
    expect([code, error]).toEqual([2, message]);
  });

  test('a namespace that is not the token’s', async () => {
    const file = `${node.root}/token`;
    writeFileSync(file, node.token('team-a'));
    const { code, error } = await explain(node, [HUB, '--token-file', file, '-n', 'team-b']);
    expect([code, error]).toEqual([2, '-n "team-b": the token in "/token" is for "team-a"']);
  });

  test('an image that is none, a file that is not there, a request that is none', async () => {
    expect((await explain(node, ['NGINX', '-n', 'a'])).error).toContain('must be lowercase');
    expect((await explain(node, [HUB, '--token-file', '/none'])).error).toContain(
      'cannot read /none: no such file or directory (ENOENT); name a file',
    );
    writeFileSync(`${node.root}/r`, '{}');
    expect((await explain(node, ['--request', `${node.root}/r`])).error).toStartWith(
      'cannot use the request in "/r": its kind is missing, not "CredentialProviderRequest"; give',
    );
  });
});
