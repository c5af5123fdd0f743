import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { parseRegistriesConf } from '../../src/registries/conf-file.ts';
import { RegistriesConfError } from '../../src/registries/errors.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const parse = (content: string | Uint8Array) =>
  parseRegistriesConf('x.conf', typeof content === 'string' ? bytes(content) : content);

const R = '[[registry]]\n';
const DIGEST = `sha256:${'0f'.repeat(32)}`;

describe('an error in a file names its place and what to do', () => {
  test.each([
    [`${R}location = "https://a.test"\n`, '2:1: location "https://a.test" has a scheme'],
    [
      `${R}location = "a.test"\nprefix = "http://a.test"\n`,
      '3:1: location "http://a.test" has a s',
    ],
    [`# x\n\n${R}insecure = true\n`, '3:1: the registry has neither location nor prefix; give'],
    [`${R}prefix = "a.test"\n`, '2:1: the registry with prefix "a.test" has no location'],
    [`${R}location = "a.test"\n  [[registry.mirror]]\n`, '3:3: a mirror of the registry "a.test"'],
    [`registry = [{ location = "a.test" }, {}]\n`, '1:38: the registry has neither'],
    [
      `${R}location = "a.test"\nmirror = [\n  { location = "m.test" },\n  { pull-from-mirror = "x" }]\n`,
      '5:3: a mirror of the registry "a.test" has no location; add one',
    ],
    [
      `${R}location = "a.test"\n[[registry.mirror]]\nlocation = "m.test"\n"Pull-From-Mirror" = "no"\n`,
      '5:1: mirror "m.test" has pull-from-mirror = "no"; write "all", "digest-only" or "tag-only"',
    ],
    [`${R}location = "a.test"\npull-from-mirror = "all"\n`, '3:1: pull-from-mirror is set for'],
    [`${R}prefix = "*.a.test:1"\n`, '2:1: wildcard prefix "*.a.test:1" has a path, port or digest'],
    [
      `${R}location = "a.test"\n${R}location = "a.test"\nblocked = true\n`,
      '5:1: registry "a.test" stands here several times with different values of "blocked"',
    ],
    ['short-name-mode = "x"\n', '1:1: short-name-mode is "x"; write one of: disabled, enforcing,'],
    ['unqualified-search-registries = [\n "a.test",\n "b/c",\n]\n', '3:2: "b/c" in unqualified-s'],
    ['[registries.search]\nregistries = []\n', '1:1: the file is in version 1 of the format'],
    ['[aliases]\nx = "a.test"\n', '2:1: the image "a.test" of the short name "x" has no registry'],
    [`[aliases]\n"x@${DIGEST}" = ""\n`, `2:1: short name "x@${DIGEST}" has a tag or digest; leave`],
    ['[aliases]\n"a.test/x" = ""\n', '2:1: short name "a.test/x" has a registry; write the repo'],
    ['\nregistry = "x"\n', '2:1: "registry" must be an array, but it is a string; see'],
    [
      `${R}location = "a.test"\nmirror = [1]\n`,
      '3:11: each entry of "mirror" must be a table, but',
    ],
    [`${R}blocked = "yes"\n`, '2:1: "blocked" must be true or false, but it is a string'],
    [`${R}location = 2020-01-01\n`, '2:1: "location" must be a string, but it is a date or time'],
    ['[aliases]\n"\\u001b" = 1\n', '2:1: "\\u001b" must be a string, but it is a number'],
  ])('%j', (text, message) => {
    expect(() => parse(text)).toThrow(`x.conf:${message}`);
  });

  test('with the fields that programs ask for', () => {
    const thrown = errorOf(`${R}location = "a.test"\n blocked = 1\n`);
    expect(thrown).toMatchObject({ file: 'x.conf', line: 3, column: 2, errorClass: 'toml-type' });
  });

  test('with the file quoted where its name would forge a message', () => {
    expect(() => parseRegistriesConf('a\nb.conf', bytes('x'))).toThrow('"a\\nb.conf":1:2: not v');
  });
});

describe('a syntax error names the line that it is on', () => {
  test.each([
    ['a = 1\nb =\n\n\nc = 2\n', '2:4: not valid TOML: Missing value'],
    ['[[registry]\nx = 1\n', "1:12: not valid TOML: Expected ']]'"],
    ['a\n= 1\n', "1:2: not valid TOML: Expected '='"],
    ['a = """x\ny\n\n', '2:2: not valid TOML: Unterminated string'],
    ['a = 1\n// b\n', '2:1: not valid TOML: Expected a key'],
    ['a = 1\na = 2\n', "2:1: not valid TOML: Cannot redefine key 'a'"],
    ['"\\u001b" = 1\n"\\u001b" = 1\n', "2:1: not valid TOML: Cannot redefine key '\\u001b'"],
    ['a = 1\n# b\rc\n', '2:4: not valid TOML: Bare carriage return'],
    ['a = """\nb\rc"""\n', '2:2: not valid TOML: Bare carriage return'],
    ['\ufeffa = 1\n!\n', '2:1: not valid TOML: Expected a key'],
    ['a = 1\nb = 9223372036854775808\n', '2:5: not valid TOML: '],
    ['a = 1\nb\r = 2\n', "2:2: not valid TOML: Expected '='"],
    ['a = 1\nb = [2, -1e309]\n', '2:9: not valid TOML: a number beyond 64 bits'],
    ['a = 9007199254740993\nb = 9223372036854775808\n', '2:5: not valid TOML: a number beyond 64'],
    ['a = 9007199254740993\nb = \n', '2:4: not valid TOML: Unspecified values are invalid'],
    ['a = 9007199254740993\nb = """\r"""\n', '2:8: not valid TOML: Bare carriage return'],
    ['y\0 = 1\n', '1:1: the file has NUL bytes'],
  ])('%j', (text, message) => {
    expect(() => parse(text)).toThrow(`x.conf:${message}`);
  });

  test('also where the bytes are no UTF-8', () => {
    expect(() => parse(Uint8Array.of(0x0a, 0x0a, 0x23, 0xff, 0x0a))).toThrow(
      'x.conf:3:1: the file',
    );
  });

  test('but for one that is nested too deeply for any parser', () => {
    expect(() => parse(`a = ${'['.repeat(500_000)}`)).toThrow('are nested too deeply');
  });
});

describe('reading', () => {
  test('integers beyond 2^53 are no error', () => {
    const text = `a = 9223372036854775807\nb = [-9_223_372_036_854_775_808, "x"]\n${R}location = "a.test"\n`;
    expect(parse(text).registries).toMatchObject([{ prefix: 'a.test' }]);
  });

  test('integers beyond 2^53 do not move what follows them', () => {
    const text = `a = 9223372036854775807\n${R}blocked = 9007199254740993\n`;
    expect(() => parse(text)).toThrow('x.conf:3:1: "blocked" must be true or false');
  });

  test('keeps what the file leaves out apart from what it empties', () => {
    expect(parse('')).toEqual({
      file: 'x.conf',
      registries: [],
      unqualifiedSearchRegistries: undefined,
      credentialHelpers: undefined,
      shortNameMode: undefined,
      additionalLayerStoreAuthHelper: undefined,
    });
    expect(parse('unqualified-search-registries = []\ncredential-helpers = []\n')).toMatchObject({
      unqualifiedSearchRegistries: [],
      credentialHelpers: [],
    });
  });

  test('takes the exact spelling of a key before another', () => {
    const text = `${R}Location = "other.test"\nlocation = "a.test"\nLOCATION = "third.test"\n`;
    expect(parse(text).registries).toMatchObject([{ location: 'a.test' }]);
  });

  test('ends in a configuration or a clear error, whatever the file', () => {
    const pieces = fc.constantFrom(
      ...['[[registry]]', '[[registry.mirror]]', '[registry]', '[aliases]', 'location', 'prefix'],
      ...['mirror', 'blocked', 'short-name-mode', 'true', '"a.test"', '"*.b/"', "'''", '"""'],
      ...[' = ', '{', '}', '[', ']', ',', '.', '\n', '\n', '\r', '#', '\\', '9223372036854775807'],
      ...['-9e9', '07:32', 'é', '\ufeff', '\0', ' '],
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        const error = errorOf(parts.join(''));
        if (error !== undefined) expect(error.message).toMatch(/^x\.conf(:\d+:\d+)?: ./);
      }),
      { numRuns: 500 },
    );
  });

  test('ends in a configuration or a clear error, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (content) => {
        const error = errorOf(content);
        if (error !== undefined) expect(error.errorClass).toBe('toml-syntax');
      }),
    );
  });
});

function errorOf(content: string | Uint8Array): RegistriesConfError | undefined {
  try {
    parse(content);
    return undefined;
  } catch (error) {
    if (error instanceof RegistriesConfError) return error;
    throw error;
  }
}
