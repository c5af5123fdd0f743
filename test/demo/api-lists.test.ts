import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { fieldAt } from '../../src/demo/api-object.ts';
import { ApiServer } from '../../src/demo/api-server.ts';
import { type Answer, apiClient, type Call, names, secret } from '../support/api-client.ts';

let server: ApiServer;
let call: Call;

beforeAll(async () => {
  server = await ApiServer.start();
  call = apiClient(server);
});
afterAll(() => server.stop());

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
    ['type=kubernetes.io/dockerconfigjson', ['a', 'b', 'c', 'd', 'e']],
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
