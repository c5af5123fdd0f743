import { describe, expect, test } from 'bun:test';
import { jsonPatch, PatchError } from '../../src/demo/api-json-patch.ts';
import { mergePatch } from '../../src/demo/api-merge-patch.ts';
import { ApiServer } from '../../src/demo/api-server.ts';

const DOCUMENT = { a: { b: [1, 2, 3], 'c/d': 'e' } };

type Operation = Readonly<Record<string, unknown>>;

function patched(title: string, operation: Operation, expected: unknown): void {
  test(title, () => {
    expect(jsonPatch(DOCUMENT, [operation])).toEqual(expected);
    expect(DOCUMENT).toEqual({ a: { b: [1, 2, 3], 'c/d': 'e' } });
  });
}

function refused(title: string, operation: unknown): void {
  test(title, () => expect(() => jsonPatch(DOCUMENT, [operation])).toThrow(PatchError));
}

describe('a JSON patch', () => {
  const e = 'e';
  patched('adds a field', { op: 'add', path: '/f', value: 1 }, { ...DOCUMENT, f: 1 });
  patched(
    'adds before an item',
    { op: 'add', path: '/a/b/1', value: 9 },
    {
      a: { b: [1, 9, 2, 3], 'c/d': e },
    },
  );
  patched(
    'adds at the end',
    { op: 'add', path: '/a/b/-', value: 9 },
    {
      a: { b: [1, 2, 3, 9], 'c/d': e },
    },
  );
  patched('removes an item', { op: 'remove', path: '/a/b/0' }, { a: { b: [2, 3], 'c/d': e } });
  patched(
    'replaces a field with a slash',
    { op: 'replace', path: '/a/c~1d', value: 'f' },
    {
      a: { b: [1, 2, 3], 'c/d': 'f' },
    },
  );
  patched('moves', { op: 'move', from: '/a/b', path: '/b' }, { a: { 'c/d': e }, b: [1, 2, 3] });
  patched(
    'copies',
    { op: 'copy', from: '/a/b/2', path: '/a/b/0' },
    {
      a: { b: [3, 1, 2, 3], 'c/d': e },
    },
  );
  patched('replaces the whole', { op: 'replace', path: '', value: [7] }, [7]);
  patched(
    'adds what it is to replace',
    { op: 'replace', path: '/x', value: 1 },
    { ...DOCUMENT, x: 1 },
  );
  patched('counts from the end', { op: 'remove', path: '/a/b/-1' }, { a: { b: [1, 2], 'c/d': e } });
  patched('takes any number', { op: 'remove', path: '/a/b/00' }, { a: { b: [2, 3], 'c/d': e } });
  patched('takes what is missing for null', { op: 'test', path: '/x', value: null }, DOCUMENT);
  patched('goes on after a test', { op: 'test', path: '/a/b', value: [1, 2, 3] }, DOCUMENT);
  refused('fails a test', { op: 'test', path: '/a/b', value: [1, 2] });
  refused('does not make a number of the whole', { op: 'replace', path: '', value: 7 });
  refused('does not remove what is not there', { op: 'remove', path: '/x' });
  refused('does not go beyond a list', { op: 'add', path: '/a/b/4', value: 1 });
  refused('does not go before a list', { op: 'add', path: '/a/b/-5', value: 1 });
  refused('takes no pointer without a slash', { op: 'remove', path: 'a' });
  refused('knows no other operation', { op: 'increment', path: '/a/b/0' });
});

test('a merge patch merges objects, removes with null and replaces all else', () => {
  const merged = mergePatch({ a: { b: 1, c: 2 }, d: [1, 2] }, { a: { b: null, e: 3 }, d: [4] });
  expect(merged).toEqual({ a: { c: 2, e: 3 }, d: [4] });
  expect(mergePatch('text', { a: { b: null } })).toEqual({ a: {} });
  expect(mergePatch({}, { a: [null, { b: null }] })).toEqual({ a: [null, {}] });
});

test('a Secret is patched over HTTPS like any object', async () => {
  await using server = await ApiServer.start();
  server.apply({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'team', namespace: 'default' },
    data: { a: 'MQ==' },
  });
  const response = await fetch(`${server.url}/api/v1/namespaces/default/secrets/team`, {
    method: 'PATCH',
    headers: {
      Authorization: `Bearer ${server.adminToken}`,
      'Content-Type': 'application/merge-patch+json',
    },
    body: JSON.stringify({ data: { b: 'Mg==' } }),
    tls: { ca: server.certificateAuthority, rejectUnauthorized: true },
  });
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ data: { a: 'MQ==', b: 'Mg==' } });
});
