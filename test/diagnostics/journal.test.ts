import { afterAll, describe, expect, test } from 'bun:test';
import { Journal } from '../../src/diagnostics/journal.ts';
import type { LogLine } from '../../src/diagnostics/log.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const HEADER = 'plugin\n\n6\n1\n0\n0\n0\n';
// So long that only an end of its own can come before a test's.
const FOR_EVER = 3_600_000;
const MANY: readonly LogLine[] = Array.from({ length: 5_000 }, (_, index) => ({
  level: 'info',
  text: `line ${index} ${'x'.repeat(200)}`,
}));

const stack = new DisposableStack();
afterAll(() => stack.dispose());

/** A socket in the journal's place, and what it has read. */
function listen(handlers: Partial<Bun.SocketHandler<undefined>>): string {
  const directory = stack.use(temporaryDirectory());
  const path = `${directory.path}/stdout`;
  const listener = Bun.listen({ unix: path, socket: { data: () => undefined, ...handlers } });
  stack.defer(() => listener.stop(true));
  return path;
}

function reader(): { readonly path: string; readonly text: () => string } {
  const chunks: Buffer[] = [];
  const path = listen({ data: (_, bytes) => void chunks.push(Buffer.from(bytes)) });
  return { path, text: () => Buffer.concat(chunks).toString() };
}

/** Waits until a text has arrived as a whole; the test's own timeout ends a wait in vain. */
async function arrived(text: () => string, length: number): Promise<string> {
  while (text().length < length) await Bun.sleep(5);
  return text();
}

describe('the journal stream', () => {
  test('begins with the header of sd_journal_stream_fd(3), then a line each with its priority', async () => {
    const { path, text } = reader();
    const journal = new Journal('plugin', { socketPath: path, longestFlush: FOR_EVER });
    journal.sink([
      { level: 'error', text: 'e' },
      { level: 'warn', text: 'w' },
    ]);
    journal.sink([]);
    journal.sink([
      { level: 'info', text: 'i' },
      { level: 'debug', text: 'ü' },
    ]);
    await journal.flush();
    const expected = `${HEADER}<3>e\n<4>w\n<6>i\n<7>ü\n`;
    expect(await arrived(text, expected.length)).toBe(expected);
  });

  test('hands over all of a large log before the flush ends', async () => {
    const { path, text } = reader();
    const journal = new Journal('plugin', { socketPath: path, longestFlush: FOR_EVER });
    for (const line of MANY) journal.sink([line]);
    await journal.flush();
    const expected = HEADER + MANY.map((line) => `<6>${line.text}\n`).join('');
    expect(await arrived(text, expected.length)).toBe(expected);
  });

  test('goes on where the journal shuts its writing side, as journald does', async () => {
    let text = '';
    const path = listen({
      open: (socket) => void socket.shutdown(),
      data: (_, bytes) => {
        text += bytes.toString();
      },
    });
    const journal = new Journal('plugin', { socketPath: path, longestFlush: FOR_EVER });
    await Bun.sleep(50);
    journal.sink([{ level: 'info', text: 'later' }]);
    await journal.flush();
    expect(await arrived(() => text, HEADER.length + 9)).toBe(`${HEADER}<6>later\n`);
  });
});

describe('nothing waits for a journal that', () => {
  test('is not there', async () => {
    const journal = new Journal('plugin', { socketPath: '/nonexistent', longestFlush: FOR_EVER });
    journal.sink(MANY);
    expect(await journal.flush()).toBeUndefined();
    journal.sink(MANY);
    expect(await journal.flush()).toBeUndefined();
  });
  test('is a file', async () => {
    const path = new URL(import.meta.url).pathname;
    const journal = new Journal('plugin', { socketPath: path, longestFlush: FOR_EVER });
    expect(await journal.flush()).toBeUndefined();
  });
  test('ends the connection at once', async () => {
    const path = listen({ open: (socket) => void socket.terminate() });
    const journal = new Journal('plugin', { socketPath: path, longestFlush: FOR_EVER });
    journal.sink(MANY);
    expect(await journal.flush()).toBeUndefined();
  });
  test('does not read, beyond the time that is set', async () => {
    const path = listen({ open: (socket) => void socket.pause() });
    const journal = new Journal('plugin', { socketPath: path, longestFlush: 20 });
    journal.sink(MANY);
    expect(await journal.flush()).toBeUndefined();
  });
});
