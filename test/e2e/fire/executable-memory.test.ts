import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { rmSync } from 'node:fs';
import { auth, TestNode } from '../../support/node.ts';
import { PASSWORD } from '../../support/secrecy.ts';
import { expectSurvived, tryPull } from '../../support/trial.ts';

const PLUGIN = new URL('../../../build/crio-credential-provider', import.meta.url).pathname;
const NGINX = 'docker.io/library/nginx';

/** prctl(2), PR_SET_MDWE: no memory becomes executable any more, in this process and its children. */
const DENY = `
const { dlopen } = require('bun:ffi');
const int = 'i32', long = 'u64';
const { symbols } = dlopen('libc.so.6', { prctl: { args: [int, long, long, long, long], returns: int } });
if (symbols.prctl(65, 1, 0, 0, 0) !== 0) process.exit(99);
const command = process.argv.slice(1);
if (command.length > 0) process.exit(Bun.spawnSync(command, { stdio: ['inherit', 'inherit', 'inherit'] }).exitCode);
`;
const denied = [process.execPath, '-e', DENY];
const isKnownToKernel = Bun.spawnSync(denied).exitCode === 0;

let node: TestNode;
beforeAll(async () => {
  node = await TestNode.start();
  node.addNamespace('default', { 'localhost:5000': auth('u', PASSWORD) });
});
afterAll(() => node[Symbol.asyncDispose]());
beforeEach(() => rmSync(node.authDir, { recursive: true, force: true }));

async function expectGood(
  command: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  const options = { command, environment: { PATH: '/usr/bin:/bin', ...environment } };
  expectSurvived(await tryPull(node, NGINX, 'default', options));
  expect(Object.keys(node.auths(NGINX, 'default'))).toEqual(['localhost:5000']);
}

describe('the plugin runs', () => {
  test('without compiling anything at run time (BUN_JSC_useJIT=0)', () =>
    expectGood([PLUGIN], { BUN_JSC_useJIT: '0' }));
  // Linux 6.3 and later; what SELinux does to a domain without execmem.
  test.skipIf(!isKnownToKernel)('where the kernel denies it executable memory', () =>
    expectGood([...denied, PLUGIN]),
  );
});
