import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { rmSync, writeFileSync } from 'node:fs';
import { type ExplainOptions, explain, GOOD_PLUGIN } from '../../support/explain.ts';
import { auth, mirrorConf, pullSecret, TestNode } from '../../support/node.ts';

const HUB = 'docker.io/library/nginx';
const SECRET = auth('me', 'secret');

let node: TestNode;

beforeAll(async () => {
  node = await TestNode.start();
  node.addNamespace('team-a', { 'mirror.test': SECRET });
  node.server.apply(
    pullSecret('team-a', 'own', { 'https://index.docker.io/v1/': SECRET, 'quay.io': SECRET }),
    pullSecret('team-a', 'idle', { 'ghcr.io': SECRET }),
    { ...pullSecret('team-a', 'old', {}), type: 'Opaque' },
  );
});
afterAll(() => node[Symbol.asyncDispose]());

/** The notes on credentials of the kubelet for a pod with these pull secrets. */
async function notes(
  conf: string,
  imagePullSecrets: readonly string[],
  options: ExplainOptions = {},
): Promise<string[]> {
  writeFileSync(node.registriesConf, conf);
  node.server.issueToken({ namespace: 'team-a', serviceAccount: 'default', node: 'n1' });
  node.server.apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'team-a' },
    spec: {
      nodeName: 'n1',
      containers: [{ name: 'web', image: 'nginx' }],
      imagePullSecrets: imagePullSecrets.map((name) => ({ name })),
    },
  });
  const { sentences } = await explain(node, ['pod', 'team-a/web'], options);
  const start = sentences.indexOf('the kubelet’s own credentials');
  return start === -1 ? [] : sentences.slice(start + 1, sentences.indexOf('auth file'));
}

const MIRRORED = mirrorConf('docker.io', 'mirror.test');

describe('a pod’s own pull secret goes before the auth file', () => {
  test('at the image’s own registry', async () => {
    expect(await notes(MIRRORED, ['own'])).toEqual([
      '! the pod’s own Secret own, key https://index.docker.io/v1/, goes before the auth file’s at the primary docker.io',
    ]);
  });

  test('at a mirror on the same host and port as well', async () => {
    expect(await notes(mirrorConf('docker.io', 'docker.io/cache'), ['own'])).toEqual([
      '! the pod’s own Secret own, key https://index.docker.io/v1/, goes before the auth file’s at the mirror docker.io/cache and the primary docker.io',
    ]);
  });

  test('nowhere, where the image is remapped', async () => {
    const remap = '[[registry]]\nprefix = "docker.io"\nlocation = "mirror.test"\n';
    expect(await notes(remap, ['own'])).toEqual([
      '! the pod’s own Secret own, key https://index.docker.io/v1/, changes nothing here: CRI-O uses it on docker.io alone, where no endpoint is',
    ]);
  });

  test('nowhere, where it is for something else or cannot be read', async () => {
    expect(await notes(MIRRORED, ['idle', 'gone'])).toEqual([
      '! the pod’s own Secret idle has nothing for docker.io/library/nginx itself',
      '! the pod’s own Secret gone is not known: it does not exist',
    ]);
  });

  test('and is read as the kubelet where the plugin does not read it', async () => {
    expect(await notes(MIRRORED, ['old'])).toEqual([
      '! the pod’s own Secret old has nothing for docker.io/library/nginx itself',
    ]);
  });
});

test('without any, nothing is said', async () => {
  expect(await notes(MIRRORED, [])).toEqual([]);
});

test('a service account’s pull secrets are its pods’', async () => {
  writeFileSync(node.registriesConf, MIRRORED);
  node.server.apply({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'default', namespace: 'team-a' },
    imagePullSecrets: [{ name: 'own' }],
  });
  const { sentences } = await explain(node, [HUB, '-n', 'team-a']);
  expect(sentences).toContain(
    '! the service account’s own Secret own, key https://index.docker.io/v1/, goes before the auth file’s at the primary docker.io',
  );
});

test('the node’s own file is the kubelet’s too', async () => {
  writeFileSync(node.globalAuthFile, JSON.stringify({ auths: { 'docker.io': SECRET } }));
  expect(await notes(MIRRORED, [])).toEqual([
    '! the node’s /config.json, key docker.io, goes before the auth file’s at the primary docker.io',
  ]);
  rmSync(node.globalAuthFile);
});

test('a cloud’s provider for the same image is told', async () => {
  const cloud = {
    ...GOOD_PLUGIN,
    name: 'cloud',
    matchImages: ['*.io'],
    tokenAttributes: undefined,
  };
  const others = [cloud, { ...cloud, name: 'elsewhere', matchImages: ['quay.io'] }];
  expect(await notes(MIRRORED, [], { otherProviders: others })).toEqual([
    '! what the provider cloud (pattern *.io) gives goes before the auth file’s at the primary docker.io',
  ]);
});
