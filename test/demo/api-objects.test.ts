import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { fieldAt } from '../../src/demo/api-object.ts';
import { ApiServer } from '../../src/demo/api-server.ts';
import { type Answer, apiClient, type Call, secret } from '../support/api-client.ts';

let server: ApiServer;
let call: Call;

beforeAll(async () => {
  server = await ApiServer.start();
  call = apiClient(server);
});
afterAll(() => server.stop());

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
