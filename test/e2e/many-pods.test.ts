import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { readFileSync, rmSync } from 'node:fs';
import { takeAuthFile } from '../../src/demo/pull-client.ts';
import { auth, authFileName, TestNode } from '../support/node.ts';

const NGINX = 'docker.io/library/nginx';
const FILE = authFileName(NGINX, 'default');
const CONTENT = { auths: { 'localhost:5000': auth('myuser', 'mypassword') } };
const PODS = Array.from({ length: 10 }, (_, index) => index);

let node: TestNode;

beforeAll(async () => {
  node = await TestNode.start();
  node.addNamespace('default', { 'localhost:5000': auth('myuser', 'mypassword') });
});
afterAll(() => node[Symbol.asyncDispose]());
beforeEach(() => rmSync(node.authDir, { recursive: true, force: true }));

/** One pod's pull: the kubelet runs the plugin, then CRI-O takes the file. */
async function pullOnce(): Promise<unknown> {
  const { exitCode, stderr } = await node.pull(NGINX, 'default', {
    flags: ['--publish-wait', '30s'],
  });
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  return take();
}

async function take(): Promise<unknown> {
  const taken = await takeAuthFile(node.authDir, 'default', NGINX);
  return taken === undefined ? 'no file' : JSON.parse(readFileSync(taken, 'utf8'));
}

describe('ten pods of one image in one namespace', () => {
  test('pulled in parallel each find a complete file', async () => {
    const takes = await Promise.all(PODS.map(pullOnce));
    expect(takes).toEqual(PODS.map(() => CONTENT));
    expect(node.authFiles()).toEqual(['in-use']);
  }, 120_000);

  test('pulled one after the other each find a complete file', async () => {
    // The kubelet's serial puller: all are asked for at once, and queued in the order of their answers.
    let queue: Promise<unknown[]> = Promise.resolve([]);
    await Promise.all(
      PODS.map(async () => {
        await node.pull(NGINX, 'default', { flags: ['--publish-wait', '30s'] });
        queue = queue.then(async (takes) => [...takes, await take()]);
      }),
    );
    expect(await queue).toEqual(PODS.map(() => CONTENT));
  }, 120_000);

  test('of which nobody takes a file all come back without waiting for each other', async () => {
    const results = await Promise.all(
      PODS.map(async () => {
        const started = performance.now();
        const { exitCode } = await node.pull(NGINX, 'default');
        return { exitCode, seconds: (performance.now() - started) / 1000 };
      }),
    );
    expect(results.map((one) => one.exitCode)).toEqual(PODS.map(() => 0));
    // The first file is 2 s old at the end of the wait; the bound of 3 s leaves room for start-up.
    expect(Math.max(...results.map((one) => one.seconds))).toBeLessThan(3);
    expect(node.authFiles()).toEqual([FILE]);
  }, 120_000);
});

test('the second image of a pod gets its file too', async () => {
  for (const image of [NGINX, 'docker.io/library/redis']) {
    const { exitCode, stdout } = await node.pull(image, 'default');
    expect(exitCode).toBe(0);
    // The kubelet keeps an answer of 0s for nobody, and this key for no other image.
    expect(JSON.parse(stdout)).toMatchObject({ cacheKeyType: 'Image', cacheDuration: '0s' });
    expect(node.auths(image, 'default')).toEqual(CONTENT.auths);
  }
});
