import { afterAll, beforeAll, describe, expect } from 'bun:test';
import { GENERIC_PLUGIN, TestStore } from '../support/credential-store.ts';
import { Journald, journaldTest } from '../support/journald.ts';
import { PASSWORD } from '../support/secrecy.ts';

let store: TestStore;
let journald: Journald | undefined;
beforeAll(() => {
  store = new TestStore();
  store.write('some.example.org.json', { username: 'u', password: PASSWORD });
});
afterAll(async () => {
  store[Symbol.dispose]();
  await journald?.[Symbol.asyncDispose]();
});

/** Priorities and sentences that the journal got, and what standard error got. */
async function logOf(image: string, expected: number, ...flags: string[]) {
  journald ??= await Journald.start();
  const command = [...journald.inside, GENERIC_PLUGIN, '-c', store.root, ...flags];
  const child = Bun.spawn(command, {
    stdin: Buffer.from(JSON.stringify({ image })),
    stdout: 'pipe',
    stderr: 'pipe',
    env: { PATH: '/usr/bin:/bin' },
  });
  const [stderr] = await Promise.all([child.stderr.text(), child.stdout.text(), child.exited]);
  const entries = await journald.entries(child.pid, expected, 'generic-credential-provider');
  return { stderr, journal: entries.map(({ PRIORITY, MESSAGE }) => `<${PRIORITY}>${MESSAGE}`) };
}

describe('the journal of systemd', () => {
  journaldTest('says that a pull got its credential, as the original', async () => {
    expect(await logOf('some.example.org:12345/someuser/someimage', 1)).toEqual({
      stderr: '',
      journal: ['<6>Credential request fulfilled for some.example.org'],
    });
  });

  journaldTest('says that a pull got none, as the original, and why', async () => {
    const { journal } = await logOf('failure.example.net/app', 2);
    expect(journal).toEqual([
      '<3>Failed to fulfill credential request for failure.example.net',
      '<3>Error running credential provider plugin: failure.example.net is an unknown source',
    ]);
  });

  journaldTest('never gets a password', async () => {
    const { journal } = await logOf('some.example.org/app', 5, '--debug');
    expect(journal).toHaveLength(5);
    expect(journal.join('\n')).not.toContain(PASSWORD);
  });

  journaldTest('gets one line of an image that would make two', async () => {
    const { journal } = await logOf('a.example/b\n<0>forged', 1);
    expect(journal).toHaveLength(1);
    expect(journal[0]).toContain('image reference "a.example/b\\n<0>forged": ');
  });
});
