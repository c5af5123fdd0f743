import { afterAll, beforeAll, expect, test } from 'bun:test';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { takeAuthFile } from '../../../src/demo/pull-client.ts';
import { auth, authFileName, requestText, TestNode } from '../../support/node.ts';

const PLUGIN = new URL('../../../build/crio-credential-provider', import.meta.url).pathname;
const NGINX = 'docker.io/library/nginx';
const FILE = authFileName(NGINX, 'default');
const KILLS = 200;

// Large enough to be written in more than one piece, if the plugin did so.
const AUTHS = Object.fromEntries(
  Array.from({ length: 2_000 }, (_, index) => [
    `localhost:5000/library/nginx${'/x'.repeat(index % 7)}`,
    auth(`user-${index}`, 'p'.repeat(200)),
  ]),
);

let node: TestNode;
beforeAll(async () => {
  node = await TestNode.start();
  node.addNamespace('default', { ...AUTHS, 'localhost:5000': auth('u', 'p'.repeat(100_000)) });
});
afterAll(() => node[Symbol.asyncDispose]());

/** Starts a run and ends it with SIGKILL after that many milliseconds; tells whether it was killed. */
async function runUntil(milliseconds: number): Promise<boolean> {
  const child = Bun.spawn([PLUGIN, ...node.flags(), '--publish-wait', '0s'], {
    stdin: Buffer.from(requestText({ image: NGINX, token: node.token('default') })),
    stdout: 'ignore',
    stderr: 'ignore',
    env: { PATH: '/usr/bin:/bin' },
  });
  await Promise.race([child.exited, Bun.sleep(milliseconds)]);
  child.kill('SIGKILL');
  await child.exited;
  return child.signalCode === 'SIGKILL';
}

async function durationOfOneRun(): Promise<number> {
  const started = performance.now();
  await runUntil(60_000);
  return performance.now() - started;
}

/** The complete files' content; fails where one is not. */
function filesForCrio(): unknown[] {
  const names = readdirSync(node.authDir).filter((name) => name.endsWith('.json'));
  return names.map((name) => JSON.parse(readFileSync(`${node.authDir}/${name}`, 'utf8')));
}

test(`killed at ${KILLS} random moments, the plugin leaves no half-written file`, async () => {
  await durationOfOneRun();
  const whole = filesForCrio();
  expect(whole).toHaveLength(1);
  const longest = (await durationOfOneRun()) * 1.2;
  let killed = 0;
  let published = 0;
  for (let run = 0; run < KILLS; run += 1) {
    if (await runUntil(Math.random() * longest)) killed += 1;
    const files = filesForCrio();
    expect(files.every((file) => Bun.deepEquals(file, whole[0]))).toBe(true);
    published += files.length;
    // Every other time CRI-O takes the file, so that both ways of publishing are met.
    if (run % 2 === 0) await takeAuthFile(node.authDir, 'default', NGINX);
    rmSync(`${node.authDir}/in-use`, { recursive: true, force: true });
  }
  // That the moments were spread: some runs were killed, and some files were there.
  expect(killed).toBeGreaterThan(0);
  expect(published).toBeGreaterThan(0);

  // What they left is in nobody's way.
  const { exitCode } = await node.pull(NGINX, 'default', { flags: ['--publish-wait', '0s'] });
  expect(exitCode).toBe(0);
  expect(filesForCrio()).toEqual(whole);
  const names = readdirSync(node.authDir).filter((name) => name !== FILE);
  expect(names.filter((name) => !/^\.auth-[0-9a-f]{32}\.(tmp|stale)$/.test(name))).toEqual([]);
}, 300_000);
