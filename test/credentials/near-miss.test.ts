import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { keyMatches, targetOf } from '../../src/credentials/match.ts';
import { nearMiss } from '../../src/credentials/near-miss.ts';
import { parseRegistryKey } from '../../src/credentials/registry-key.ts';

const HUB = 'docker.io/library/nginx';
const MIRROR = 'mirror.example.com:5000/hub/library/nginx';

describe('a key that nearly matches:', () => {
  test.each<[string, string, string, string, string]>([
    [
      ' mirror.example.com:5000',
      MIRROR,
      'blank',
      'has a blank around it',
      'mirror.example.com:5000',
    ],
    ['HTTPS://docker.io', HUB, 'upper-case', 'has upper case in HTTPS://', 'docker.io'],
    ['docker://docker.io', HUB, 'scheme', 'has the scheme docker://', 'docker.io'],
    [
      'mirror.example.com',
      MIRROR,
      'port',
      'has no port, the endpoint 5000',
      'mirror.example.com:5000',
    ],
    [
      'mirror.example.com:443/hub',
      MIRROR,
      'port',
      'has port 443, the endpoint 5000',
      'mirror.example.com:5000/hub',
    ],
    ['docker.io:443', HUB, 'port', 'has port 443, the endpoint none', 'docker.io'],
    [
      'docker.io/Library',
      HUB,
      'upper-case',
      'has upper case in its path, which repositories never have',
      'docker.io/library',
    ],
    [
      'mirror.example.com:5000/library',
      MIRROR,
      'path',
      'leaves out the path component hub',
      'mirror.example.com:5000/hub/library',
    ],
    [
      'docker.io/hub/library',
      HUB,
      'path',
      'has the path component hub, the endpoint has not',
      'docker.io/library',
    ],
    ['docker.io/libra', HUB, 'path', 'ends within a path component', 'docker.io/library'],
    [
      'docker.io/library/nginx/debug',
      HUB,
      'path',
      'is for a repository below this one only',
      'docker.io/library/nginx',
    ],
    ['docker.io/team-a', HUB, 'path', 'is for team-a only', 'docker.io'],
    ['hub.docker.com', HUB, 'alias', 'is no name of Docker Hub that CRI-O looks up', 'docker.io'],
    [
      '127.0.0.1:5000',
      'localhost:5000/x',
      'alias',
      'means the same machine, but keys are compared as text',
      'localhost:5000',
    ],
    ['mirror.test.', 'mirror.test/x', 'alias', 'differs in the dot at the end', 'mirror.test'],
    [
      'mirror:5000',
      MIRROR,
      'alias',
      'means the same host perhaps, but keys are compared as text',
      'mirror.example.com:5000',
    ],
    [
      '*.example.com',
      'a.b.example.com/x',
      'wildcard',
      'does not match, because * stands for exactly one label',
      'a.b.example.com',
    ],
    [
      '*.example.com',
      'example.com/x',
      'wildcard',
      'does not match, because * stands for exactly one label',
      'example.com',
    ],
    [
      'example.com',
      'a.example.com/x',
      'subdomain',
      'does not cover the names below it',
      'a.example.com',
    ],
    ['qauy.io', 'quay.io/x', 'typing-error', 'differs in one character', 'quay.io'],
    ['quay.oi', 'quay.io/x', 'typing-error', 'differs in one character', 'quay.io'],
    ['quy.io', 'quay.io/x', 'typing-error', 'differs in one character', 'quay.io'],
    ['quayy.io/x', 'quay.io/x', 'typing-error', 'differs in one character', 'quay.io/x'],
  ])('%s for %s', (key, reference, ...[kind, text, write]) => {
    expect<unknown>(nearMiss(key, targetOf(reference))).toEqual({ kind, text, write });
  });
});

test.each<[string, string]>([
  ['quay.io', HUB],
  ['ghcr.io', 'quay.io/x'],
  ['', HUB],
  ['docker.io', HUB],
  ['https://index.docker.io/v1/', HUB],
  ['mirror.example.org:5000', MIRROR],
])('%p is not nearly for %s', (key, reference) => {
  expect(nearMiss(key, targetOf(reference))).toBeUndefined();
});

test('the key to write matches', () => {
  const host = fc.stringMatching(/^[aB*]{1,3}(\.[aB*]{1,2}){0,2}(:5)?(\/[aB]{1,2}){0,2}$/);
  const reference = fc.stringMatching(/^[ab]{1,3}(\.[ab]{1,2}){0,2}(:5)?(\/[ab]{1,2}){1,3}$/);
  fc.assert(
    fc.property(host, reference, (key, name) => {
      const miss = nearMiss(key, targetOf(name));
      if (miss === undefined) return;
      expect(keyMatches(parseRegistryKey(key), targetOf(name))).toBe(false);
      expect(keyMatches(parseRegistryKey(miss.write), targetOf(name))).toBe(true);
    }),
  );
});

test.each<[string, string]>([
  ['300 kB of path', `docker.io${'/library'.repeat(40_000)}`],
  ['300 kB of slashes', `docker.io${'/'.repeat(300_000)}nginx`],
  ['a scheme of 300 kB', `${'a'.repeat(300_000)}://docker.io`],
  ['300 kB of blanks', `${' '.repeat(300_000)}docker.io`],
])('a key that nobody can mean is compared with nothing: %s', (_, key) => {
  expect(nearMiss(key, targetOf(HUB))).toBeUndefined();
});
