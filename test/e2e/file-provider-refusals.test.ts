import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdirSync } from 'node:fs';
import { TestStore } from '../support/credential-store.ts';
import { expectFileRefusal as expectRefusal } from '../support/file-refusal.ts';
import { pluginUsers } from '../support/plugin-user.ts';
import { PASSWORD } from '../support/secrecy.ts';

const GOOD = { username: 'u', password: PASSWORD };

let store: TestStore;
beforeEach(() => {
  store = new TestStore();
});
afterEach(() => store[Symbol.dispose]());

describe('a request is refused that', () => {
  test.each([
    ['is empty', '', 'it is empty'],
    ['is truncated', '{"image":"a.example/b', 'it is no complete JSON document'],
    ['is no object', '[]', 'it is no JSON object'],
    ['is larger than 1 MiB', `{"image":"${'a'.repeat(1_100_000)}"}`, 'larger than 1 MiB'],
    ['names no image', '{}', 'it names no image'],
    ['names an empty image', '{"image":""}', 'it names no image'],
    ['has a number for an image', '{"image":7}', 'image is no string'],
    ['has another kind', '{"image":"a.example/b","kind":"Pod"}', 'its kind is "Pod"'],
    ['has another version', '{"image":"a.example/b","apiVersion":"v9"}', 'its apiVersion is "v9"'],
  ])('%s', async (_, request, reason) => {
    store.write('a.example.json', GOOD);
    expectRefusal(await store.run(request), reason);
  });

  test.each([
    ['../../etc/passwd'],
    ['..'],
    ['a.example/../../etc/shadow'],
    ['a.example\u0000/b'],
    ['a.example./b'],
    ['.a.example/b'],
    ['a..example/b'],
    ['a.example:port/b'],
    ['a.example:5000:5000/b'],
    ['[::1/b'],
    ['[::1]x:5000/b'],
    ['[::g]:5000/b'],
    ['[..]:5000/b'],
    ['a.example//b'],
    ['a.example/B'],
    ['https://a.example/b'],
    [`a.example/${'x'.repeat(300)}`],
    ['a.example/b\nFake log line'],
    ['*.example/b'],
  ])('names the image %j', async (image) => {
    store.write('a.example.json', GOOD);
    store.write('example.json', GOOD);
    expectRefusal(await store.pull(image), 'image reference "');
  });

  test('names an IPv6 registry without port, which the kubelet matches with nothing', async () => {
    store.write('[::1].json', GOOD);
    expectRefusal(await store.pull('[::1]/b'), 'name the image with the port, as [::1]:443/b');
  });
});

describe('a credential file is refused that', () => {
  test.each([
    ['is empty', '', 'it is empty'],
    ['is blank', ' \n', 'it is empty'],
    ['is no JSON', `{\n  "username": "u",\n  "password": ${PASSWORD}\n}`, 'line 3, column 15'],
    ['is truncated', `{"username":"u","password":"${PASSWORD}`, 'line 1, column 48'],
    ['has a comma too many', '{"username":"u",}', 'line 1, column 17'],
    ['is not UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), 'it is no text in UTF-8'],
    ['is no object', [PASSWORD], 'it is no JSON object'],
    [
      'has a number for a user',
      { username: 1, password: PASSWORD },
      'a username that is no string',
    ],
    ['has a list for a password', { password: [PASSWORD] }, 'a password that is no string'],
    ['has a number for a duration', { ...GOOD, duration: 5 }, 'a duration that is no string'],
    ['has an empty duration', { ...GOOD, duration: '' }, 'the duration "", which the kubelet'],
    ['has a duration in days', { ...GOOD, duration: '1d' }, 'the duration "1d", which the kubelet'],
    [
      'has a negative duration',
      { ...GOOD, duration: '-1s' },
      'the duration "-1s", which the kubelet',
    ],
    [
      'has a duration without unit',
      { ...GOOD, duration: '5' },
      'the duration "5", which the kubelet',
    ],
    [
      'has a helper beside a password',
      { ...GOOD, credHelper: 'x' },
      'both a credHelper and a user',
    ],
    ['has a path for a helper', { credHelper: '../x' }, 'a credHelper that is no name'],
    ['is 10 MiB large', Buffer.alloc(10 * 1024 * 1024, 0x20), 'it is larger than 1 MiB'],
  ])('%s', async (_, content, reason) => {
    const path = store.write('a.example.json', content);
    const result = await store.pull('a.example/b');
    expectRefusal(result, reason);
    expect(result.stderr).toContain(`"${path}"`);
  });

  test.each(['0s', '0', '90s', '12h', '0h5m0s', '1h30m', '1.5h'])(
    'but not for the duration %s',
    async (duration) => {
      store.write('a.example.json', { ...GOOD, duration });
      const { stdout } = await store.pull('a.example/b');
      expect(JSON.parse(stdout).cacheDuration).toBe(duration);
    },
  );

  test('is a directory', async () => {
    mkdirSync(`${store.root}/a.example.json`, { mode: 0o700 });
    expectRefusal(await store.pull('a.example/b'), 'it is no regular file');
  });

  test('is a pipe', async () => {
    Bun.spawnSync(['mkfifo', '-m', '600', `${store.root}/a.example.json`]);
    expectRefusal(await store.pull('a.example/b'), 'it is no regular file');
  });

  test('is unreadable', async () => {
    using users = pluginUsers('generic-credential-provider');
    const user = users.users.at(-1);
    const path = store.write('a.example.json', GOOD, 0o000);
    for (const one of [store.root, path, `${store.root}/..`]) user?.own(one);
    const command = user?.command ?? [];
    expectRefusal(
      await store.pull('a.example/b', { command }),
      ': permission denied (EACCES); make it readable',
    );
  });

  test('is a broken config.json', async () => {
    store.write('config.json', '{\n "auths": {,}}');
    const result = await store.pull('a.example/b');
    expectRefusal(result, 'it is no JSON document, from line 2, column 12 on; mend it\n');
  });

  test('is a config.json without form', async () => {
    store.write('config.json', { auths: [PASSWORD] });
    expectRefusal(
      await store.pull('a.example/b'),
      'it has an auths or credHelpers that is no object',
    );
    store.write('config.json', { auths: {}, credsStore: '/bin/sh' });
    expectRefusal(await store.pull('a.example/b'), 'names a credential helper that cannot be one');
  });
});
