import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { spawnSync } from 'node:child_process';
import {
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { auth, authFileName, TestNode } from '../../support/node.ts';
import { pluginUsers } from '../../support/plugin-user.ts';
import { PASSWORD } from '../../support/secrecy.ts';
import { expectRefused, expectSurvived, tryPull } from '../../support/trial.ts';

const NGINX = 'docker.io/library/nginx';
const FILE = authFileName(NGINX, 'default');
const DIGEST = FILE.slice('default-'.length);
const TWO_HOURS_AGO = Date.now() / 1000 - 7200;
const runners = pluginUsers();
afterAll(() => runners[Symbol.dispose]());

let node: TestNode;
let elsewhere: string;
beforeAll(async () => {
  node = await TestNode.start();
  node.addNamespace('default', { 'localhost:5000': auth('u', PASSWORD) });
  node.addNamespace('bare', {});
  elsewhere = `${node.root}/elsewhere`;
});
afterAll(() => node[Symbol.asyncDispose]());
beforeEach(() => {
  for (const directory of [node.authDir, elsewhere]) {
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { mode: 0o700 });
  }
});

function leaveOld(path: string, content = 'precious'): void {
  writeFileSync(path, content);
  utimesSync(path, TWO_HOURS_AGO, TWO_HOURS_AGO);
}

/** Everything below a directory with what makes it what it is. */
function treeOf(directory: string): Record<string, unknown> {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  return Object.fromEntries(names.sort().map((name) => [name, portrait(`${directory}/${name}`)]));
}

function portrait(path: string): unknown {
  const { mode, mtimeMs, ino } = lstatSync(path);
  const kind = lstatSync(path);
  if (kind.isSymbolicLink()) return { mode, ino, target: readlinkSync(path) };
  if (kind.isFile()) return { mode, ino, mtimeMs, content: readFileSync(path, 'utf8') };
  return { mode, ino };
}

describe.each(runners.users)('as $name, no link in the auth directory is followed:', (user) => {
  async function pull(namespace = 'default') {
    for (const path of [node.root, node.authDir, elsewhere]) user.own(path);
    return tryPull(node, NGINX, namespace, user);
  }

  test('one in the file’s place is replaced, and its target stays', async () => {
    leaveOld(`${elsewhere}/target`);
    symlinkSync(`${elsewhere}/target`, `${node.authDir}/${FILE}`);
    const before = treeOf(elsewhere);
    expectSurvived(await pull());
    expect(treeOf(elsewhere)).toEqual(before);
    expect(lstatSync(`${node.authDir}/${FILE}`).isFile()).toBe(true);
  });
  test('one to nowhere in the file’s place creates nothing there', async () => {
    symlinkSync(`${elsewhere}/target`, `${node.authDir}/${FILE}`);
    expectSurvived(await pull());
    expect(readdirSync(elsewhere)).toEqual([]);
    expect(lstatSync(`${node.authDir}/${FILE}`).isFile()).toBe(true);
  });
  test('a hard link in the file’s place is replaced, and the other name keeps its content', async () => {
    leaveOld(`${elsewhere}/target`);
    linkSync(`${elsewhere}/target`, `${node.authDir}/${FILE}`);
    expectSurvived(await pull());
    expect(readFileSync(`${elsewhere}/target`, 'utf8')).toBe('precious');
    expect(Object.keys(node.auths(NGINX, 'default'))).toEqual(['localhost:5000']);
  });
  test('a pipe in the file’s place is not read', async () => {
    spawnSync('mkfifo', [`${node.authDir}/${FILE}`]);
    expectSurvived(await pull());
    expect(lstatSync(`${node.authDir}/${FILE}`).isFile()).toBe(true);
  });
  test('a directory in the file’s place is a failure and stays', async () => {
    mkdirSync(`${node.authDir}/${FILE}`);
    const trial = await pull();
    expect(trial.files).toEqual([FILE]);
    expectRefused({ ...trial, files: [] }, [
      'cannot write the auth file',
      FILE,
      'is a directory (EISDIR); make',
    ]);
  });
  test('old ones are not cleaned up, nor what they lead to', async () => {
    leaveOld(`${elsewhere}/target`);
    symlinkSync(`${elsewhere}/target`, `${node.authDir}/link-${DIGEST}`);
    symlinkSync(`${elsewhere}/target`, `${node.authDir}/.auth-00ff.tmp`);
    symlinkSync(elsewhere, `${node.authDir}/dir-${DIGEST}`);
    const before = [treeOf(elsewhere), treeOf(node.authDir)];
    expectSurvived(await pull('bare'));
    expect([treeOf(elsewhere), treeOf(node.authDir)]).toEqual(before);
    expectSurvived(await pull());
    expect(treeOf(elsewhere)).toEqual(before[0] ?? {});
    expect(treeOf(node.authDir)).toMatchObject(before[1] ?? {});
  });
  test('one in the place of a file that is not needed is left alone', async () => {
    leaveOld(`${elsewhere}/target`);
    symlinkSync(`${elsewhere}/target`, `${node.authDir}/${authFileName(NGINX, 'bare')}`);
    const before = [treeOf(elsewhere), treeOf(node.authDir)];
    expectSurvived(await pull('bare'));
    expect([treeOf(elsewhere), treeOf(node.authDir)]).toEqual(before);
  });
});

describe('what is not the plugin’s is not touched:', () => {
  test('in-use/ and foreign files, however old', async () => {
    const inUse = `${node.authDir}/in-use`;
    mkdirSync(inUse, { mode: 0o755 });
    leaveOld(`${inUse}/default-${DIGEST}`);
    leaveOld(`${inUse}/.auth-00ff.tmp`);
    const foreign = [
      'config.json',
      `UPPER-${DIGEST}`,
      `default-${DIGEST}.bak`,
      `default-${DIGEST.replace(/^./, '')}`,
      `${'n'.repeat(64)}-${DIGEST}`,
      '.auth-xyz.tmp',
      '.auth-.tmp',
      'x.auth-00ff.tmp',
      '.auth-00ff.tmp.json',
    ];
    for (const name of foreign) leaveOld(`${node.authDir}/${name}`);
    const before = treeOf(node.authDir);
    expectSurvived(await tryPull(node, NGINX, 'default'));
    const { [FILE]: own, ...rest } = treeOf(node.authDir);
    expect(own).toBeDefined();
    expect(rest).toEqual(before);
  });
  test('in-use, where it is a link', async () => {
    leaveOld(`${elsewhere}/default-${DIGEST}`);
    symlinkSync(elsewhere, `${node.authDir}/in-use`);
    const before = treeOf(elsewhere);
    expectSurvived(await tryPull(node, NGINX, 'default'));
    expect(treeOf(elsewhere)).toEqual(before);
  });
  test('anything at all with --stale-after 0s', async () => {
    leaveOld(`${node.authDir}/other-${DIGEST}`);
    const before = treeOf(node.authDir);
    expectSurvived(await tryPull(node, NGINX, 'default', { flags: ['--stale-after', '0s'] }));
    expect(treeOf(node.authDir)).toMatchObject(before);
  });
});
