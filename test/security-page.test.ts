import { expect, test } from 'bun:test';
import { mirrorOptions } from '../src/providers/mirror-options.ts';

const ROOT = new URL('../', import.meta.url);
const text = (path: string) => Bun.file(new URL(path, ROOT)).text();

/** A bound as the source sets it, and as docs/security.md tells it. */
const BOUNDS: readonly (readonly [file: string, source: string, page: string])[] = [
  ['kubelet/request.ts', 'LARGEST_REQUEST = 1024 * 1024', '| the request | 1 MiB |'],
  ['kubernetes/client.ts', 'LARGEST_ANSWERS = 64 * 1024 * 1024', 'unpacked | 64 MiB |'],
  ['kubernetes/http-answer.ts', 'LONGEST_HEAD = 64 * 1024', 'between its chunks | 64 KiB |'],
  ['kubernetes/http-answer.ts', 'MOST_FRAMING = 1024 * 1024', 'one answer together | 1 MiB |'],
  ['kubernetes/client.ts', 'FIRST_PAUSE_MS = 100', '0.1 to 5 s with jitter'],
  ['kubernetes/client.ts', 'LONGEST_PAUSE_MS = 5_000', '0.1 to 5 s with jitter'],
  ['kubernetes/client.ts', '[429, 500, 502, 503, 504]', 'after 429, 500, 502, 503, 504'],
  ['kubernetes/secrets.ts', 'PAGE_SIZE = 500', '200 pages of 500'],
  ['kubernetes/secrets.ts', 'MOST_PAGES = 200', '200 pages of 500'],
  ['kubernetes/secrets.ts', 'MOST_NAMES = 32', '| Secrets by name | 32 |'],
  ['credentials/pull-secret.ts', 'MOST_ENTRIES = 10_000', '| entries of one Secret | 10,000 |'],
  ['registries/load.ts', 'MOST_REGISTRIES = 100_000', 'drop-ins | 100,000 |'],
  ['diagnostics/read-file.ts', 'LARGEST_FILE = 16 * MIB', 'or `/dev/null` | 16 MiB each |'],
  ['diagnostics/journal.ts', 'LONGEST_FLUSH_MS = 500', 'does not read | 0.5 s |'],
  ['providers/plugin-program.ts', 'LONGEST_FLUSH_MS = 500', 'and at least 0.5 s |'],
  ['diagnostics/quote.ts', 'LONGEST_QUOTED = 300', '| 300 characters, the rest is counted'],
];

test.each(BOUNDS)('src/%s says %s, and docs/security.md so too', async (file, source, page) => {
  expect((await text(`src/${file}`)).includes(source)).toBe(true);
  expect((await text('docs/security.md')).includes(page)).toBe(true);
});

test('docs/security.md tells the default times', async () => {
  const times = { timeout: 30_000, publishWait: 2_000, staleAfter: 3_600_000 };
  expect(mirrorOptions(new Map(), () => process.pid)).toMatchObject(times);
  const page = await text('docs/security.md');
  const told = ['| 30 s (`--timeout`)', 'until that is 2 s old', 'removed after an hour'];
  expect(told.filter((one) => !page.includes(one))).toEqual([]);
});

test('docs/security.md tells every variable that the build takes out of the runtime', async () => {
  const [, list = ''] =
    /VARIABLES = \[([^\]]*)\]/.exec(await text('scripts/runtime-doors.ts')) ?? [];
  const names = [...list.matchAll(/'([A-Z_]+)'/g)].map(([, name = '']) => name);
  const page = await text('docs/security.md');
  expect(names.length).toBeGreaterThan(3);
  expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});
