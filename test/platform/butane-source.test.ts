import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { compileButane } from '../../src/platform/butane/compile.ts';
import { LARGEST_CONFIG } from '../../src/platform/butane/parse-source.ts';
import { resolvePlain } from '../../src/platform/butane/scalars.ts';
import { semanticVersion } from '../../src/platform/butane/versions.ts';

const HEADER = `variant: openshift
version: 4.20.0
metadata:
  name: x
  labels:
    machineconfiguration.openshift.io/role: worker
`;

function compile(config: string | Uint8Array) {
  const bytes = typeof config === 'string' ? new TextEncoder().encode(config) : config;
  return compileButane({ bytes, fileName: 'a.bu', isRaw: false, isPretty: false });
}

/** What a config is refused with: the place and message of the first finding, and the last line. */
function refusal(config: string | Uint8Array) {
  const { output, messages } = compile(config);
  expect(output).toBeUndefined();
  const place = /--> (a\.bu:\d+:\d+)/.exec(messages)?.[1];
  const message = /\^+ (.*)/.exec(messages)?.[1];
  return { place, message, end: messages.trimEnd().split('\n').at(-1) };
}

describe('a config that is no config is refused at its place', () => {
  test.each([
    ['a tab as indentation', `${HEADER}storage:\n\tfiles: []\n`, 'a.bu:8:1'],
    ['an open bracket', `${HEADER}storage: [\n`, 'a.bu:8:1'],
    ['an open quote', `${HEADER}extra: "x\n`, 'a.bu:8:1'],
    ['a line too far in', `${HEADER}one: two\n    three: four\n`, 'a.bu:8:10'],
    ['an unknown anchor', `${HEADER}one: *two\n`, 'a.bu:7:6'],
    ['an anchor around itself', `${HEADER}one: &one [*one]\n`, 'a.bu:7:12'],
    ['a control character', `${HEADER}one: \x07\n`, 'a.bu:7:6'],
    ['a key given twice', `${HEADER}variant: openshift\n`, 'a.bu:7:1'],
    ['a list', '- one\n', 'a.bu:1:1'],
    ['HTML', '<html>\n', 'a.bu:1:1'],
    ['nothing', '', 'a.bu:1:1'],
    ['a version without patch', 'variant: openshift\nversion: 4.20\n', 'a.bu:2:10'],
    ['a merge of a number', `${HEADER}storage:\n  <<: 5\n`, 'a.bu:8:7'],
    ['a number that is none', `${HEADER}openshift:\n  kernel_type: !!int x\n`, 'a.bu:8:16'],
  ])('%s', (_, config, place) => {
    expect(refusal(config)).toMatchObject({
      place,
      message: expect.any(String),
      end: expect.stringMatching(/^Error translating config: |^ {2}line \d+: /),
    });
  });

  test('bytes that are no UTF-8, behind a character that looks like them', () => {
    const text = Buffer.from('\ufeff😀\ufffd: é\nb: ');
    const bytes = Buffer.concat([text, Buffer.from([0xff, 0x0a])]);
    expect(refusal(bytes)).toMatchObject({ place: 'a.bu:2:4', message: 'invalid UTF-8' });
  });

  test.each([
    ['inside brackets', `${HEADER}deep: ${'['.repeat(100_000)}`],
    ['of dashes', '- '.repeat(50_000)],
  ])('nesting without end %s', (_, config) => {
    expect(compile(config).messages).toContain('the config is nested too deeply');
  });

  test('more than 10 MiB', () => {
    const { end } = refusal(new Uint8Array(LARGEST_CONFIG + 1));
    expect(end).toContain('a.bu: the config is larger than 10 MiB');
  });
});

describe('aliases', () => {
  const lists = Array.from({ length: 12 }, (_, level) => {
    const items = Array(10).fill(level === 0 ? 'lol' : `*l${level - 1}`);
    return `l${level}: &l${level} [${items.join(', ')}]\n`;
  });
  test.each([
    ['of lists in lists', HEADER + lists.join('')],
    ['of a large text', `${HEADER}a: &a "${'x'.repeat(1e6)}"\nb: [${Array(20).fill('*a')}]\n`],
  ])('cannot blow a config up: bombs %s', (_, config) => {
    expect(refusal(config)).toMatchObject({
      message: 'aliases written out, the config has more than 10 MiB',
      end: expect.stringContaining('document contains excessive aliasing'),
    });
  });
  test('of a large file are fine a few times', () => {
    const file = '    - {path: /a, contents: &a {inline: x}}\n    - {path: /b, contents: *a}\n';
    expect(compile(`${HEADER}storage:\n  files:\n${file}`).output).toContain('path: /b');
  });
});

describe('findings', () => {
  test('are bounded', () => {
    const keys = Array.from({ length: 1500 }, (_, index) => `key${index}: 1\n`).join('');
    const { messages } = compile(HEADER + keys);
    expect(messages.match(/unused key/g)).toHaveLength(1000);
    expect(messages).toEndWith('(500 more like these)\n');
  });
  test('carry nothing that a terminal acts on', () => {
    const { messages } = compile(`${HEADER}"\\e[31m\\a": 1 # red\n`);
    expect(messages).not.toContain('\x1b');
    expect(messages).toContain('unused key \ufffd[31m\ufffd');
  });
  test('point below characters, not bytes', () => {
    const { messages } = compile(`${HEADER}systemd: {x: äöü, y: 1}\n`);
    expect(messages).toContain('--> a.bu:7:19');
    expect(messages).toContain(`   | ${' '.repeat(18)}^^ unused key y`);
  });
});

describe('plain scalars', () => {
  test.each([
    ['0644', '!!int', 420],
    ['0o644', '!!int', 420],
    ['-0x1F', '!!int', -31],
    ['0b101', '!!int', 5],
    ['1_000', '!!int', 1000],
    ['0999', '!!float', 999],
    ['1e3', '!!float', 1000],
    ['.5', '!!float', 0.5],
    ['18446744073709551616', '!!float', 2 ** 64],
    ['True', '!!bool', true],
    ['yes', '!!str', 'yes'],
    ['~', '!!null', null],
    ['2026-11-21', '!!timestamp', '2026-11-21'],
    ['2026-11-21 10:00:00', '!!timestamp', '2026-11-21 10:00:00'],
    ['12:30:45', '!!str', '12:30:45'],
    ['+', '!!str', '+'],
    ['0x', '!!str', '0x'],
  ])('%s is %s', (text, tag, value) => {
    const resolved = resolvePlain(text);
    expect([resolved.tag, resolved.value]).toEqual([tag, value]);
  });
  test('integers of any base keep their value', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (number) => {
        const sign = number < 0 ? '-' : '';
        const magnitude = BigInt(Math.abs(number));
        for (const [prefix, base] of [
          ['', 10],
          ['0x', 16],
          ['0b', 2],
          ['0o', 8],
          ['0', 8],
        ] as const) {
          const text = `${sign}${prefix}${magnitude.toString(base)}`;
          expect(resolvePlain(text)).toEqual({ tag: '!!int', value: number });
        }
      }),
    );
  });
});

describe('versions', () => {
  test.each([
    ['4.20.0', '4.20.0'],
    ['04.020.00', '4.20.0'],
    ['4.23.0-experimental', '4.23.0-experimental'],
    ['4.20.0+build.5', '4.20.0+build.5'],
    ['4.20.0-', '4.20.0'],
    ['4.20', undefined],
    ['v4.20.0', undefined],
    ['4.20.0.0', undefined],
    ['4.20.0-a..b', undefined],
    ['4.20.-1', undefined],
  ])('%s reads as %s', (text, expected) => {
    expect(semanticVersion(text)).toBe(expected);
  });
});
