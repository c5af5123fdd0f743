import { describe, expect, test } from 'bun:test';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_DROP_IN_DIRS, DEFAULT_REGISTRIES_CONF } from '../../src/registries/defaults.ts';
import { RegistriesConfError } from '../../src/registries/errors.ts';
import { loadRegistries, type RegistriesConfig } from '../../src/registries/load.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { writeFiles } from './conf-files.ts';

const entry = (prefix: string, location = prefix) =>
  `[[registry]]\nprefix = "${prefix}"\nlocation = "${location}"\n`;

function load(directory: string, ...dropInDirs: string[]): RegistriesConfig {
  return loadRegistries({
    mainFile: join(directory, 'main.conf'),
    dropInDirs: dropInDirs.map((name) => join(directory, name)),
    missingMainFile: 'ignore',
  });
}

function failure(action: () => unknown): RegistriesConfError {
  try {
    action();
  } catch (error) {
    if (error instanceof RegistriesConfError) return error;
    throw error;
  }
  throw new Error('it loaded');
}

describe('the files of a configuration', () => {
  test('are read by name across directories, and told', () => {
    using home = temporaryDirectory();
    writeFiles(home.path, {
      'main.conf': '',
      'first/20.conf': '',
      'second/10.conf': '',
      'third/30.conf': '',
    });
    const { files, masked } = load(home.path, 'first', 'second', 'missing', 'third');
    const names = ['main.conf', 'second/10.conf', 'first/20.conf', 'third/30.conf'];
    expect(files).toEqual(names.map((name) => join(home.path, name)));
    expect(masked).toEqual([]);
  });

  test('hide those of their name in later directories', () => {
    using home = temporaryDirectory();
    writeFiles(home.path, { 'a/x.conf': '', 'b/x.conf': 'not TOML', 'c/x.conf': 'not TOML' });
    const { files, masked } = load(home.path, 'a', 'b', 'c');
    const [a, b, c] = ['a', 'b', 'c'].map((name) => join(home.path, name, 'x.conf'));
    expect(files).toEqual([a ?? '']);
    expect(masked).toEqual([
      { file: b ?? '', by: a ?? '' },
      { file: c ?? '', by: a ?? '' },
    ]);
  });

  test('may be links: one to /dev/null empties a later file, a dangling one hides it', () => {
    using home = temporaryDirectory();
    writeFiles(home.path, { 'a/z.conf': '', 'b/x.conf': 'not TOML', 'b/y.conf': 'not TOML' });
    symlinkSync('/dev/null', join(home.path, 'a/x.conf'));
    symlinkSync('nowhere', join(home.path, 'a/y.conf'));
    expect(load(home.path, 'a', 'b').files).toEqual([
      join(home.path, 'a/x.conf'),
      join(home.path, 'a/z.conf'),
    ]);
  });

  test('a directory named like a drop-in hides nothing', () => {
    using home = temporaryDirectory();
    writeFiles(home.path, { 'b/x.conf': entry('b.test') });
    mkdirSync(join(home.path, 'a/x.conf'), { recursive: true });
    expect(load(home.path, 'a', 'b').files).toEqual([join(home.path, 'b/x.conf')]);
  });

  test('a trailing slash of the directory does not show', () => {
    using home = temporaryDirectory();
    writeFiles(home.path, { 'a/x.conf': '' });
    expect(load(home.path, 'a/').files).toEqual([join(home.path, 'a/x.conf')]);
  });

  test('the main file may be missing where that is allowed', () => {
    using home = temporaryDirectory();
    writeFiles(home.path, { 'a/x.conf': entry('a.test') });
    const config = load(home.path, 'a');
    expect(config.isMainFileMissing).toBe(true);
    expect(config.registries.map(({ prefix }) => prefix)).toEqual(['a.test']);
    writeFiles(home.path, { 'main.conf': '' });
    expect(load(home.path, 'a').isMainFileMissing).toBe(false);
  });

  test('the defaults are those of containers/image for root', () => {
    expect(DEFAULT_REGISTRIES_CONF).toBe('/etc/containers/registries.conf');
    expect(DEFAULT_DROP_IN_DIRS).toEqual([
      '/etc/containers/registries.rootful.conf.d',
      '/etc/containers/registries.conf.d',
      '/usr/share/containers/registries.rootful.conf.d',
      '/usr/share/containers/registries.conf.d',
    ]);
  });
});

describe('merging', () => {
  test('tells which entries another one replaced, and their files', () => {
    using home = temporaryDirectory();
    writeFiles(home.path, {
      'main.conf': entry('a.test', 'one.test') + entry('a.test', 'two.test') + entry('b.test'),
      'd/x.conf': entry('a.test', 'three.test'),
    });
    const { registries, replaced } = load(home.path, 'd');
    expect(registries.map(({ prefix, location }) => `${prefix} ${location}`).sort()).toEqual([
      'a.test three.test',
      'b.test b.test',
    ]);
    expect(replaced.map(({ registry, by }) => [registry.location, by.location])).toEqual([
      ['two.test', 'one.test'],
      ['one.test', 'three.test'],
    ]);
    expect(replaced.map(({ by }) => by.file)).toEqual([
      join(home.path, 'main.conf'),
      join(home.path, 'd/x.conf'),
    ]);
  });

  test('takes each setting from the last file that has it', () => {
    using home = temporaryDirectory();
    writeFiles(home.path, {
      'main.conf': 'unqualified-search-registries = ["a.test"]\nshort-name-mode = "disabled"\n',
      'd/1.conf': 'credential-helpers = ["pass"]\nunqualified-search-registries = ["b.test"]\n',
      'd/2.conf': 'additional-layer-store-auth-helper = "helper"\n',
    });
    expect(load(home.path, 'd')).toMatchObject({
      unqualifiedSearchRegistries: ['b.test'],
      unqualifiedSearchRegistriesOrigin: join(home.path, 'd/1.conf'),
      shortNameMode: 'disabled',
      credentialHelpers: ['pass'],
      additionalLayerStoreAuthHelper: 'helper',
    });
  });

  test('has the library’s defaults', () => {
    using home = temporaryDirectory();
    expect(load(home.path)).toMatchObject({
      unqualifiedSearchRegistries: [],
      unqualifiedSearchRegistriesOrigin: undefined,
      shortNameMode: 'permissive',
      credentialHelpers: ['containers-auth.json'],
      additionalLayerStoreAuthHelper: undefined,
    });
  });
});

describe('what cannot be loaded', () => {
  test('is a missing main file, unless that is allowed', () => {
    using home = temporaryDirectory();
    const mainFile = join(home.path, 'main.conf');
    const error = failure(() =>
      loadRegistries({ mainFile, dropInDirs: [], missingMainFile: 'refuse' }),
    );
    expect(error.message).toBe(
      `${mainFile}: cannot be read: no such file; create it or name another one`,
    );
    expect(error).toMatchObject({ errorClass: 'io', file: mainFile, line: undefined, exitCode: 1 });
  });

  test('is a drop-in whose name is no text', () => {
    using home = temporaryDirectory();
    writeFiles(home.path, { 'main.conf': '', 'd/good.conf': '' });
    const bytes = [Buffer.from(join(home.path, 'd/')), Buffer.from('\xff.conf', 'latin1')];
    writeFileSync(Buffer.concat(bytes), '');
    expect(failure(() => load(home.path, 'd')).message).toContain(
      'cannot be read: its name is not valid UTF-8; rename it',
    );
  });

  test('is a directory in place of a file, or a file in place of a directory', () => {
    using home = temporaryDirectory();
    writeFiles(home.path, { 'main.conf/x': '', file: '', 'd/real/x': '' });
    expect(failure(() => load(home.path)).message).toContain(
      'main.conf: cannot be read: is a directory (EISDIR); put a file there',
    );
    symlinkSync('real', join(home.path, 'd/link.conf'));
    const mainFile = join(home.path, 'other.conf');
    const dropIns = (name: string) => () =>
      loadRegistries({
        mainFile,
        dropInDirs: [join(home.path, name)],
        missingMainFile: 'ignore',
      });
    expect(failure(dropIns('d')).message).toContain(
      'd/link.conf: cannot be read: is a directory (EISDIR); put a file there',
    );
    expect(failure(dropIns('file')).message).toContain(
      'file: cannot be read: not a directory (ENOTDIR); it or',
    );
  });

  test('is a file that may not be read', () => {
    using home = temporaryDirectory();
    writeFiles(home.path, { 'main.conf': '' });
    const file = join(home.path, 'main.conf');
    chmodSync(file, 0);
    if (process.getuid?.() === 0) expect(load(home.path).files).toEqual([file]);
    else expect(failure(() => load(home.path)).message).toContain('permission denied');
  });

  test('is more than 100,000 registries in all files', () => {
    using home = temporaryDirectory();
    const many = (name: string, count: number) =>
      `registry = [${Array.from({ length: count }, (_, n) => `{location="${name}${n}.test"}`)}]\n`;
    writeFiles(home.path, { 'main.conf': many('a', 60_000), 'd/x.conf': many('b', 40_000) });
    expect(load(home.path, 'd').registries).toHaveLength(100_000);
    writeFiles(home.path, { 'd/y.conf': many('c', 1) });
    const error = failure(() => load(home.path, 'd'));
    expect(error.file).toBe(join(home.path, 'd/y.conf'));
    expect(error.message).toContain('more than 100000 registries');
  });
});
