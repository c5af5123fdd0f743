import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { takeAuthFile } from '../../../src/demo/pull-client.ts';
import { auth, authFileName, TestNode } from '../../support/node.ts';

const IMAGES = ['nginx', 'redis', 'postgres', 'httpd'].map((name) => `docker.io/library/${name}`);
const ROUNDS = 25;
const CONTENT = { auths: { 'localhost:5000': auth('u', 'p') } };

let node: TestNode;
beforeAll(async () => {
  node = await TestNode.start();
  node.addNamespace('default', { 'localhost:5000': auth('u', 'p') });
  mkdirSync(node.authDir, { mode: 0o700 });
});
afterAll(() => node[Symbol.asyncDispose]());

/** What an earlier day left: of these very images, of others, and of killed runs. */
function leaveStaleFiles(): void {
  const twoHoursAgo = Date.now() / 1000 - 7200;
  const others = Array.from({ length: 20 }, (_, index) => authFileName(`old-${index}`, 'default'));
  const own = IMAGES.map((image) => authFileName(image, 'default'));
  for (const name of [...own, ...others, '.auth-00ff.tmp']) {
    writeFileSync(`${node.authDir}/${name}`, '{"auths":{}}', { mode: 0o600 });
    utimesSync(`${node.authDir}/${name}`, twoHoursAgo, twoHoursAgo);
  }
}

/** The kubelet runs the plugin, then CRI-O takes the file and pulls with it. */
async function pullOnce(image: string): Promise<unknown> {
  const { exitCode } = await node.pull(image, 'default', { flags: ['--publish-wait', '30s'] });
  if (exitCode !== 0) return `exit code ${exitCode}`;
  const taken = await takeAuthFile(node.authDir, 'default', image);
  return taken === undefined ? 'no file' : JSON.parse(readFileSync(taken, 'utf8'));
}

test('CRI-O gets every file while several runs clean up at once', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    leaveStaleFiles();
    const taken = await Promise.all(IMAGES.map(pullOnce));
    expect(taken).toEqual(IMAGES.map(() => CONTENT));
    expect(readdirSync(node.authDir)).toEqual(['in-use']);
  }
  expect(readdirSync(`${node.authDir}/in-use`)).toHaveLength(ROUNDS * IMAGES.length);
}, 300_000);
