import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { rmSync, statSync } from 'node:fs';
import { canMount } from '../../support/mounts.ts';
import {
  auth,
  authFileName,
  type PluginResult,
  requestText,
  TestNode,
} from '../../support/node.ts';
import { type PluginUser, pluginUsers } from '../../support/plugin-user.ts';
import { PASSWORD } from '../../support/secrecy.ts';
import { expectRefused, expectSurvived, type Trial, tryPull } from '../../support/trial.ts';

const NGINX = 'docker.io/library/nginx';
const FILE = authFileName(NGINX, 'default');
const runners = pluginUsers();
afterAll(() => runners[Symbol.dispose]());

let node: TestNode;
beforeAll(async () => {
  node = await TestNode.start();
  node.addNamespace('default', { 'localhost:5000': auth('u', PASSWORD) });
});
afterAll(() => node[Symbol.asyncDispose]());
beforeEach(() => rmSync(node.authDir, { recursive: true, force: true }));

/** Starts the plugin by a line of shell, in which "$@" is the plugin with its arguments. */
function byShell(line: string, user: PluginUser): Trial | Promise<Trial> {
  user.own(node.root);
  return tryPull(node, NGINX, 'default', { command: ['sh', '-c', line, 'sh', ...user.command] });
}

function expectFile(): void {
  expect(node.auths(NGINX, 'default')).toEqual({ 'localhost:5000': auth('u', PASSWORD) });
}

/** Mounts something over directories first, which nobody else sees. */
function inNamespace(...mounts: readonly string[]): string {
  const line = mounts.map((directory) => `mount -t tmpfs none ${directory}`).join(' && ');
  return `exec unshare -m --propagation private sh -c '${line} && exec "$@"' sh "$@"`;
}

describe.each(runners.users)('as $name, the plugin runs', (user) => {
  const LINES: readonly (readonly [string, string])[] = [
    ['with 16 file descriptors', 'ulimit -n 16; exec "$@"'],
    ['with a stack of 1 MiB', 'ulimit -s 1024; exec "$@"'],
    ['with 2 GB of address space', 'ulimit -v 2000000; exec "$@"'],
    ['without locked memory', 'ulimit -l 0; exec "$@"'],
  ];
  test.each(LINES)('%s', async (_, line) => {
    expectSurvived(await byShell(line, user));
    expectFile();
  });
  test.each(['0', '777'].slice(0, user.isRoot ? 2 : 1))(
    'with umask %s, and the file is its owner’s alone',
    async (mask) => {
      expectSurvived(await byShell(`umask ${mask}; exec "$@"`, user));
      expectFile();
      const modes = [node.authDir, `${node.authDir}/${FILE}`].map((path) => statSync(path).mode);
      expect(modes.map((mode) => mode & 0o077)).toEqual([0, 0]);
    },
  );

  // Mounting takes root, who then starts the plugin as the other user.
  const BARE = [['/etc'], ['/dev'], ['/sys', '/run', '/var']];
  test.skipIf(!canMount).each(BARE.map((one) => [one.join(', '), one] as const))(
    'where there is nothing in %s',
    async (_, mounts) => {
      expectSurvived(await byShell(inNamespace(...mounts), user));
      expectFile();
    },
  );
  test.skipIf(!canMount)('where there is no network, and says so', async () => {
    const line = 'exec unshare -n "$@" --timeout 2s';
    expectRefused(await byShell(line, user), ['cannot reach the API server', 'check that it runs']);
  });
  test.each([5, 6, 7, 8, 9, 10])('or fails cleanly with %d file descriptors', async (number) => {
    const { exitCode, stdout, stderr } = await runOut(`ulimit -n ${number}; exec "$@"`, user);
    if (exitCode === 0) return expectFile();
    expect([stdout, node.authFiles()]).toEqual(['', []]);
    expect(stderr).toMatch(/too many open files \(EMFILE\); |ran out of file descriptors/);
  });
});

/** The same, where not every line of what is printed is one of the log. */
async function runOut(line: string, user: PluginUser): Promise<PluginResult> {
  user.own(node.root);
  const request = requestText({ image: NGINX, token: node.token('default') });
  const result = await node.run(request, { command: ['sh', '-c', line, 'sh', ...user.command] });
  expect(result.stderr).not.toMatch(new RegExp(`${PASSWORD}|eyJ[\\w-]{6}|Bearer`));
  return result;
}

describe.each(runners.users)(
  'as $name, where the runtime itself gives up, no secret gets out:',
  (user) => {
    const LINES: readonly (readonly [string, string])[] = [
      ['4 file descriptors', 'ulimit -n 4; exec "$@"'],
      ['200 MB of address space', 'ulimit -v 200000; exec "$@"'],
      ['a working directory that is gone', 'd=$(mktemp -d); cd $d; rmdir $d; exec "$@"'],
      ...(canMount ? ([['no /proc', inNamespace('/proc')]] as const) : []),
    ];
    test.each(LINES)('%s', async (_, line) => {
      const { exitCode, stdout, stderr } = await runOut(`ulimit -c 0; ${line}`, user);
      expect(exitCode).not.toBe(0);
      expect([stdout, node.authFiles()]).toEqual(['', []]);
      expect(stderr).not.toBe('');
    });
  },
);
