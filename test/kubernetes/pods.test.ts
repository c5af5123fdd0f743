import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { ApiServer } from '../../src/demo/api-server.ts';
import { deadlineIn } from '../../src/diagnostics/deadline.ts';
import { ApiClient } from '../../src/kubernetes/client.ts';
import { readPod } from '../../src/kubernetes/pods.ts';
import { readServiceAccount, requestToken } from '../../src/kubernetes/service-accounts.ts';
import { readTokenClaims } from '../../src/kubernetes/token.ts';

let server: ApiServer;

beforeAll(async () => {
  server = await ApiServer.start();
});
afterAll(() => server.stop());

function clientFor(token = server.adminToken): ApiClient {
  const { url, certificateAuthority } = server;
  return new ApiClient({ url, host: 'api', certificateAuthority }, { token }, deadlineIn(30_000));
}

function pod(name: string, rest: object, annotations = {}) {
  const metadata = { name, namespace: 'team-a', annotations };
  return { apiVersion: 'v1', kind: 'Pod', metadata, ...rest };
}

describe('a pod', () => {
  test('tells its node, service account, pull secrets, images and what they wait for', async () => {
    const waiting = { reason: 'ImagePullBackOff', message: 'Back-off pulling image "app"' };
    server.apply(
      pod('full', {
        spec: {
          nodeName: 'worker-1',
          serviceAccountName: 'builder',
          imagePullSecrets: [{ name: 'own' }, {}],
          containers: [{ name: 'main', image: 'app:1' }],
          initContainers: [{ name: 'first', image: 'init' }],
          ephemeralContainers: [{ name: 'debug', image: 'tools' }],
        },
        status: { containerStatuses: [{ name: 'main', state: { waiting } }] },
      }),
    );
    expect(await readPod(clientFor(), 'team-a', 'full')).toEqual({
      namespace: 'team-a',
      name: 'full',
      uid: expect.any(String),
      node: 'worker-1',
      serviceAccount: 'builder',
      isStatic: false,
      imagePullSecrets: ['own'],
      containers: [
        { name: 'first', image: 'init' },
        { name: 'main', image: 'app:1', waiting: 'ImagePullBackOff: Back-off pulling image "app"' },
        { name: 'debug', image: 'tools' },
      ],
    });
  });

  test('may leave almost everything out', async () => {
    server.apply(pod('bare', {}));
    expect(await readPod(clientFor(), 'team-a', 'bare')).toMatchObject({
      node: undefined,
      serviceAccount: 'default',
      imagePullSecrets: [],
      containers: [],
    });
  });

  test('of a node’s own file is known by its annotation', async () => {
    server.apply(pod('static', {}, { 'kubernetes.io/config.mirror': 'hash' }));
    expect((await readPod(clientFor(), 'team-a', 'static')).isStatic).toBe(true);
  });

  test('that does not exist is an error with the server’s words', async () => {
    await expect(readPod(clientFor(), 'team-a', 'gone')).rejects.toThrow(
      'pods \\"gone\\" not found',
    );
  });
});

describe('a service account', () => {
  test('tells its annotations and pull secrets', async () => {
    server.apply({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'sa', namespace: 'team-a', annotations: { a: 'b' } },
      imagePullSecrets: [{ name: 'one' }],
    });
    const { annotations, imagePullSecrets } = await readServiceAccount(clientFor(), 'team-a', 'sa');
    expect([[...annotations], imagePullSecrets]).toEqual([[['a', 'b']], ['one']]);
  });
});

describe('a token is asked for', () => {
  test('with audience, for an administrator without a pod', async () => {
    server.issueToken({ namespace: 'team-a', serviceAccount: 'default' });
    const wish = { namespace: 'team-a', serviceAccount: 'default', audience: 'https://aud' };
    const claims = readTokenClaims(await requestToken(clientFor(), wish));
    expect(claims).toMatchObject({ namespace: 'team-a', audiences: ['https://aud'] });
  });

  test('by a node, only bound to one of its pods', async () => {
    server.issueToken({ namespace: 'team-a', serviceAccount: 'default', pod: 'p', node: 'n1' });
    const { uid } = await readPod(clientFor(), 'team-a', 'p');
    const asNode = clientFor(server.tokens.issueForNode('n1'));
    const wish = { namespace: 'team-a', serviceAccount: 'default' };
    const token = await requestToken(asNode, { ...wish, pod: { name: 'p', uid } });
    expect(readTokenClaims(token).namespace).toBe('team-a');
    await expect(requestToken(asNode, wish)).rejects.toThrow('not bound to a pod');
  });
});
