import { afterAll, beforeAll, expect, test } from 'bun:test';
import { auth, requestText, TestNode } from '../support/node.ts';
import { PASSWORD } from '../support/secrecy.ts';

const PROGRAM = new URL('../support/first-uses.ts', import.meta.url).pathname;
const NGINX = 'docker.io/library/nginx';

let node: TestNode;
beforeAll(async () => {
  node = await TestNode.start();
  node.addNamespace('default', { 'localhost:5000': auth('u', PASSWORD) });
});
afterAll(() => node[Symbol.asyncDispose]());

test('a pull of the usual kind uses nothing that is slow to use for the first time', async () => {
  const request = requestText({ image: NGINX, token: node.token('default') });
  const result = await node.run(request, { command: [process.execPath, PROGRAM] });
  const uses = result.stderr.trimEnd().split('\n').at(-1) ?? '';
  expect(result.exitCode).toBe(0);
  expect(JSON.parse(uses)).toEqual([]);
});
