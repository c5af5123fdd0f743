import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { fieldAt } from '../../src/demo/api-object.ts';
import { ApiServer } from '../../src/demo/api-server.ts';
import { apiClient, type Call } from '../support/api-client.ts';

let server: ApiServer;
let call: Call;

beforeAll(async () => {
  server = await ApiServer.start();
  call = apiClient(server);
});
afterAll(() => server.stop());

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
    server.log.clear();
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
