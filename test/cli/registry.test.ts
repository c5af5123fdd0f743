import { afterAll, describe, expect, test } from 'bun:test';
import { run } from '../support/real.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const MAIN = new URL('../../src/bin/main.ts', import.meta.url).pathname;
const COMMAND = [process.execPath, MAIN, 'registry'];
const scratch = temporaryDirectory();
afterAll(() => scratch[Symbol.dispose]());

/** A running `pullkey registry` on a free port, and what it said when it was ready. */
interface Running {
  readonly url: string;
  readonly said: string;
  /** Ends it by a signal; gives the exit code and the whole standard output. */
  readonly end: (signal: 'SIGINT' | 'SIGTERM') => Promise<[number, string]>;
}

async function start(...flags: string[]): Promise<Running> {
  const child = Bun.spawn([...COMMAND, '--port', '0', ...flags], {
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const said = await firstText(child.stderr);
  const [url = ''] = /http:\S+/.exec(said) ?? [];
  return {
    url,
    said,
    async end(signal) {
      child.kill(signal);
      return [await child.exited, await child.stdout.text()];
    },
  };
}

/** All of it comes in one piece; the stream stays open, for a closed one would fail the next write. */
async function firstText(stream: ReadableStream<Uint8Array>): Promise<string> {
  const { value } = await stream.getReader().read();
  return Buffer.from(value ?? []).toString();
}

function get(url: string, user: string): Promise<Response> {
  return fetch(url, { headers: { Authorization: `Basic ${btoa(user)}`, 'User-Agent': 'test' } });
}

describe('pullkey registry', () => {
  test('serves its image to its user, logs each access, and ends with SIGTERM', async () => {
    const running = await start();
    const [, password] = /user myuser, password (\S+)/.exec(running.said) ?? [];
    const manifest = `${running.url}/v2/library/nginx/manifests/latest`;
    expect((await get(manifest, `myuser:${password}`)).status).toBe(200);
    expect((await get(manifest, 'myuser:wrong')).status).toBe(401);
    const [code, log] = await running.end('SIGTERM');
    expect(code).toBe(0);
    const path = 'GET /v2/library/nginx/manifests/latest HTTP/1\\.1';
    expect(log).toMatch(
      new RegExp(
        `^127\\.0\\.0\\.1 - myuser \\[.+\\] "${path}" 200 \\d+ "" "test"\n` +
          `127\\.0\\.0\\.1 - - \\[.+\\] "${path}" 401 \\d+ "" "test"\n$`,
      ),
    );
    expect(running.said).toContain(`Holds ${running.url.slice(7)}/library/nginx:latest\n`);
  });

  test('takes password, user and images from its flags, and ends with SIGINT', async () => {
    const passwordFile = `${scratch.path}/password`;
    await Bun.write(passwordFile, 'my password\n');
    const flags = ['--user', 'me', '--password-file', passwordFile];
    const running = await start(...flags, '--seed', 'quay.io/team/app:v1', '--seed', 'busybox');
    expect(running.said).not.toContain('my password');
    const tags = (repository: string): Promise<Response> =>
      get(`${running.url}/v2/${repository}/tags/list`, 'me:my password');
    expect(await (await tags('team/app')).json()).toEqual({ name: 'team/app', tags: ['v1'] });
    expect((await tags('library/busybox')).status).toBe(200);
    expect((await tags('library/nginx')).status).toBe(404);
    expect((await running.end('SIGINT'))[0]).toBe(0);
  });

  const refused: [string, string[], number, string][] = [
    ['a port that is none', ['--port', '65536'], 2, 'Expected a number from 0 to 65535.'],
    ['a user with a colon', ['--user', 'a:b'], 2, '--user "a:b": expected a name without a colon'],
    ['an image that is none', ['--seed', 'A'], 2, '--seed: image reference "A"'],
    [
      'a missing password file',
      ['--password-file', '/no/file'],
      1,
      '"/no/file": no such file or directory (ENOENT); give --password-file',
    ],
    ['an empty password file', ['--password-file', '/dev/null'], 1, '"/dev/null" is empty'],
    ['an address of nobody', ['--host', '192.0.2.1'], 1, 'choose another address with --host'],
  ];
  test.each(refused)('refuses %s', async (_, flags, code, message) => {
    const result = await run([...COMMAND, ...flags], { home: scratch.path });
    expect(result).toMatchObject({ code, stdout: '' });
    expect(result.stderr).toContain(message);
  });

  test('says so where its port is taken', async () => {
    const running = await start();
    const { port } = new URL(running.url);
    const second = await run([...COMMAND, '--port', port], { home: scratch.path });
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(
      `cannot listen on 127.0.0.1 port ${port}: address already in use (EADDRINUSE); choose`,
    );
    await running.end('SIGTERM');
  });
});
