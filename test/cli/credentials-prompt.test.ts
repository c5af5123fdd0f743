import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { readdirSync, readFileSync } from 'node:fs';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const MAIN = new URL('../../src/bin/main.ts', import.meta.url).pathname;
const PROMPT = 'Password of "u" for a.example: ';

let directory: ReturnType<typeof temporaryDirectory>;
beforeEach(() => {
  directory = temporaryDirectory();
});
afterEach(() => directory[Symbol.dispose]());

/** Runs `pullkey credentials add` on a terminal and types when it asks. */
async function typeAtPrompt(keys: string): Promise<{ exitCode: number; screen: string }> {
  const prompted = Promise.withResolvers<void>();
  let screen = '';
  const decoder = new TextDecoder();
  const add = ['credentials', 'add', 'a.example', '--username', 'u', '--no-encrypt'];
  const child = Bun.spawn([process.execPath, MAIN, ...add, '--credroot', directory.path], {
    terminal: {
      data: (_terminal, bytes) => {
        screen += decoder.decode(bytes, { stream: true });
        if (screen.includes(PROMPT)) prompted.resolve();
      },
    },
  });
  await Promise.race([prompted.promise, child.exited]);
  child.terminal?.write(keys);
  return { exitCode: await child.exited, screen };
}

const storedPassword = (): unknown =>
  JSON.parse(readFileSync(`${directory.path}/a.example.json`, 'utf8')).password;

describe('a password typed at a terminal', () => {
  test('is stored and never shown', async () => {
    const { exitCode, screen } = await typeAtPrompt('Sesame\r');
    expect(exitCode).toBe(0);
    expect(storedPassword()).toBe('Sesame');
    expect(screen).toContain('Stored the credential of "u"');
    expect(screen).not.toContain('Sesame');
    expect(screen).not.toContain('*');
  });

  test('may be corrected', async () => {
    await typeAtPrompt('wronk\u007fg päss\r');
    expect(storedPassword()).toBe('wrong päss');
  });

  test.each([
    ['an empty line', '\r'],
    ['Ctrl-C', 'Ses\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('is missing after %s, and nothing is stored', async (_, keys) => {
    const { exitCode, screen } = await typeAtPrompt(keys);
    expect(exitCode).toBe(1);
    expect(screen).toContain('no password was typed; nothing was changed');
    expect(readdirSync(directory.path)).toEqual([]);
  });
});
