import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import type { ApiObject } from '../../src/demo/api-object.ts';
import { fieldAt, isObject } from '../../src/demo/api-object.ts';
import { ApiServer } from '../../src/demo/api-server.ts';
import { realProgram, run } from '../support/real.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const DOCKER_CONFIG = 'kubernetes.io/dockerconfigjson';
let server: ApiServer;

beforeAll(async () => {
  server = await ApiServer.start();
});
afterAll(() => server.stop());
beforeEach(() => server.log.clear());

function secret(name: string, namespace: string, type = DOCKER_CONFIG): ApiObject {
  const data = { '.dockerconfigjson': 'e30=' };
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, type, data };
}

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function call(
  path: string,
  { token = server.adminToken, method = 'GET', body = undefined as unknown } = {},
): Promise<Answer> {
  const response = await fetch(server.url + path, {
    method,
    headers: token === '' ? {} : { Authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    tls: { ca: server.certificateAuthority, rejectUnauthorized: true },
  });
  const answer: unknown = await response.json();
  return { status: response.status, body: isObject(answer) ? answer : {} };
}

function names({ body }: Answer): unknown[] {
  const items = body['items'];
  return Array.isArray(items) ? items.map((item) => fieldAt(item, 'metadata.name')) : [];
}

const UNAUTHORIZED = {
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message: 'Unauthorized',
  reason: 'Unauthorized',
  code: 401,
};

describe('bearer tokens', () => {
  const asDefault = { namespace: 'tokens', serviceAccount: 'default' };

  test('carry the claims of a real service account token', () => {
    const token = server.issueToken({ ...asDefault, pod: 'web', node: 'n1' });
    const claims: unknown = JSON.parse(
      Buffer.from(token.split('.')[1] ?? '', 'base64url').toString(),
    );
    expect(claims).toMatchObject({
      aud: ['https://kubernetes.default.svc'],
      iss: 'https://kubernetes.default.svc',
      sub: 'system:serviceaccount:tokens:default',
      'kubernetes.io': {
        namespace: 'tokens',
        node: { name: 'n1', uid: expect.any(String) },
        pod: { name: 'web', uid: expect.any(String) },
        serviceaccount: { name: 'default', uid: expect.any(String) },
      },
    });
    expect(Number(fieldAt(claims, 'exp')) - Number(fieldAt(claims, 'iat'))).toBe(3600);
  });

  const refused: [string, () => string][] = [
    ['an unknown one', () => 'nonsense'],
    ['one that is no JSON', () => 'a.b.c'],
    ['an expired one', () => server.issueToken({ ...asDefault, expiresIn: -1 })],
    ['one for another audience', () => server.issueToken({ ...asDefault, audiences: ['vault'] })],
    ['a forged one', () => `${server.issueToken(asDefault).slice(0, -4)}AAAA`],
  ];
  test.each(refused)('%s is answered with 401, as a real API server words it', async (_, make) => {
    expect(await call('/api/v1/secrets', { token: make() })).toEqual({
      status: 401,
      body: UNAUTHORIZED,
    });
  });

  test('die with their pod', async () => {
    const token = server.issueToken({ ...asDefault, pod: 'short-lived' });
    expect((await call('/api', { token })).status).toBe(200);
    await call('/api/v1/namespaces/tokens/pods/short-lived', { method: 'DELETE' });
    expect((await call('/api', { token })).status).toBe(401);
  });

  test('die with their service account, even if it comes back', async () => {
    const token = server.issueToken({ namespace: 'tokens', serviceAccount: 'phoenix' });
    await call('/api/v1/namespaces/tokens/serviceaccounts/phoenix', { method: 'DELETE' });
    server.issueToken({ namespace: 'tokens', serviceAccount: 'phoenix' });
    expect((await call('/api', { token })).status).toBe(401);
  });

  test('are missing: the request is anonymous and forbidden', async () => {
    const { status, body } = await call('/api/v1/namespaces/x/secrets', { token: '' });
    expect(status).toBe(403);
    expect(body['message']).toBe(
      'secrets is forbidden: User "system:anonymous" cannot list resource "secrets" in API group "" in the namespace "x"',
    );
  });

  test('are accepted for whichever audiences the server is told', async () => {
    await using issuing = await ApiServer.start({
      issuer: 'https://issuer.example',
      audiences: ['api', 'other'],
    });
    const ask = async (audience: string): Promise<number> => {
      const token = issuing.issueToken({ ...asDefault, audiences: [audience] });
      const response = await fetch(`${issuing.url}/api`, {
        headers: { Authorization: `Bearer ${token}` },
        tls: { ca: issuing.certificateAuthority, rejectUnauthorized: true },
      });
      return response.status;
    };
    expect([await ask('other'), await ask('https://kubernetes.default.svc')]).toEqual([200, 401]);
  });

  test('are never logged', async () => {
    const token = server.issueToken(asDefault);
    await call('/api/v1/namespaces/tokens/secrets?limit=5', { token });
    expect(server.log.entries).toMatchObject([
      {
        method: 'GET',
        path: '/api/v1/namespaces/tokens/secrets?limit=5',
        status: 403,
        user: 'system:serviceaccount:tokens:default',
      },
    ]);
    expect(JSON.stringify(server.log.entries)).not.toContain(token);
  });
});

describe('permissions', () => {
  function tokenIn(namespace: string): string {
    server.apply(secret('one', namespace), secret('two', namespace));
    return server.issueToken({ namespace, serviceAccount: 'default' });
  }

  test('a refused list says who cannot do what where', async () => {
    const answer = await call('/api/v1/namespaces/ns/secrets', { token: tokenIn('ns') });
    expect(answer).toEqual({
      status: 403,
      body: {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message:
          'secrets is forbidden: User "system:serviceaccount:ns:default" cannot list resource "secrets" in API group "" in the namespace "ns"',
        reason: 'Forbidden',
        details: { kind: 'secrets' },
        code: 403,
      },
    });
  });

  test('a refused get names the object', async () => {
    const { body } = await call('/api/v1/namespaces/ns/secrets/one', { token: tokenIn('ns') });
    expect(body['message']).toBe(
      'secrets "one" is forbidden: User "system:serviceaccount:ns:default" cannot get resource "secrets" in API group "" in the namespace "ns"',
    );
    expect(body['details']).toEqual({ name: 'one', kind: 'secrets' });
  });

  test('a refusal outside namespaces says so', async () => {
    const { body } = await call('/api/v1/nodes', { token: tokenIn('ns') });
    expect(body['message']).toBe(
      'nodes is forbidden: User "system:serviceaccount:ns:default" cannot list resource "nodes" in API group "" at the cluster scope',
    );
  });

  test('allow a namespace’s pull secrets, and no other namespace’s', async () => {
    const token = tokenIn('allowed');
    tokenIn('other');
    server.permissions.allowPullSecrets('allowed', 'default');
    expect(names(await call('/api/v1/namespaces/allowed/secrets', { token }))).toEqual([
      'one',
      'two',
    ]);
    expect((await call('/api/v1/namespaces/other/secrets', { token })).status).toBe(403);
    expect((await call('/api/v1/secrets', { token })).status).toBe(403);
  });

  test('allow named secrets: each by its name, and a list selected by that name', async () => {
    const token = tokenIn('named');
    server.permissions.allowPullSecrets('named', 'default', { names: ['one'] });
    server.permissions.allow({
      subject: { group: 'system:serviceaccounts:named' },
      namespace: 'named',
      verbs: ['list'],
      resources: ['secrets'],
      resourceNames: ['one'],
    });
    const status = async (rest: string): Promise<number> =>
      (await call(`/api/v1/namespaces/named/secrets${rest}`, { token })).status;
    expect(await status('/one')).toBe(200);
    expect(await status('/two')).toBe(403);
    expect(await status('')).toBe(403);
    expect(await status('?fieldSelector=metadata.name%3Done')).toBe(200);
  });

  test('can be taken back', async () => {
    const token = tokenIn('revoked');
    server.permissions.allowPullSecrets('revoked', 'default');
    server.permissions.revoke({ namespace: 'revoked', serviceAccount: 'default' });
    expect((await call('/api/v1/namespaces/revoked/secrets', { token })).status).toBe(403);
  });

  test('are what a SelfSubjectAccessReview answers', async () => {
    const token = tokenIn('review');
    server.permissions.allowPullSecrets('review', 'default');
    const ask = async (verb: string): Promise<unknown> => {
      const resourceAttributes = { namespace: 'review', verb, resource: 'secrets' };
      const { body } = await call('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
        token,
        method: 'POST',
        body: { spec: { resourceAttributes } },
      });
      return fieldAt(body, 'status.allowed');
    };
    expect([await ask('list'), await ask('delete')]).toEqual([true, false]);
  });
});

describe('lists', () => {
  beforeAll(() => {
    for (const name of ['e', 'b', 'a', 'd', 'c']) server.apply(secret(name, 'lists'));
    server.apply(secret('f', 'lists', 'Opaque'));
  });
  const list = (query = ''): Promise<Answer> => call(`/api/v1/namespaces/lists/secrets${query}`);

  test('are sorted by name, and their items do not repeat kind and version', async () => {
    const answer = await list();
    expect(names(answer)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(answer.body).toMatchObject({ kind: 'SecretList', apiVersion: 'v1' });
    const [first] = Array.isArray(answer.body['items']) ? answer.body['items'] : [];
    expect(Object.keys(first).sort()).toEqual(['data', 'metadata', 'type']);
  });

  const selected: [string, string[]][] = [
    ['type=Opaque', ['f']],
    [`type=${DOCKER_CONFIG}`, ['a', 'b', 'c', 'd', 'e']],
    ['type!=Opaque,metadata.name!=a', ['b', 'c', 'd', 'e']],
    ['metadata.name==c', ['c']],
    ['metadata.namespace=elsewhere', []],
  ];
  test.each(selected)('selected by %s', async (selector, expected) => {
    expect(names(await list(`?fieldSelector=${encodeURIComponent(selector)}`))).toEqual(expected);
  });

  const wrong: [string, string, string][] = [
    ['secrets', 'data=x', 'field label not supported: data'],
    [
      'serviceaccounts',
      'secrets=x',
      '"secrets" is not a known field selector: only "metadata.name", "metadata.namespace"',
    ],
    ['secrets', 'nonsense', "invalid selector: 'nonsense'; can't understand 'nonsense'"],
  ];
  test.each(wrong)('of %s cannot be selected by %s', async (plural, selector, message) => {
    const answer = await call(`/api/v1/namespaces/lists/${plural}?fieldSelector=${selector}`);
    expect(answer).toMatchObject({ status: 400, body: { message, reason: 'BadRequest' } });
  });

  test('come in pages that say how many follow', async () => {
    const first = await list('?limit=4');
    expect(names(first)).toEqual(['a', 'b', 'c', 'd']);
    expect(fieldAt(first.body, 'metadata.remainingItemCount')).toBe(2);
    const second = await list(`?limit=4&continue=${fieldAt(first.body, 'metadata.continue')}`);
    expect(names(second)).toEqual(['e', 'f']);
    expect(fieldAt(second.body, 'metadata.continue')).toBeUndefined();
  });

  test('do not say how many follow where something is selected', async () => {
    const { body } = await list('?limit=4&fieldSelector=type!%3DOpaque');
    expect(fieldAt(body, 'metadata.continue')).toBeString();
    expect(fieldAt(body, 'metadata.remainingItemCount')).toBeUndefined();
  });

  test('cannot be continued consistently after a compaction, but inconsistently', async () => {
    const first = await list('?limit=4');
    server.store.compact();
    const late = await list(`?limit=4&continue=${fieldAt(first.body, 'metadata.continue')}`);
    expect(late).toMatchObject({ status: 410, body: { reason: 'Expired' } });
    const rest = await list(`?limit=4&continue=${fieldAt(late.body, 'metadata.continue')}`);
    expect(names(rest)).toEqual(['e', 'f']);
  });

  test('refuse a token that was never given', async () => {
    expect(await list('?continue=nonsense')).toMatchObject({
      status: 400,
      body: { message: 'continue key is not valid' },
    });
  });

  test('find the pods of a node in all namespaces', async () => {
    server.issueToken({ namespace: 'lists', serviceAccount: 'default', pod: 'p1', node: 'here' });
    server.issueToken({ namespace: 'other', serviceAccount: 'default', pod: 'p2', node: 'here' });
    server.issueToken({ namespace: 'other', serviceAccount: 'default', pod: 'p3', node: 'there' });
    const answer = await call('/api/v1/pods?fieldSelector=spec.nodeName%3Dhere');
    expect(names(answer)).toEqual(['p1', 'p2']);
  });

  test('are compressed when large and when asked', async () => {
    const data = { blob: 'A'.repeat(200_000) };
    server.apply({ ...secret('large', 'large'), data });
    const encoding = async (path: string, accept: string): Promise<string | null> => {
      const response = await fetch(server.url + path, {
        headers: { Authorization: `Bearer ${server.adminToken}`, 'Accept-Encoding': accept },
        tls: { ca: server.certificateAuthority, rejectUnauthorized: true },
        decompress: false,
      });
      await response.bytes();
      return response.headers.get('content-encoding');
    };
    expect(await encoding('/api/v1/namespaces/large/secrets', 'gzip')).toBe('gzip');
    expect(await encoding('/api/v1/namespaces/large/secrets', 'identity')).toBeNull();
    expect(await encoding('/api/v1/namespaces/lists/secrets', 'gzip')).toBeNull();
    expect(names(await call('/api/v1/namespaces/large/secrets'))).toEqual(['large']);
  });
});

describe('objects', () => {
  const path = '/api/v1/namespaces/objects/secrets';
  const post = (body: unknown): Promise<Answer> => call(path, { method: 'POST', body });

  beforeAll(() => {
    server.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'objects' } });
  });

  test('are created, read, replaced and deleted', async () => {
    const created = await post({ metadata: { name: 'life' }, stringData: { word: 'first' } });
    expect(created).toMatchObject({
      status: 201,
      body: { kind: 'Secret', type: 'Opaque', data: { word: 'Zmlyc3Q=' } },
    });
    const replaced = await call(`${path}/life`, {
      method: 'PUT',
      body: { ...created.body, data: { word: 'c2Vjb25k' } },
    });
    expect(fieldAt(replaced.body, 'metadata.uid')).toBe(fieldAt(created.body, 'metadata.uid'));
    expect((await call(`${path}/life`)).body).toEqual(replaced.body);
    const deleted = await call(`${path}/life`, { method: 'DELETE' });
    expect(deleted.body).toMatchObject({ status: 'Success', details: { name: 'life' } });
    expect((await call(`${path}/life`)).body).toMatchObject({
      message: 'secrets "life" not found',
      reason: 'NotFound',
      details: { name: 'life', kind: 'secrets' },
      code: 404,
    });
  });

  test('cannot be created twice', async () => {
    await post({ metadata: { name: 'twice' } });
    expect(await post({ metadata: { name: 'twice' } })).toMatchObject({
      status: 409,
      body: { message: 'secrets "twice" already exists', reason: 'AlreadyExists' },
    });
  });

  test('cannot be replaced from an old version', async () => {
    const { body } = await post({ metadata: { name: 'old' } });
    const put = (): Promise<Answer> => call(`${path}/old`, { method: 'PUT', body });
    expect([(await put()).status, (await put()).status]).toEqual([200, 409]);
  });

  test('need their namespace', async () => {
    const answer = await call('/api/v1/namespaces/nowhere/secrets', {
      method: 'POST',
      body: { metadata: { name: 'x' } },
    });
    expect(answer).toMatchObject({
      status: 404,
      body: { message: 'namespaces "nowhere" not found' },
    });
  });

  test('go with their namespace', async () => {
    server.apply(secret('x', 'doomed'));
    await call('/api/v1/namespaces/doomed', { method: 'DELETE' });
    expect((await call('/api/v1/namespaces/doomed/secrets/x')).status).toBe(404);
  });

  test('a new namespace has a default service account', async () => {
    await call('/api/v1/namespaces', { method: 'POST', body: { metadata: { name: 'fresh' } } });
    expect((await call('/api/v1/namespaces/fresh/serviceaccounts/default')).status).toBe(200);
  });

  const unknown: [string, number][] = [
    ['/api/v1/bananas', 404],
    ['/apis/authorization.k8s.io/v1/bananas', 404],
    ['/api/v1/namespaces/objects/secrets/x/banana', 404],
  ];
  test.each(unknown)('%s is no resource', async (where, status) => {
    expect(await call(where)).toMatchObject({ status, body: { reason: 'NotFound' } });
  });

  test('cannot be written in another format than JSON', async () => {
    const response = await fetch(server.url + path, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${server.adminToken}`,
        'Content-Type': 'application/vnd.kubernetes.protobuf',
      },
      body: 'k8s\0',
      tls: { ca: server.certificateAuthority, rejectUnauthorized: true },
    });
    expect(response.status).toBe(415);
  });
});

describe('token requests', () => {
  const path = '/api/v1/namespaces/requests/serviceaccounts/builder/token';
  const audience = 'https://kubernetes.default.svc';

  beforeAll(() => {
    server.issueToken({ namespace: 'requests', serviceAccount: 'builder', pod: 'b1', node: 'n1' });
    server.issueToken({ namespace: 'requests', serviceAccount: 'other', pod: 'o1', node: 'n1' });
  });

  const ask = (spec: object, token = server.adminToken): Promise<Answer> =>
    call(path, { method: 'POST', token, body: { spec } });
  const boundTo = (name: string): object => ({
    boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name },
  });

  test('give a token that works', async () => {
    const { status, body } = await ask({ audiences: [audience], ...boundTo('b1') });
    expect(status).toBe(201);
    const token = String(fieldAt(body, 'status.token'));
    expect((await call('/api', { token })).status).toBe(200);
    expect(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).toContain('"n1"');
  });

  const refused: [string, object, number, string][] = [
    ['for a missing pod', boundTo('nope'), 404, 'pods "nope" not found'],
    [
      'for a pod of another service account',
      boundTo('o1'),
      400,
      'cannot bind token for serviceaccount "builder" to pod running with different serviceaccount name.',
    ],
    [
      'for less than ten minutes',
      { expirationSeconds: 599 },
      400,
      'spec.expirationSeconds: may not specify a duration less than 10 minutes',
    ],
  ];
  test.each(refused)('%s are refused', async (_, spec, status, message) => {
    expect(await ask(spec)).toMatchObject({ status, body: { message } });
  });

  const byNode: [string, string, object, string][] = [
    ['without a pod', 'n1', {}, 'node requested token not bound to a pod'],
    [
      'for another node’s pod',
      'n2',
      boundTo('b1'),
      'node requested token bound to a pod scheduled on a different node',
    ],
    [
      'for an audience nobody granted',
      'n1',
      { ...boundTo('b1'), audiences: ['https://vault.example'] },
      'audience "https://vault.example" not found in pod spec volume, system:node:n1 is not authorized to request tokens for this audience',
    ],
  ];
  test.each(byNode)('of a kubelet %s are forbidden', async (_, node, spec, why) => {
    expect(await ask(spec, server.tokens.issueForNode(node))).toMatchObject({
      status: 403,
      body: { message: `serviceaccounts "builder" is forbidden: ${why}` },
    });
  });

  test('of a kubelet for a granted audience succeed', async () => {
    server.permissions.allow({
      subject: { group: 'system:nodes' },
      verbs: ['request-serviceaccounts-token-audience'],
      resources: ['https://granted.example'],
    });
    const spec = { ...boundTo('b1'), audiences: ['https://granted.example'] };
    expect((await ask(spec, server.tokens.issueForNode('n1'))).status).toBe(201);
  });

  test('of a kubelet for an audience that the pod mounts itself succeed', async () => {
    const sources = [{ serviceAccountToken: { audience: 'mounted', path: 'token' } }];
    server.apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'b2', namespace: 'requests' },
      spec: {
        nodeName: 'n1',
        serviceAccountName: 'builder',
        volumes: [{ name: 'tokens', projected: { sources } }],
      },
    });
    const spec = { ...boundTo('b2'), audiences: ['mounted'] };
    expect((await ask(spec, server.tokens.issueForNode('n1'))).status).toBe(201);
  });
});

const kubectl = realProgram('kubectl');
kubectl.test('kubectl reads, writes and is refused as by a real API server', async () => {
  using home = temporaryDirectory();
  server.apply(secret('pull', 'shell'));
  const as = async (token: string, ...args: string[]) => {
    const config = `${home.path}/kubeconfig`;
    await Bun.write(config, server.kubeconfig(token));
    return (stdin = '') =>
      run([kubectl.path, '--kubeconfig', config, '-n', 'shell', ...args], {
        home: home.path,
        stdin,
      });
  };
  const get = await as(server.adminToken, 'get', 'secrets', '-o', 'name');
  expect(await get()).toMatchObject({ code: 0, stdout: 'secret/pull\n' });
  const create = await as(server.adminToken, 'create', '--validate=false', '-f', '-');
  expect(await create(JSON.stringify(secret('second', 'shell')))).toMatchObject({ code: 0 });
  const token = server.issueToken({ namespace: 'shell', serviceAccount: 'default' });
  const refused = await (await as(token, 'get', 'secrets'))();
  expect(refused.stderr).toContain(
    'Error from server (Forbidden): secrets is forbidden: User "system:serviceaccount:shell:default" cannot list resource "secrets" in API group "" in the namespace "shell"',
  );
});
