import { describe, expect, test } from 'bun:test';
import { UsageError } from '../../src/diagnostics/errors.ts';
import { type Flag, isOn, millisecondsOf, parseFlags } from '../../src/providers/flags.ts';

const FLAGS: readonly Flag[] = [
  { name: 'credroot', short: 'c', value: 'DIR', help: '' },
  { name: 'timeout', value: 'DURATION', help: '' },
  { name: 'debug', short: 'd', help: '' },
];

describe('parseFlags', () => {
  test.each([
    [[], {}],
    [['--credroot', '/a'], { credroot: '/a' }],
    [['--credroot=/a=b'], { credroot: '/a=b' }],
    [['--credroot='], { credroot: '' }],
    [['-credroot', '/a'], { credroot: '/a' }],
    [['-c', '/a'], { credroot: '/a' }],
    [['-c=/a'], { credroot: '/a' }],
    [['--credroot', '--debug'], { credroot: '--debug' }],
    [['-d', '-c', '/a', '--'], { debug: 'true', credroot: '/a' }],
    [['--debug=false'], { debug: 'false' }],
    [['-c', '/a', '-c', '/b'], { credroot: '/b' }],
    [['-c/a'], { credroot: '/a' }],
    [['-cd'], { credroot: 'd' }],
    [['-dc', '/a'], { debug: 'true', credroot: '/a' }],
    [['-dc/a', '-d'], { debug: 'true', credroot: '/a' }],
  ])('reads %j', (args, expected) => {
    expect(Object.fromEntries(parseFlags(args, FLAGS))).toEqual(expected);
  });

  test.each([
    [['file'], 'unknown argument "file"'],
    [[''], 'unknown argument ""'],
    [['-'], 'unknown argument "-"'],
    [['--', 'file'], 'unknown argument "file"'],
    [['xd'], 'unknown argument "xd"'],
    [['-dx'], 'unknown argument "-dx"'],
    [['--dc', '/a'], 'unknown argument "--dc"'],
    [['-dc'], '--credroot needs a value'],
    [['--what'], 'known are --credroot, --timeout, --debug'],
    [['---debug'], 'unknown argument "---debug"'],
    [['--=x'], 'unknown argument "--=x"'],
    [['--credroot'], '--credroot needs a value: --credroot DIR'],
    [['--debug=7'], '--debug is a switch'],
  ])('refuses %j as wrong usage', (args, reason) => {
    expect(() => parseFlags(args, FLAGS)).toThrow(UsageError);
    expect(() => parseFlags(args, FLAGS)).toThrow(reason);
  });
});

test('a switch is on where it was given and not switched off', () => {
  expect(isOn(parseFlags(['-d'], FLAGS), 'debug')).toBe(true);
  expect(isOn(parseFlags(['-d=false'], FLAGS), 'debug')).toBe(false);
  expect(isOn(parseFlags([], FLAGS), 'debug')).toBe(false);
});

test.each([
  [[], 5],
  [['--timeout', '1m30s'], 90_000],
  [['--timeout', '0'], 0],
])('of %j, the timeout is %p milliseconds', (args, expected) => {
  expect(millisecondsOf(parseFlags(args, FLAGS), 'timeout', 5)).toBe(expected);
});

test.each(['1d', '-1s', '5', ''])('a timeout of %j is wrong usage', (text) => {
  const values = parseFlags([`--timeout=${text}`], FLAGS);
  expect(() => millisecondsOf(values, 'timeout', 5)).toThrow(UsageError);
});
