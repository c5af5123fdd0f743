import { describe, expect, test } from 'bun:test';
import { keyMatches, targetOf } from '../../src/credentials/match.ts';
import { parseRegistryKey } from '../../src/credentials/registry-key.ts';

function matches(key: string, reference: string, expected: boolean): () => void {
  return () => expect(keyMatches(parseRegistryKey(key), targetOf(reference))).toBe(expected);
}

describe('a key is for a reference', () => {
  test('of its host', matches('m.example', 'm.example/a/b', true));
  test('of its host and port', matches('m.example:5000', 'm.example:5000/a', true));
  test('under its path', matches('m.example/a', 'm.example/a/b', true));
  test('that is its path', matches('m.example/a', 'm.example/a', true));
  test('whatever the scheme', matches('https://m.example', 'm.example/a', true));
  test('whatever slashes it ends with', matches('http://m.example///', 'm.example/a', true));
  test('whatever the case of the host', matches('M.Example', 'm.eXAMPLE/a', true));
  test(
    'of Docker Hub by its old URL',
    matches('https://index.docker.io/v1/', 'docker.io/library/x', true),
  );
  test(
    'of Docker Hub by its API host',
    matches('registry-1.docker.io', 'docker.io/library/x', true),
  );
  test('of Docker Hub under a path', matches('index.docker.io/team', 'docker.io/team/x', true));
  test('with an API version after a scheme', matches('https://m.example/v2/', 'm.example/a', true));
  test('by a wildcard for a label', matches('*.example', 'm.example/a', true));
  test('by a wildcard inside a label', matches('m*r.example', 'mirror.example/a', true));
  test('by several wildcards', matches('*-eu-*.*.example:5000', 'a-eu-b.c.example:5000/a', true));
  test('by a wildcard and a path', matches('*.example/a', 'm.example/a/b', true));
});

describe('a key is not for a reference', () => {
  test('of a longer host', matches('m.example', 'm.example.evil/a', false));
  test('of a host that ends with it', matches('m.example', 'am.example/a', false));
  test('of a longer port', matches('m.example:50', 'm.example:5000/a', false));
  test('with a port, where it has none', matches('m.example', 'm.example:5000/a', false));
  test('without a port, where it has one', matches('m.example:443', 'm.example/a', false));
  test('with a longer path component', matches('m.example/a', 'm.example/ab', false));
  test('with another case of the path', matches('m.example/A', 'm.example/a', false));
  test('above its path', matches('m.example/a/b', 'm.example/a', false));
  test('where it is empty', matches('', 'm.example/a', false));
  test('where it is only a scheme', matches('https://', 'm.example/a', false));
  test('where it has two schemes', matches('https://http://m.example', 'm.example/a', false));
  test('with more labels than its wildcard', matches('*.example', 'a.m.example/a', false));
  test('with fewer labels than its wildcard', matches('*.m.example', 'm.example/a', false));
  test('with a port, where its wildcard has none', matches('*.example', 'm.example:5000/a', false));
  test(
    'where pieces around a wildcard overlap',
    matches('aba*aba.example', 'aba.example/a', false),
  );
  test('in a repository called v2', matches('m.example/v2', 'm.example/a', false));
});
