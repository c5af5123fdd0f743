import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { canMount, mountFull, mountReadOnly } from '../../support/mounts.ts';
import { auth, TestNode } from '../../support/node.ts';
import { type PluginUser, pluginUsers } from '../../support/plugin-user.ts';
import { PASSWORD } from '../../support/secrecy.ts';
import { expectRefused, type Trial, tryPull } from '../../support/trial.ts';

const NGINX = 'docker.io/library/nginx';
const WRITABLE = 'make its directory writable for root and see that the disk is not full';
const CREATE = 'create it on a writable file system with mode 0700';
const runners = pluginUsers();
afterAll(() => runners[Symbol.dispose]());

let node: TestNode;
beforeAll(async () => {
  node = await TestNode.start();
  node.addNamespace('default', { 'localhost:5000': auth('u', PASSWORD) });
});
afterAll(() => node[Symbol.asyncDispose]());
afterEach(() => {
  rmSync(node.authDir, { recursive: true, force: true });
  rmSync(`${node.root}/elsewhere`, { recursive: true, force: true });
});

function pull(user: PluginUser, authDir = node.authDir): Promise<Trial> {
  user.own(node.root);
  return tryPull(node, NGINX, 'default', { ...user, flags: ['--auth-dir', authDir] });
}

function makeAuthDir(user: PluginUser, mode = 0o700): void {
  mkdirSync(node.authDir);
  user.own(node.authDir);
  chmodSync(node.authDir, mode);
}

describe.each(runners.users)('as $name, an auth directory is refused that is', (user) => {
  test.each(['', '/'])('a link to a directory, written with "%s" at its end', async (slash) => {
    const elsewhere = `${node.root}/elsewhere`;
    mkdirSync(elsewhere);
    user.own(elsewhere);
    symlinkSync(elsewhere, node.authDir);
    const trial = await pull(user, node.authDir + slash);
    expectRefused(trial, [node.authDir, 'it is a link', 'replace it by a real directory']);
    expect(readdirSync(elsewhere)).toEqual([]);
  });
  test('a link to nowhere', async () => {
    symlinkSync(`${node.root}/elsewhere`, node.authDir);
    expectRefused(await pull(user), [node.authDir, 'it is a link']);
    expect(lstatSync(node.authDir).isSymbolicLink()).toBe(true);
  });
  test('a file', async () => {
    writeFileSync(node.authDir, 'precious');
    expectRefused(await pull(user), ['it is not a directory', 'move that file away']);
    expect(readFileSync(node.authDir, 'utf8')).toBe('precious');
  });
  test('below a file', async () => {
    writeFileSync(node.authDir, 'precious');
    expectRefused(await pull(user, `${node.authDir}/below`), ['not a directory (ENOTDIR)', CREATE]);
  });
  test('writable by others', async () => {
    makeAuthDir(user, 0o777);
    const remedy = `chmod 0700 ${node.authDir}`;
    expectRefused(await pull(user), ['group or others can write it', remedy]);
  });
  test('no absolute path', async () => {
    expectRefused(await pull(user, 'auth'), ['"auth"', 'not an absolute path', 'give --auth-dir']);
  });

  if (user.isRoot && canMount) {
    test('read-only', async () => {
      makeAuthDir(user);
      using _ = mountReadOnly(node.authDir);
      expectRefused(await pull(user), [node.authDir, 'read-only file system (EROFS)', WRITABLE]);
    });
    test('missing on a read-only file system', async () => {
      mkdirSync(`${node.root}/elsewhere`);
      using _ = mountReadOnly(`${node.root}/elsewhere`);
      expectRefused(await pull(user, `${node.root}/elsewhere/auth`), [
        'read-only file system (EROFS)',
        CREATE,
      ]);
    });
  }
  if (!user.isRoot) {
    test('read-only', async () => {
      makeAuthDir(user, 0o500);
      expectRefused(await pull(user), [node.authDir, 'permission denied (EACCES)', WRITABLE]);
    });
    test('missing, and created without any rights by an odd umask', async () => {
      const command = ['sh', '-c', 'umask 777; exec "$0" "$@"', ...user.command];
      const trial = await pull({ ...user, command });
      chmodSync(node.authDir, 0o700);
      const file = `cannot write the auth file "${node.authDir}/default-`;
      expectRefused(trial, [file, 'permission denied (EACCES)', WRITABLE]);
    });
    test('missing where it cannot be created', async () => {
      mkdirSync(`${node.root}/elsewhere`, { mode: 0o500 });
      user.own(`${node.root}/elsewhere`);
      expectRefused(await pull(user, `${node.root}/elsewhere/auth`), [
        'permission denied (EACCES)',
        CREATE,
      ]);
    });
    test('below a directory that is closed to it', async () => {
      mkdirSync(`${node.root}/elsewhere/auth`, { recursive: true });
      chmodSync(`${node.root}/elsewhere`, 0o000);
      user.own(`${node.root}/elsewhere`);
      expectRefused(await pull(user, `${node.root}/elsewhere/auth`), [
        'permission denied (EACCES)',
        CREATE,
      ]);
      chmodSync(`${node.root}/elsewhere`, 0o700);
    });
  }
});

describe.each(runners.users)('as $name, a full disk is refused', (user) => {
  test.skipIf(!canMount)('for real: a file system of one page, filled up', async () => {
    makeAuthDir(user);
    using _ = mountFull(node.authDir, user.uid);
    const trial = await pull(user);
    expectRefused({ ...trial, files: trial.files.filter((name) => name !== '.filler') }, [
      `cannot write the auth file "${node.authDir}/default-`,
      'no space left on device (ENOSPC)',
      WRITABLE,
    ]);
  });

  test('as by a limit on the size of files', async () => {
    makeAuthDir(user);
    // Without the trap, the kernel would end the process before the write could fail.
    const limited = ['sh', '-c', 'trap "" XFSZ; exec prlimit --fsize=20 "$0" "$@"'];
    const trial = await pull({ ...user, command: [...limited, ...user.command] });
    expectRefused(trial, ['cannot write the auth file', 'file too large (EFBIG)', WRITABLE]);
  });
});
