import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { auth, authFileName, TestNode } from '../../support/node.ts';
import { PASSWORD } from '../../support/secrecy.ts';
import { expectRefused, expectSurvived, type Trial, tryPull } from '../../support/trial.ts';

const NGINX = 'docker.io/library/nginx';
const FILE = authFileName(NGINX, 'default');
const LATER = Date.now() / 1000 + 600;

let node: TestNode;
let elsewhere: string;
let aside: string;
beforeAll(async () => {
  node = await TestNode.start();
  node.addNamespace('default', { 'localhost:5000': auth('u', PASSWORD) });
  elsewhere = `${node.root}/elsewhere`;
  aside = `${node.root}/aside`;
});
afterAll(() => node[Symbol.asyncDispose]());
beforeEach(() => {
  for (const path of [node.authDir, elsewhere, aside]) {
    rmSync(path, { recursive: true, force: true });
  }
  mkdirSync(node.authDir, { mode: 0o700 });
  mkdirSync(elsewhere, { mode: 0o700 });
});

/** Does something while the plugin waits for CRI-O to take another pod's file. */
async function whileWaiting(step: () => void): Promise<Trial> {
  const waiting = `${node.authDir}/${FILE}`;
  writeFileSync(waiting, 'of another pod', { mode: 0o600 });
  utimesSync(waiting, LATER, LATER);
  const trial = tryPull(node, NGINX, 'default', {
    flags: ['--publish-wait', '1h', '--timeout', '20s'],
  });
  while (!readdirSync(node.authDir).some((name) => name.endsWith('.tmp'))) await Bun.sleep(5);
  step();
  return trial;
}

const LOST = [`cannot write the auth file "`, 'make its directory writable'];

describe('an auth directory that is replaced while the plugin waits gets no file, where it is', () => {
  test('gone', async () => {
    const trial = await whileWaiting(() => rmSync(node.authDir, { recursive: true }));
    expectRefused(trial, [...LOST, 'no such file or directory (ENOENT)']);
  });
  test('a new one', async () => {
    const trial = await whileWaiting(() => {
      renameSync(node.authDir, aside);
      mkdirSync(node.authDir);
    });
    expectRefused(trial, [...LOST, FILE, 'no such file or directory (ENOENT)']);
  });
  test('a link to elsewhere, where nothing is written either', async () => {
    const trial = await whileWaiting(() => {
      renameSync(node.authDir, aside);
      symlinkSync(elsewhere, node.authDir);
    });
    expectRefused(trial, [...LOST, FILE]);
    expect(readdirSync(elsewhere)).toEqual([]);
  });
  test('a file, which stays', async () => {
    const trial = await whileWaiting(() => {
      renameSync(node.authDir, aside);
      writeFileSync(node.authDir, 'precious');
    });
    expectRefused(trial, [...LOST, FILE, 'not a directory (ENOTDIR)']);
    expect(readFileSync(node.authDir, 'utf8')).toBe('precious');
  });
});

describe('a file that is waited for may', () => {
  test('be taken at last', async () => {
    expectSurvived(await whileWaiting(() => rmSync(`${node.authDir}/${FILE}`)));
    expect(Object.keys(node.auths(NGINX, 'default'))).toEqual(['localhost:5000']);
  });
  test('become a link, which is replaced and not followed', async () => {
    const trial = await whileWaiting(() => {
      rmSync(`${node.authDir}/${FILE}`);
      writeFileSync(`${elsewhere}/target`, 'precious');
      symlinkSync(`${elsewhere}/target`, `${node.authDir}/${FILE}`);
    });
    expectSurvived(trial);
    expect(readFileSync(`${elsewhere}/target`, 'utf8')).toBe('precious');
    expect(Object.keys(node.auths(NGINX, 'default'))).toEqual(['localhost:5000']);
  });
  test('become a directory, which stays', async () => {
    const trial = await whileWaiting(() => {
      rmSync(`${node.authDir}/${FILE}`);
      mkdirSync(`${node.authDir}/${FILE}`);
    });
    expect(trial.files).toEqual([FILE]);
    expectRefused({ ...trial, files: [] }, [...LOST, FILE, 'is a directory (EISDIR)']);
  });
});
