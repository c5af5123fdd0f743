import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { TestStore } from '../support/credential-store.ts';
import { expectFileRefusal as expectRefusal } from '../support/file-refusal.ts';
import type { RunOptions } from '../support/node.ts';
import { pluginUsers } from '../support/plugin-user.ts';
import { PASSWORD } from '../support/secrecy.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const GOOD = { username: 'u', password: PASSWORD };

let store: TestStore;
beforeEach(() => {
  store = new TestStore();
});
afterEach(() => store[Symbol.dispose]());

describe('permissions', () => {
  const insecure: RunOptions = { flags: ['--allow-insecure-permissions'] };

  test.each([0o644, 0o640, 0o620, 0o604, 0o602, 0o660, 0o666, 0o700 | 0o010])(
    'of a file that others can use (%o) are refused with the command that mends them',
    async (mode) => {
      const path = store.write('a.example.json', GOOD, mode);
      expectRefusal(
        await store.pull('a.example/b'),
        `chmod 0600 ${path}, or give --allow-insecure`,
      );
      expect((await store.pull('a.example/b', insecure)).exitCode).toBe(0);
    },
  );

  test.each([0o600, 0o400, 0o700])(
    'of a file that is its owner’s alone (%o) are fine',
    async (mode) => {
      store.write('a.example.json', GOOD, mode);
      expect((await store.pull('a.example/b')).exitCode).toBe(0);
    },
  );

  test('of the store are refused in the same way', async () => {
    store.write('a.example.json', GOOD);
    chmodSync(store.root, 0o755);
    expectRefusal(await store.pull('a.example/b'), `chmod 0700 ${store.root}`);
    expect((await store.pull('a.example/b', insecure)).exitCode).toBe(0);
  });

  test('of a directory on the way are refused in the same way', async () => {
    store.write('a.example/team/app.json', GOOD);
    chmodSync(`${store.root}/a.example/team`, 0o770);
    const result = await store.pull('a.example/team/app');
    expectRefusal(result, `chmod 0700 ${store.root}/a.example/team`);
    expect((await store.pull('a.example/team/app', insecure)).exitCode).toBe(0);
  });

  test.each([0o777, 0o775, 0o757])(
    'of a directory above the store that others can write (%o) are refused in the same way',
    async (mode) => {
      store.write('a.example.json', GOOD);
      const above = dirname(store.root);
      chmodSync(above, mode);
      expectRefusal(await store.pull('a.example/b'), `chmod go-w ${above}, or give --allow-`);
      expect((await store.pull('a.example/b', insecure)).exitCode).toBe(0);
    },
  );

  test.each([0o1777, 0o755, 0o700])(
    'of a directory above the store in which nobody can exchange the store (%o) are fine',
    async (mode) => {
      store.write('a.example.json', GOOD);
      chmodSync(dirname(store.root), mode);
      expect((await store.pull('a.example/b')).exitCode).toBe(0);
    },
  );

  test('count where the store really is, not where a link to it is', async () => {
    store.write('a.example.json', GOOD);
    using elsewhere = temporaryDirectory();
    symlinkSync(store.root, `${elsewhere.path}/link`);
    const flags = ['-c', `${elsewhere.path}/link`];
    expect((await store.pull('a.example/b', { flags })).exitCode).toBe(0);
    chmodSync(dirname(store.root), 0o777);
    expectRefusal(await store.pull('a.example/b', { flags }), `chmod go-w ${dirname(store.root)}`);
  });

  test('do not matter where a file is not the one that is used', async () => {
    store.write('a.example.json', GOOD);
    store.write('example.json', GOOD, 0o666);
    expect((await store.pull('a.example/b')).exitCode).toBe(0);
  });

  test('are not the owner’s alone where the owner is somebody else', async () => {
    using users = pluginUsers('generic-credential-provider');
    const [root, nobody] = users.users;
    if (root === undefined || nobody === undefined) return expect(users.users).toHaveLength(1);
    const path = store.write('a.example.json', GOOD);
    nobody.own(path);
    const result = await store.pull('a.example/b');
    expectRefusal(
      result,
      `user ${nobody.uid} owns it, and it is for passwords; chown root ${path}`,
    );
  });

  test('of a directory above the store are not the owner’s alone where that is somebody else', async () => {
    using users = pluginUsers('generic-credential-provider');
    const [, nobody] = users.users;
    if (nobody === undefined) return expect(users.users).toHaveLength(1);
    store.write('a.example.json', GOOD);
    const above = dirname(store.root);
    nobody.own(above);
    expectRefusal(await store.pull('a.example/b'), `; chown root ${above}, or give --allow-`);
  });
});

describe('a link', () => {
  test('out of the store is not followed', async () => {
    symlinkSync('/etc/shadow', `${store.root}/a.example.json`);
    expectRefusal(await store.pull('a.example/b'), `it is a link out of "${store.root}"`);
  });

  test('out of the store is not followed for insecure files either', async () => {
    symlinkSync('/etc/passwd', `${store.root}/a.example.json`);
    const result = await store.pull('a.example/b', { flags: ['--allow-insecure-permissions'] });
    expectRefusal(result, `it is a link out of "${store.root}"`);
  });

  test('to a directory out of the store is not followed', async () => {
    const outside = `${store.helperDir}/team`;
    mkdirSync(outside);
    writeFileSync(`${outside}/app.json`, JSON.stringify(GOOD), { mode: 0o600 });
    symlinkSync(store.helperDir, `${store.root}/a.example`);
    expectRefusal(await store.pull('a.example/team/app'), `it is a link out of "${store.root}"`);
  });

  test('into a directory that only begins like the store is not followed', async () => {
    const outside = `${store.root}-2`;
    mkdirSync(outside, { mode: 0o700 });
    writeFileSync(`${outside}/x.json`, JSON.stringify(GOOD), { mode: 0o600 });
    symlinkSync(`${outside}/x.json`, `${store.root}/a.example.json`);
    expectRefusal(await store.pull('a.example/b'), `it is a link out of "${store.root}"`);
  });

  test('that leads nowhere says so', async () => {
    symlinkSync('none.json', `${store.root}/a.example.json`);
    expectRefusal(await store.pull('a.example/b'), 'it is a link that leads nowhere');
  });

  test('inside the store is followed', async () => {
    store.write('shared/pull.json', GOOD);
    symlinkSync('shared/pull.json', `${store.root}/a.example.json`);
    expect((await store.pull('a.example/b')).exitCode).toBe(0);
    symlinkSync('shared', `${store.root}/b.example`);
    expect((await store.pull('b.example/pull')).exitCode).toBe(0);
  });

  test('may be what --credroot names', async () => {
    store.write('a.example.json', GOOD);
    const link = `${store.root}-link`;
    symlinkSync(store.root, link);
    expect((await store.pull('a.example/b', { flags: ['-c', `${link}/`] })).exitCode).toBe(0);
  });
});
