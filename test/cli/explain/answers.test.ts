import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { explain } from '../../support/explain.ts';
import { auth, base64, mirrorConf, pullSecret, TestNode } from '../../support/node.ts';
import { expectNoSecrets, PASSWORD } from '../../support/secrecy.ts';

const HUB = 'docker.io/library/nginx';

let node: TestNode;

beforeAll(async () => {
  node = await TestNode.start();
  mkdirSync(node.dropInDir);
  writeFileSync(node.registriesConf, mirrorConf('docker.io', 'mirror.test'));
  node.addNamespace('team-a', { 'mirror.test': auth('me', PASSWORD) });
  node.token('team-a');
});
afterAll(() => node[Symbol.asyncDispose]());

test('a pull that is as it should be is told from top to bottom', async () => {
  const { stdout, sentences } = await explain(node, [HUB, '-n', 'team-a']);
  expect(sentences.filter((one) => !one.startsWith('/auth/'))).toEqual([
    'docker.io/library/nginx:latest for service account default, namespace team-a',
    '✓ token for the audience https://kubernetes.default.svc',
    'kubelet',
    '✓ calls crio-credential-provider: the pattern docker.io (/providers.yaml:9) covers docker.io/library/nginx',
    'registries.conf',
    '✓ entry docker.io (/registries.conf:1) applies: 1 mirror',
    'Secrets',
    '✓ 1 Secret from API, all pull secrets of the namespace team-a: pull',
    'endpoint 1 of 2: mirror mirror.test',
    'asked for mirror.test/library/nginx:latest (insecure: any certificate, or plain HTTP)',
    '✓ credential: Secret pull, key mirror.test, user me',
    'endpoint 2 of 2: primary docker.io',
    'asked for docker.io/library/nginx:latest',
    '! no credential: CRI-O asks anonymously',
    'not chosen',
    'Secret pull, key mirror.test, user me: other host: it is for another endpoint',
    'auth file',
    '✓ written with 1 key',
    'mirror.test from Secret pull',
    'result',
    '✓ the mirror mirror.test gets its credential',
  ]);
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
});

test('as JSON, every part is there for programs', async () => {
  const { code, stdout } = await explain(node, [HUB, '-n', 'team-a', '-o', 'json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    ok: true,
    explanations: [
      {
        image: `${HUB}:latest`,
        pull: { requestedImage: HUB, namespace: 'team-a', serviceAccount: 'default' },
        kubelet: { callsPlugin: true, pattern: { pattern: 'docker.io', line: 9 } },
        registries: { files: [node.registriesConf], entry: { prefix: 'docker.io', line: 1 } },
        secrets: { source: 'namespace', names: ['pull'] },
        endpoints: [
          {
            kind: 'mirror',
            location: 'mirror.test',
            reference: 'mirror.test/library/nginx:latest',
            insecure: true,
            isDecided: true,
            credential: { secret: 'pull', key: 'mirror.test', username: 'me' },
            notChosen: [],
          },
          { kind: 'primary', notChosen: [{ secret: 'pull', isFar: true }] },
        ],
        authFile: { keys: [{ key: 'mirror.test', from: 'Secret pull' }] },
        result: { ok: true },
      },
    ],
  });
});

describe('the page', () => {
  test('is written as a whole or not at all', async () => {
    const file = `${node.root}/pages/pull.html`;
    const args = [HUB, '-n', 'team-a', '--html', file];
    expect(await explain(node, args)).toMatchObject({
      code: 1,
      error:
        'cannot write /pages/pull.html: no such file or directory (ENOENT); nothing was changed',
    });
    const good = `${node.root}/pull.html`;
    expect((await explain(node, [HUB, '-n', 'team-a', '--html', good])).code).toBe(0);
    expect(readFileSync(good, 'utf8')).toStartWith('<!doctype html>');
    expect(readdirSync(node.root).filter((name) => name.startsWith('pull.html'))).toEqual([
      'pull.html',
    ]);
  });

  test('needs nothing else, and forbids itself to ask for it', async () => {
    const file = `${node.root}/pull.html`;
    await explain(node, [HUB, '-n', 'team-a', '--html', file]);
    const page = readFileSync(file, 'utf8');
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(page).not.toMatch(
      /<(?:script|link|img|iframe|object|a|form)\b|\b(?:src|href)=|url\(|@import/i,
    );
  });
});

describe('no secret is shown', () => {
  beforeAll(() => {
    node.server.permissions.allowPullSecrets('leaky', 'default');
    node.server.issueToken({ namespace: 'leaky', serviceAccount: 'default' });
    node.server.apply(
      pullSecret('leaky', 'a', {
        'mirror.test': auth('me', PASSWORD),
        'mirror.test/library': { username: 'me', password: PASSWORD },
        'mirror.test/other': { identitytoken: PASSWORD },
        'mirror.test:5000': { auth: `${base64(`me:${PASSWORD}`)}=` },
        'quay.io': { auth: base64(PASSWORD) },
      }),
      { ...pullSecret('leaky', 'b', {}), data: { '.dockerconfigjson': base64(`{"${PASSWORD}`) } },
      { ...pullSecret('leaky', 'c', {}), data: { '.dockerconfigjson': PASSWORD } },
    );
    const auths = { 'docker.io': auth('node', PASSWORD), 'mirror.test': { auth: PASSWORD } };
    writeFileSync(node.globalAuthFile, JSON.stringify({ auths }));
  });

  const env = [{ name: 'PASSWORD', value: PASSWORD }];

  test.each<[string, readonly string[]]>([
    ['in the tree', []],
    ['as JSON', ['-o', 'json']],
    ['with a probe', ['--probe']],
  ])('%s', async (_, more) => {
    const { stdout, error } = await explain(node, [HUB, '-n', 'leaky', ...more], {
      plugin: { env },
    });
    expect(stdout).toContain('mirror.test/library');
    expectNoSecrets({ exitCode: 0, stdout, stderr: error });
  });

  test('on the page', async () => {
    const file = `${node.root}/leaky.html`;
    await explain(node, [HUB, '-n', 'leaky', '--html', file], { plugin: { env } });
    expectNoSecrets({ exitCode: 0, stdout: readFileSync(file, 'utf8'), stderr: '' });
  });

  test('where all fails', async () => {
    const file = `${node.root}/token`;
    writeFileSync(file, `${node.token('leaky')}x`);
    const { stdout, error } = await explain(node, [HUB, '--token-file', file, '-o', 'json']);
    expectNoSecrets({ exitCode: 1, stdout, stderr: error });
    writeFileSync(file, `x.${PASSWORD}`);
    const broken = await explain(node, [HUB, '--token-file', file]);
    expect(broken.error).toContain('invalid number of segments');
    expectNoSecrets({ exitCode: 1, stdout: broken.stdout, stderr: broken.error });
  });
});
