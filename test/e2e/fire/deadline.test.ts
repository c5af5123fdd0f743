import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import * as faults from '../../../src/demo/faults.ts';
import { auth, authFileName, TestNode } from '../../support/node.ts';
import { type PluginUser, pluginUsers } from '../../support/plugin-user.ts';
import { rawApiServer } from '../../support/raw-api-server.ts';
import { PASSWORD } from '../../support/secrecy.ts';
import { expectRefused, expectSurvived, type Trial, tryOut, tryPull } from '../../support/trial.ts';

const NGINX = 'docker.io/library/nginx';
// None of what the plugin waits for here ever comes, so that its end shows that the deadline holds.
const SOON = ['--timeout', '1s'];
// Where something has to happen before it, also on a busy machine.
const LATER = ['--timeout', '3s'];
const runners = pluginUsers();
afterAll(() => runners[Symbol.dispose]());

let node: TestNode;
beforeAll(async () => {
  node = await TestNode.start();
  node.addNamespace('default', { 'localhost:5000': auth('u', PASSWORD) });
});
afterAll(() => node[Symbol.asyncDispose]());
beforeEach(() => rmSync(node.authDir, { recursive: true, force: true }));
afterEach(() => node.server.faults.clear());

function pull(...flags: string[]): Promise<Trial> {
  return tryPull(node, NGINX, 'default', { flags: [...SOON, ...flags] });
}

/** Starts the plugin by a line of shell, in which "$@" is the plugin with its arguments. */
function byShell(
  line: string,
  user: Pick<PluginUser, 'command'>,
  flags: readonly string[] = SOON,
): Promise<Trial> {
  return tryOut(node, '', { command: ['sh', '-c', line, 'sh', ...user.command], flags });
}

describe.each(runners.users)('as $name, standard input', (user) => {
  const SLOW = ['standard input did not end within the 1 s of --timeout', 'as JSON'];

  // Opened for writing too, a pipe never ends; the one of mode 0600 may not be opened anew by everybody.
  test.each(['0600', '0644'])(
    'that never ends meets the deadline (pipe of mode %s)',
    async (mode) => {
      const pipe = `${node.root}/${user.uid}-${mode}.fifo`;
      const line = `mkfifo -m ${mode} ${pipe}; exec 3<> ${pipe}; printf '{' >&3; exec "$@" <&3`;
      expectRefused(await byShell(line, user), SLOW);
    },
  );
  test('that never begins meets the deadline', async () => {
    const pipe = `${node.root}/${user.uid}.fifo`;
    expectRefused(await byShell(`mkfifo ${pipe}; exec "$@" <> ${pipe}`, user), SLOW);
  });
  test('of a socket that nobody writes to meets the deadline', async () => {
    const [program = '', ...rest] = user.command;
    // The runtime's own kind of pipe is a pair of sockets.
    const child = Bun.spawn([program, ...rest, ...SOON], {
      stdin: 'pipe',
      stdout: 'pipe',
      stderr: 'pipe',
      env: { PATH: '/usr/bin:/bin' },
    });
    const stderr = await child.stderr.text();
    expect({ exitCode: await child.exited, stderr }).toEqual({
      exitCode: 1,
      stderr: expect.stringContaining(SLOW[0] ?? ''),
    });
  });
  test('that comes in pieces is read to its end', async () => {
    const request = `{"kind":"CredentialProviderRequest","image":"nginx",`;
    const version = `"apiVersion":"credentialprovider.kubelet.k8s.io/v1"}`;
    const line = `(printf '%s' '${request}'; sleep 0.2; printf '%s' '${version}') | "$@"`;
    expectSurvived(await byShell(line, user, ['--timeout', '50s']));
  });
  test('that is endless is not read for ever', async () =>
    expectRefused(await byShell('"$@" < /dev/zero', user), ['larger than 1 MiB', 'as JSON']));
  test.each(['"$@" <&-', '"$@" < /dev/null'])('that is not there is refused: %s', async (line) =>
    expectRefused(await byShell(line, user), ['on standard input: it is empty', 'as JSON']),
  );
  test('that is a directory is refused', async () =>
    expectRefused(await byShell('"$@" < /', user), [
      'standard input: is a directory (EISDIR)',
      'as JSON',
    ]));
});

describe('the deadline covers', () => {
  const NO_ANSWER = ['did not answer within the 1 s of --timeout', 'check its load'];
  /** A byte now and then, so that neither size nor silence would end it. */
  const trickle: faults.Fault = async () =>
    new Response(
      new ReadableStream({
        async pull(stream) {
          await Bun.sleep(50);
          stream.enqueue(' ');
        },
      }),
    );
  const SLOWNESS: readonly (readonly [string, faults.Fault])[] = [
    ['an answer that comes too late', faults.slow(3_600_000)],
    ['an answer that begins and then stops', faults.stalled],
    ['an answer that trickles without end', trickle],
  ];
  test.each(SLOWNESS)('%s', async (_, fault) => {
    node.server.faults.always(fault);
    expectRefused(await pull(), NO_ANSWER);
  });

  test('an answer without end, by its size', async () => {
    node.server.faults.always(faults.endless);
    expectRefused(await pull('--timeout', '60s'), ['more than 64 MiB', 'pullkey.dev/pull-secrets']);
  }, 120_000);

  test('an answer that is small only as long as it is compressed', async () => {
    const compressed = Bun.gzipSync(Buffer.alloc(256 * 1024 * 1024, ' '), { level: 1 });
    const headers = { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' };
    node.server.faults.always(async () => new Response(compressed, { headers }));
    const words = ['does not answer by HTTP/1.1: it is compressed', 'check that --api-server'];
    expectRefused(await pull('--timeout', '60s'), words);
  }, 120_000);

  test('a server that accepts and says nothing', async () => {
    using silent = Bun.listen({
      hostname: '127.0.0.1',
      port: 0,
      socket: { data: () => undefined },
    });
    expectRefused(await pull('--api-server', `https://127.0.0.1:${silent.port}`), NO_ANSWER);
  });

  const CHUNK = `10000\r\n${' '.repeat(0x10000)}\r\n`;
  const FALSE_LENGTH = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n';

  test('a header without end', async () => {
    using server = await rawApiServer(
      node,
      'HTTP/1.1 200 OK\r\n',
      `X-Filler: ${'x'.repeat(1000)}\r\n`,
    );
    expectRefused(await pull(...server.flags), [`the API server "127.0.0.1:${server.port}"`]);
  });

  test('an answer in chunks without end', async () => {
    using server = await rawApiServer(
      node,
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
      CHUNK,
    );
    expectRefused(await pull(...server.flags, '--timeout', '60s'), ['more than 64 MiB']);
  }, 120_000);

  test('an answer without end that states a small length', async () => {
    using server = await rawApiServer(node, FALSE_LENGTH, CHUNK);
    const words = ['does not answer by HTTP/1.1: it does not say how long it is'];
    expectRefused(await pull(...server.flags, '--timeout', '60s'), words);
  }, 120_000);

  test('an answer that states a length beyond the bound, before reading it', async () => {
    const start = 'HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n';
    using server = await rawApiServer(node, start, '');
    expectRefused(await pull(...server.flags, '--timeout', '60s'), ['more than 64 MiB']);
  });

  test('trying again after 500', async () => {
    node.server.faults.always(faults.status(500));
    const words = ['with 500', "check the API server's health", 'until the end of the 3 s of'];
    expectRefused(await pull(...LATER), words);
    expect(node.server.log.entries.length).toBeGreaterThan(1);
  });

  test('a Retry-After beyond it, without waiting', async () => {
    node.server.faults.always(faults.status(429, 3600));
    expectRefused(await pull('--timeout', '50s'), ['with 429', '(tried 1 times']);
  });

  test('the wait for CRI-O, after which the file is replaced', async () => {
    mkdirSync(node.authDir, { mode: 0o700 });
    const path = `${node.authDir}/${authFileName(NGINX, 'default')}`;
    writeFileSync(path, 'of another pod', { mode: 0o600 });
    // It stays young for as long as the test may take.
    utimesSync(path, Date.now() / 1000 + 600, Date.now() / 1000 + 600);
    expectSurvived(await pull(...LATER, '--publish-wait', '1h'));
    expect(Object.keys(node.auths(NGINX, 'default'))).toEqual(['localhost:5000']);
  });
});
