import { describe, expect, test } from 'bun:test';
import { dirname, join } from 'node:path/posix';
import { Glob } from 'bun';

const SOURCE = new URL('../src/', import.meta.url).pathname;

/** From top to bottom: a room may import only rooms below it. */
const ROOMS = [
  'bin',
  'cli',
  'operator',
  'demo',
  'providers',
  'node',
  'platform',
  'authfile',
  'credentials',
  'registries',
  'kubernetes',
  'distribution',
  'kubelet',
  'image',
  'diagnostics',
  'system',
];

/** These know each other by type only, but for `kubelet`, which all of them may use. */
const STRANGERS = ['authfile', 'credentials', 'registries', 'kubernetes', 'distribution'];

interface Import {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

function roomOf(file: string): string {
  return file.split('/')[0] ?? '';
}

async function importsBetweenRooms(): Promise<Import[]> {
  const found: Import[] = [];
  for (const file of new Glob('**/*.ts').scanSync(SOURCE)) {
    const text = await Bun.file(SOURCE + file).text();
    const statements = text.matchAll(
      /(?:import|export)\s+(type\s)?[^;]*?from\s+'(\.[^']*)'|import\('(\.[^']*)'\)/g,
    );
    for (const [, type, static_, dynamic] of statements) {
      const from = roomOf(file);
      const to = roomOf(join(dirname(file), static_ ?? dynamic ?? ''));
      if (from !== to) found.push({ file, from, to, typeOnly: type !== undefined });
    }
  }
  return found;
}

describe('the direction of imports', () => {
  test('every room is listed', async () => {
    const rooms = new Set((await importsBetweenRooms()).flatMap((one) => [one.from, one.to]));
    expect([...rooms].filter((room) => !ROOMS.includes(room))).toEqual([]);
  });

  test('points down', async () => {
    const up = (await importsBetweenRooms()).filter(
      (one) => ROOMS.indexOf(one.to) <= ROOMS.indexOf(one.from),
    );
    expect(up).toEqual([]);
  });

  test('the rooms of the pull know each other by type only', async () => {
    const strangers = (await importsBetweenRooms()).filter(
      (one) => STRANGERS.includes(one.from) && STRANGERS.includes(one.to) && !one.typeOnly,
    );
    expect(strangers).toEqual([]);
  });

  test('operator never imports providers', async () => {
    const wrong = (await importsBetweenRooms()).filter(
      (one) => one.from === 'operator' && one.to === 'providers',
    );
    expect(wrong).toEqual([]);
  });

  test('platform does no input or output', async () => {
    const wrong: string[] = [];
    for (const file of new Glob('platform/**/*.ts').scanSync(SOURCE)) {
      const text = await Bun.file(SOURCE + file).text();
      if (/from 'node:(fs|net|http|child_process)|\bfetch\(|Bun\.(file|spawn|write)/.test(text)) {
        wrong.push(file);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('only bin touches the process: exit, environment, arguments', async () => {
    const wrong: string[] = [];
    for (const file of new Glob('**/*.ts').scanSync(SOURCE)) {
      if (file.startsWith('bin/')) continue;
      const text = await Bun.file(SOURCE + file).text();
      if (/process\.(exit|env|argv|stdin)|Bun\.(env|argv|stdin)/.test(text)) wrong.push(file);
    }
    expect(wrong).toEqual([]);
  });
});
