import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { ApiServer } from '../../src/demo/api-server.ts';
import * as faults from '../../src/demo/faults.ts';
import { deadlineIn } from '../../src/diagnostics/deadline.ts';
import { ApiClient } from '../../src/kubernetes/client.ts';
import { getPullSecrets, listPullSecrets } from '../../src/kubernetes/secrets.ts';
import { secret } from '../support/api-client.ts';

let server: ApiServer;
beforeAll(async () => {
  server = await ApiServer.start();
  for (let index = 0; index < 1_100; index += 1) {
    server.apply(secret(`s-${String(index).padStart(4, '0')}`, 'crowded'));
  }
  server.apply(secret('one', 'few'), secret('two', 'few'), secret('other', 'few', 'Opaque'));
});
afterAll(() => server.stop());
afterEach(() => {
  server.faults.clear();
  server.log.clear();
});

function client(): ApiClient {
  const { certificateAuthority, url, adminToken: token } = server;
  const place = { url, host: 'api', certificateAuthority };
  return new ApiClient(place, { token }, deadlineIn(30_000));
}

const names = ({ secrets }: { readonly secrets: readonly { readonly name: string }[] }) =>
  secrets.map(({ name }) => name);

describe('listing pull secrets', () => {
  test('gives those of the type alone, in order', async () =>
    expect(names(await listPullSecrets(client(), 'few'))).toEqual(['one', 'two']));
  test('reads page after page', async () => {
    expect(names(await listPullSecrets(client(), 'crowded'))).toHaveLength(1_100);
    expect(server.log.entries).toHaveLength(3);
  });
  test('begins anew, once, where the list expires between two pages', async () => {
    server.faults.next([faults.good, faults.status(410)]);
    expect(names(await listPullSecrets(client(), 'crowded'))).toHaveLength(1_100);
    expect(server.log.entries).toHaveLength(5);
  });
  test('gives up where it expires twice', async () => {
    server.faults.next([faults.good, faults.status(410), faults.good, faults.status(410)]);
    await expect(listPullSecrets(client(), 'crowded')).rejects.toThrow(
      'expired twice while it was read',
    );
  });
  test('gives up where the very first page is gone', async () => {
    server.faults.next(faults.status(410));
    await expect(listPullSecrets(client(), 'few')).rejects.toThrow('with 410');
  });
  test('ends with the 200th page', async () => {
    const endless = { kind: 'SecretList', metadata: { continue: 'again' }, items: [] };
    server.faults.always(faults.body(JSON.stringify(endless)));
    await expect(listPullSecrets(client(), 'few')).rejects.toThrow(
      'has more than 200 pages of 500 Secrets',
    );
  });
  test('knows an empty list in each of its forms', async () => {
    for (const items of [[], null, undefined]) {
      server.faults.next(faults.body(JSON.stringify({ kind: 'SecretList', items })));
      expect(names(await listPullSecrets(client(), 'few'))).toEqual([]);
    }
  });
  test.each<[string, object]>([
    ['a "Banana", not a SecretList', { kind: 'Banana' }],
    ['a document without kind', {}],
    ['a "SecretList", not a SecretList', { kind: 'SecretList', items: 7 }],
    ['an item that is no Secret', { kind: 'SecretList', items: [null] }],
    ['an item that is no Secret', { kind: 'SecretList', items: [{ metadata: { name: 7 } }] }],
  ])('refuses %s', async (reason, body) => {
    server.faults.next(faults.body(JSON.stringify(body)));
    await expect(listPullSecrets(client(), 'few')).rejects.toThrow(reason);
  });
});

describe('reading pull secrets by name', () => {
  test('keeps the order of the names, and tells which gave nothing', async () => {
    const read = await getPullSecrets(client(), 'few', ['two', 'gone', 'NO NAME', 'one']);
    expect(names(read)).toEqual(['two', 'one']);
    expect(read.skipped).toEqual([
      { name: 'gone', reason: 'it does not exist' },
      { name: 'NO NAME', reason: 'this is no name of a Secret' },
    ]);
  });
  test('is refused for more than 32', async () =>
    await expect(getPullSecrets(client(), 'few', Array(33).fill('one'))).rejects.toThrow(
      'name fewer',
    ));
  test('fails where the server does', async () => {
    server.faults.next(faults.status(400), /two$/);
    await expect(getPullSecrets(client(), 'few', ['one', 'two'])).rejects.toThrow('with 400');
  });
  test('refuses another kind', async () => {
    server.faults.next(faults.wrongKind);
    await expect(getPullSecrets(client(), 'few', ['one'])).rejects.toThrow(
      'a "Banana", not a Secret',
    );
  });
});
