import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { ApiServer } from '../../src/demo/api-server.ts';
import { apiClient, type Call, names, secret } from '../support/api-client.ts';

let server: ApiServer;
let call: Call;

beforeAll(async () => {
  server = await ApiServer.start();
  call = apiClient(server);
});
afterAll(() => server.stop());

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

  const RBAC = { apiVersion: 'rbac.authorization.k8s.io/v1' };
  const rules = [
    { apiGroups: [''], resources: ['secrets'], verbs: ['get'], resourceNames: ['one'] },
  ];
  const subjects = [{ kind: 'ServiceAccount', namespace: 'bound', name: 'default' }];

  test('are granted by a Role, while it is bound', async () => {
    const token = tokenIn('bound');
    const status = async (name: string): Promise<number> =>
      (await call(`/api/v1/namespaces/bound/secrets/${name}`, { token })).status;
    const metadata = { name: 'pull', namespace: 'bound' };
    const roleRef = { kind: 'Role', name: 'pull' };
    server.apply({ ...RBAC, kind: 'RoleBinding', metadata, roleRef, subjects });
    expect(await status('one')).toBe(403);
    server.apply({ ...RBAC, kind: 'Role', metadata, rules });
    expect([await status('one'), await status('two')]).toEqual([200, 403]);
    const path = '/apis/rbac.authorization.k8s.io/v1/namespaces/bound/rolebindings/pull';
    await call(path, { method: 'DELETE' });
    expect(await status('one')).toBe(403);
  });

  test('are granted by a ClusterRole, in a namespace or in all', async () => {
    const token = tokenIn('bound');
    tokenIn('beside');
    const status = async (namespace: string): Promise<number> =>
      (await call(`/api/v1/namespaces/${namespace}/secrets/one`, { token })).status;
    const roleRef = { kind: 'ClusterRole', name: 'pull' };
    server.apply({ ...RBAC, kind: 'ClusterRole', metadata: { name: 'pull' }, rules });
    const inOne = { name: 'cluster-pull', namespace: 'bound' };
    server.apply({ ...RBAC, kind: 'RoleBinding', metadata: inOne, roleRef, subjects });
    expect([await status('bound'), await status('beside')]).toEqual([200, 403]);
    const metadata = { name: 'pull' };
    server.apply({ ...RBAC, kind: 'ClusterRoleBinding', metadata, roleRef, subjects });
    expect(await status('beside')).toBe(200);
  });

  test('can be taken back', async () => {
    const token = tokenIn('revoked');
    server.permissions.allowPullSecrets('revoked', 'default');
    server.permissions.revoke({ namespace: 'revoked', serviceAccount: 'default' });
    expect((await call('/api/v1/namespaces/revoked/secrets', { token })).status).toBe(403);
  });
});
