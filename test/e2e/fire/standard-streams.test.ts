import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import {
  auth,
  authFileName,
  type PluginResult,
  pullSecret,
  requestText,
  TestNode,
} from '../../support/node.ts';
import { pluginUsers } from '../../support/plugin-user.ts';
import { expectNoSecrets, PASSWORD } from '../../support/secrecy.ts';

const NGINX = 'docker.io/library/nginx';
const FILE = authFileName(NGINX, 'default');
const MANY_SECRETS = 400;
const runners = pluginUsers();
afterAll(() => runners[Symbol.dispose]());

let node: TestNode;
beforeAll(async () => {
  node = await TestNode.start();
  node.addNamespace('default', { 'localhost:5000': auth('u', PASSWORD) });
  node.addNamespace('crowded', { 'localhost:5000': auth('u', PASSWORD) });
  for (let index = 0; index < MANY_SECRETS; index += 1) {
    const key = `${'x'.repeat(200)}-${index}.example`;
    node.server.apply(pullSecret('crowded', `secret-${index}`, { [key]: auth('u', PASSWORD) }));
  }
});
afterAll(() => node[Symbol.asyncDispose]());
beforeEach(() => rmSync(node.authDir, { recursive: true, force: true }));

describe.each(runners.users)('as $name,', (user) => {
  /** Runs the plugin by a line of shell: "$@" is the plugin, $P a name that is free. */
  async function run(line: string, ...flags: string[]): Promise<PluginResult> {
    return runFor('default', line, ...flags);
  }
  async function runFor(namespace: string, line: string, ...flags: string[]) {
    user.own(node.root);
    const environment = { PATH: '/usr/bin:/bin', P: `${node.root}/${crypto.randomUUID()}.pipe` };
    const command = ['sh', '-c', line, 'sh', ...user.command];
    const request = requestText({ image: NGINX, token: node.token(namespace) });
    const result = await node.run(request, { command, environment, flags });
    expectNoSecrets(result);
    return result;
  }

  // Open for reading too, so that it has a reader who never reads.
  const FULL =
    'mkfifo -m 600 $P; exec 3<>$P; dd if=/dev/zero of=/proc/self/fd/3 oflag=nonblock bs=65536 count=1 2>/dev/null;';
  const LOST = 'mkfifo -m 600 $P; exec 3<>$P; exec 4>$P; exec 3<&-;';

  describe('an answer that nobody takes fails, and its auth file goes again:', () => {
    const CASES: readonly (readonly [string, string, string])[] = [
      ['standard output on a full disk', '"$@" >/dev/full', 'no space left on device (ENOSPC)'],
      ['a reader that is gone', `${LOST} "$@" >&4`, 'nobody reads it (EPIPE)'],
      [
        'a reader that never reads',
        `${FULL} "$@" >$P`,
        'nobody read it within the 3 s of --timeout',
      ],
    ];
    test.each(CASES)('%s', async (_, line, reason) => {
      const { exitCode, stderr } = await run(line, '--timeout', '3s');
      const lines = stderr.trimEnd().split('\n');
      expect(lines.at(-1)).toBe(
        `Failed to run credential provider: cannot write the answer to standard output: ${reason}; ` +
          'see that whoever started this reads it, and that the disk is not full',
      );
      expect(lines.at(-2)).toBe(`Removed auth file ${node.authDir}/${FILE} again`);
      expect([exitCode, node.authFiles()]).toEqual([1, []]);
    });
    test('but not one of another pod, that is the same', async () => {
      mkdirSync(node.authDir, { mode: 0o700 });
      user.own(node.authDir);
      await run('"$@"');
      const tenSecondsAgo = Date.now() / 1000 - 10;
      utimesSync(`${node.authDir}/${FILE}`, tenSecondsAgo, tenSecondsAgo);
      const { exitCode, stderr } = await run('"$@" >/dev/full');
      expect([exitCode, node.authFiles()]).toEqual([1, [FILE]]);
      expect(stderr).not.toContain('again');
    });
  });

  describe('a log that nobody takes holds nothing up:', () => {
    const CASES: readonly (readonly [string, string])[] = [
      ['a reader that never reads', `${FULL} "$@" 2>$P`],
      ['a reader that is gone', `${LOST} "$@" 2>&4`],
    ];
    test.each(CASES)('%s', async (_, line) => {
      const { exitCode, stdout } = await run(line, '--timeout', '3s');
      expect(exitCode).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ kind: 'CredentialProviderResponse' });
      expect(node.authFiles()).toEqual([FILE]);
    });
    test('the answer is there at once', async () => {
      // The deadline is beyond the test's own.
      const line = `${FULL} exec 5<&0; "$@" <&5 2>$P >$P.answer & until grep -q Response $P.answer; do sleep 0.1; done; kill $!`;
      const { exitCode } = await run(line, '--timeout', '5m');
      expect([exitCode, node.authFiles()]).toEqual([0, [FILE]]);
    });
    test('a refusal’s, and its exit code is 1', async () => {
      writeFileSync(node.globalAuthFile, PASSWORD);
      const { exitCode, stdout } = await run(`${FULL} "$@" 2>$P`, '--timeout', '3s');
      rmSync(node.globalAuthFile);
      expect([exitCode, stdout, node.authFiles()]).toEqual([1, '', []]);
    });
  });

  describe('a log is whole, however slowly it is read:', () => {
    const SLOW =
      'mkfifo -m 600 $P; { sleep 1; while head -c 4096 | grep ""; do sleep 0.01; done; } <$P & "$@" >/dev/null 2>$P; wait';

    test('more than a pipe holds', async () => {
      const flags = ['--log-level', 'debug', '--timeout', '55s'];
      const { stderr } = await runFor('crowded', '"$@"', ...flags);
      rmSync(node.authDir, { recursive: true });
      expect(stderr.length).toBeGreaterThan(2 * 65_536);
      const { stdout } = await runFor('crowded', SLOW, ...flags);
      expect(stdout.replaceAll('\n', '')).toBe(stderr.replaceAll('\n', ''));
    }, 120_000);
  });
});
