import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { locateEntry } from '../../src/registries/locate.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { writeFiles } from './conf-files.ts';

const CONF = `# first
[[registry]]
location = "a.test/"

[[registry.mirror]]
location = "m.test"

  [[Registry]]
prefix = "b.test"
location = "a.test"

[[registry]]
location = "a.test"
`;

function locate(content: string, prefix: string): string | undefined {
  using directory = temporaryDirectory();
  writeFiles(directory.path, { 'x.conf': content });
  const found = locateEntry(join(directory.path, 'x.conf'), prefix);
  return found && `${found.line}:${found.column}`;
}

describe('the entry of a prefix', () => {
  test.each([
    ['a.test', '2:1'],
    ['b.test', undefined],
    ['c.test', undefined],
  ])('%s begins at %p', (prefix, place) => {
    expect(locate(CONF.replace('Registry', 'registry.mirror'), prefix)).toBe(place);
  });

  test('is found below others', () => {
    expect(locate(CONF.replace('Registry', 'registry'), 'b.test')).toBe('8:3');
  });

  test('is found in an inline array, whatever the case of the key', () => {
    const text = 'REGISTRY = [\n  { location = "a.test" },\n  { location = "b.test" },\n]\n';
    expect(locate(text, 'b.test')).toBe('3:3');
  });

  test('is found beside integers that JavaScript cannot hold, and after a byte-order mark', () => {
    expect(
      locate('\ufeffx = 9223372036854775807\n[[registry]]\nlocation = "a.test"\n', 'a.test'),
    ).toBe('2:1');
  });

  test('is not there in a file that has changed or is gone', () => {
    expect(locate('[[registry]\n', 'a.test')).toBeUndefined();
    expect(locate('[[registry]]\nlocation = "https://a.test"\n', 'a.test')).toBeUndefined();
    expect(locateEntry('/nowhere/x.conf', 'a.test')).toBeUndefined();
  });
});
