import { afterAll, beforeAll, beforeEach, describe, test } from 'bun:test';
import { rmSync } from 'node:fs';
import { auth, requestText, TestNode } from '../../support/node.ts';
import { pluginUsers } from '../../support/plugin-user.ts';
import { PASSWORD } from '../../support/secrecy.ts';
import { expectRefused, tryOut } from '../../support/trial.ts';

const NGINX = 'docker.io/library/nginx';
const runners = pluginUsers();
afterAll(() => runners[Symbol.dispose]());

let node: TestNode;
beforeAll(async () => {
  node = await TestNode.start();
  node.addNamespace('default', { 'localhost:5000': auth('u', PASSWORD) });
  for (const user of runners.users) user.own(node.root);
});
afterAll(() => node[Symbol.asyncDispose]());
beforeEach(() => rmSync(node.authDir, { recursive: true, force: true }));

/** A request whose token holds the given claims; nobody checks its signature here. */
function withClaims(claims: unknown): string {
  return requestText({ image: NGINX, token: jwt(JSON.stringify(claims)) });
}

function jwt(claims: string): string {
  const encode = (text: string) => Buffer.from(text).toString('base64url');
  return `${encode('{"alg":"RS256"}')}.${encode(claims)}.${encode('signature')}`;
}

function withNamespace(namespace: unknown): string {
  return withClaims({ 'kubernetes.io': { namespace } });
}

const HINT = 'CredentialProviderConfig';
const VALID = requestText({ image: NGINX, token: jwt('{}') });

const REQUESTS: readonly (readonly [string, string, readonly string[]])[] = [
  ['is empty', '', ['on standard input: it is empty', HINT]],
  ['is blank', ' \n\t ', ['on standard input: it is empty', HINT]],
  ['is no JSON', `password=${PASSWORD}`, ['it is no complete JSON document', HINT]],
  ['is truncated', VALID.slice(0, -20), ['it is no complete JSON document', HINT]],
  ['is followed by another', VALID + VALID, ['it is no complete JSON document', HINT]],
  ['is 2 MiB large', `${' '.repeat(2 * 1024 * 1024)}{}`, ['larger than 1 MiB', 'as JSON']],
  ['is 200,000 open brackets', '['.repeat(200_000), ['it is no complete JSON document', HINT]],
  [
    'is 200,000 brackets, all closed again',
    '['.repeat(200_000) + ']'.repeat(200_000),
    ['it is no JSON object', HINT],
  ],
  ['is a list', '[]', ['it is no JSON object', HINT]],
  ['is null', 'null', ['it is no JSON object', HINT]],
  [
    'is of another kind',
    requestText({ kind: 'Pod', image: NGINX }),
    ['its kind is "Pod", not "CredentialProviderRequest"', HINT],
  ],
  ['has no kind', requestText({ kind: undefined, image: NGINX }), ['its kind is missing', HINT]],
  [
    'is of another apiVersion',
    requestText({ apiVersion: 'credentialprovider.kubelet.k8s.io/v2', image: NGINX }),
    ['its apiVersion is "credentialprovider.kubelet.k8s.io/v2"', 'known are', '/v1beta1', HINT],
  ],
  [
    'is of another group',
    requestText({ apiVersion: 'v1', image: NGINX }),
    ['its apiVersion is "v1"', 'known are credentialprovider.kubelet.k8s.io/v1', HINT],
  ],
  [
    'has no apiVersion',
    requestText({ apiVersion: undefined, image: NGINX }),
    ['its apiVersion is missing', HINT],
  ],
  ['names no image', requestText({}), ['it names no image', HINT]],
  ['names an empty image', requestText({ image: '' }), ['it names no image', HINT]],
  ['names an image that is no string', requestText({ image: 7 }), ['image is no string', HINT]],
  [
    'names an image that is no reference',
    requestText({ image: 'quay.io/UPPER case' }),
    ['image reference "quay.io/UPPER case"', 'write it as HOST[:PORT]/REPOSITORY'],
  ],
  [
    'has a token that is no string',
    requestText({ image: NGINX, token: { secret: PASSWORD } }),
    ['serviceAccountToken is no string', HINT],
  ],
  [
    'has annotations that are no object',
    requestText({ image: NGINX, annotations: ['x'] }),
    ['serviceAccountAnnotations is no object', HINT],
  ],
  [
    'has an annotation that is no string',
    requestText({ image: NGINX, annotations: { 'a\nb': 1 } }),
    ['the annotation "a\\nb" is no string', HINT],
  ],
];

const TOKENS: readonly (readonly [string, string, readonly string[]])[] = [
  [
    'is no JWT',
    requestText({ image: NGINX, token: PASSWORD }),
    ['token contains an invalid number of segments', 'tokenAttributes', HINT],
  ],
  [
    'has claims that are not base64',
    requestText({ image: NGINX, token: `a.${PASSWORD}!.c` }),
    ['could not base64 decode claim', HINT],
  ],
  [
    'has claims that are no JSON',
    requestText({ image: NGINX, token: jwt(`{"x":"${PASSWORD}`) }),
    ['could not JSON decode claim', HINT],
  ],
  [
    'has 200,000 nested claims',
    requestText({ image: NGINX, token: jwt('['.repeat(200_000)) }),
    ['could not JSON decode claim', HINT],
  ],
  ['has no kubernetes.io claim', withClaims({}), ['no kubernetes.io claim', HINT]],
  ['has a kubernetes.io claim that is no map', withClaims({ 'kubernetes.io': 'x' }), ['a map']],
  ['has no namespace claim', withNamespace(undefined), ['no namespace found', HINT]],
  ['has a namespace that is no string', withNamespace(['x']), ['namespace is not a string', HINT]],
  ['has an empty namespace', withNamespace(''), ['namespace "" is no DNS-1123 label', HINT]],
  [
    'has a namespace that leads elsewhere',
    withNamespace('../../etc'),
    ['namespace "../../etc" is no DNS-1123 label', HINT],
  ],
  [
    'has a namespace that forges a line',
    withNamespace('default\nWrote auth file'),
    ['namespace "default\\nWrote auth file" is no DNS-1123 label', HINT],
  ],
  ['has a namespace of 64 characters', withNamespace('n'.repeat(64)), ['is no DNS-1123 label']],
];

describe.each(runners.users)('as $name, a request is refused that', (user) => {
  test.each(REQUESTS)('%s', async (_, request, words) =>
    expectRefused(await tryOut(node, request, user), words),
  );
});

describe.each(runners.users)('as $name, a request is refused whose token', (user) => {
  test.each(TOKENS)('%s', async (_, request, words) =>
    expectRefused(await tryOut(node, request, user), words),
  );
});
