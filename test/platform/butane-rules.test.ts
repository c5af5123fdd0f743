import { describe, expect, test } from 'bun:test';
import { dataUrlProblem } from '../../src/platform/butane/data-url-syntax.ts';
import { decimalModeWarning } from '../../src/platform/butane/file-mode.ts';
import { parseGoUrl } from '../../src/platform/butane/go-url.ts';
import { LocalFileError, pathWithin } from '../../src/platform/butane/local-files.ts';
import { readUnitFile } from '../../src/platform/butane/unit-file.ts';

describe('a decimal mode', () => {
  test('is told apart for files by what makes sense only in octal', () => {
    const told = Array.from({ length: 1000 }, (_, mode) => mode).filter(
      (mode) => decimalModeWarning(mode, 'file') !== undefined,
    );
    expect(told).toEqual([
      400, 440, 444, 500, 550, 555, 600, 640, 644, 660, 664, 666, 700, 750, 755, 770, 775, 777,
    ]);
  });
  test.each([
    [0o755, 'directory', false],
    [755, 'directory', true],
    [1777, 'directory', true],
    [4755, 'directory', false],
    [4755, 'file', true],
    [1777, 'file', false],
    [888, 'file', false],
    [undefined, 'file', false],
  ] as const)('%p of a %s', (mode, kind, isTold) => {
    expect(decimalModeWarning(mode, kind) !== undefined).toBe(isTold);
  });
});

describe('a URL as Go reads it', () => {
  test.each([
    ['https://u:p@h:1/p?q#f', { scheme: 'https', opaque: '', query: 'q' }],
    ['HTTP://h', { scheme: 'http', opaque: '', query: '' }],
    ['data:,a?b', { scheme: 'data', opaque: ',a', query: 'b' }],
    ['/path', { scheme: '', opaque: '', query: '' }],
    ['a b', { scheme: '', opaque: '', query: '' }],
    ['http://[::1]:80/', { scheme: 'http', opaque: '', query: '' }],
    ['', { scheme: '', opaque: '', query: '' }],
    [':x', undefined],
    ['1a:b', undefined],
    ['http://h:p/', undefined],
    ['http://[::1', undefined],
    ['http://h%41/', undefined],
    ['http://u v@h/', undefined],
    ['/%zz', undefined],
    ['/#%zz', undefined],
    ['http://h/\n', undefined],
  ])('%j', (url, expected) => {
    expect(parseGoUrl(url)).toEqual(expected);
  });
});

describe('a data URL', () => {
  test.each([
    ['data:,', undefined],
    ['data:text/plain;charset=utf-8;base64,aGk=', undefined],
    ['data:;a="x,y;z\\"",b', undefined],
    ['data:', 'missing comma before data'],
    ['data:;base64', 'unterminated parameter sequence'],
    ['data:/,x', 'invalid character after data prefix'],
    ['data:te xt/a,x', 'invalid character for media type'],
    ['data:text', 'missing media type slash'],
    ['data:foo/bar,x', 'invalid media type'],
    ['data:text/a b,x', 'invalid character for media subtype'],
    ['data:;=,x', 'unterminated parameter sequence'],
    ['data:; =b,x', 'invalid character for parameter attribute'],
    ['data:;a=,x', 'invalid character for parameter value'],
    ['data:;base,x', 'expected base64, got base'],
    ['data:,<', 'invalid data character'],
    ['data:;base64,*', 'invalid data character'],
    ['data:;base64,a', 'illegal base64 data at input byte 0'],
    ['data:;base64,ab=d', 'illegal base64 data at input byte 2'],
    ['data:;base64,ab=', 'illegal base64 data at input byte 3'],
    ['data:;base64,abcdef==g', 'illegal base64 data at input byte 8'],
    ['data:,%4', 'rfc2396: unexpected end of unescape sequence'],
    ['data:,%4g', 'rfc2396: invalid char 0x25 in unescape sequence'],
    ['http:,x', 'missing data prefix'],
  ])('%s: %s', (url, problem) => {
    expect(dataUrlProblem(url)).toBe(problem);
  });
  test('is judged in linear time', () => {
    expect(dataUrlProblem(`data:${';"'.repeat(200_000)}`)).toBeDefined();
    expect(dataUrlProblem(`data:;base64,${'QUJD'.repeat(500_000)}`)).toBeUndefined();
  });
});

describe('a unit file', () => {
  test.each([
    ['', []],
    ['anything before\n[A]\nx=y\n[B]\n', ['A']],
    ['[A]\n# [B]\n; [C] \\\n x=y\nb=c\\\n  d\n', ['A']],
    ['[A]\nx=\\', ['A']],
    ['[A', 'unable to find end of section'],
    ['[A] x\n', 'found garbage after section name : "x"'],
    ['[A]\nx', 'EOF'],
    ['[A]\nx\ny=z', 'unexpected newline encountered while parsing option name'],
    [`[A]\nx=${'y'.repeat(2048)}`, 'line too long (max 2048 bytes)'],
    [`[A]\nx=${'y'.repeat(2000)}\nz=1`, ['A']],
  ])('%j', (contents, expected) => {
    const file = readUnitFile(contents);
    expect('problem' in file ? file.problem : [...file.sections]).toEqual(expected);
  });
});

describe('a path below the files directory', () => {
  test.each([
    ['files', 'a', 'files/a'],
    ['files/', './a/../b', 'files/b'],
    ['.', 'a', 'a'],
    ['/srv', '/etc/passwd', '/srv/etc/passwd'],
    ['files', '', 'files'],
    ['files', '..b', 'files/..b'],
  ])('%s and %s', (root, path, expected) => {
    expect(pathWithin(root, path)).toBe(expected);
  });
  test.each([
    ['files', '..'],
    ['files', '../files2'],
    ['files', 'a/../../b'],
    ['.', '..'],
  ])('never leaves it: %s and %s', (root, path) => {
    expect(() => pathWithin(root, path)).toThrow(LocalFileError);
  });
});
