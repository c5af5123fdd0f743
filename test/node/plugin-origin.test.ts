import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { executableHeader } from '../../src/node/executable-header.ts';
import { originOfFile, originOfVersion } from '../../src/node/plugin-origin.ts';

const EXECUTABLE = new URL('../../build/pullkey', import.meta.url).pathname;
const PLUGIN = new URL('../../build/crio-credential-provider', import.meta.url).pathname;

test('our own executable is known by its content, and by what it prints', () => {
  const bytes = readFileSync(EXECUTABLE);
  const printed = Bun.spawnSync([PLUGIN, '--version-json']).stdout.toString();
  const expected = { program: 'Pullkey', version: JSON.parse(printed).version } as const;
  expect(originOfFile(bytes)).toEqual(expected);
  expect(originOfVersion(printed)).toEqual(expected);
  expect(executableHeader(bytes).kind).toBe('elf');
});

test.each([
  ['github.com/cri-o/crio-credential-provider', { program: 'original', version: undefined }],
  ['class generic_credential_provider:', { program: 'original', version: undefined }],
  ['pullkey.dev/ alone', undefined],
  ['', undefined],
] as const)('a file with %j', (content, expected) => {
  expect(originOfFile(Buffer.from(content))).toEqual(expected);
});

test.each(['', '[]', '{}', '{"version":"1","compiler":"gc"}'])(
  'what prints %j is not known',
  (text) => {
    expect(originOfVersion(text)).toBeUndefined();
  },
);

/** The header of a 64-bit program. */
function elf(byteOrder: string, machine: string): string {
  return `\x7fELF\x02${byteOrder}${'\0'.repeat(12)}${machine}`;
}

test.each([
  [elf('\x01', '\x3e\0'), { kind: 'elf', architecture: 'amd64' }],
  [elf('\x02', '\0\x16'), { kind: 'elf', architecture: 's390x' }],
  [elf('\x01', '\x09\0'), { kind: 'elf', architecture: 'machine 9' }],
  ['\x7fELF', { kind: 'other' }],
  ['#!/usr/bin/env python3\nx', { kind: 'script', interpreter: '/usr/bin/env' }],
  ['# no script', { kind: 'other' }],
])('the first bytes %j', (text, expected) => {
  expect(executableHeader(Buffer.from(text, 'latin1'))).toEqual(expected as never);
});
