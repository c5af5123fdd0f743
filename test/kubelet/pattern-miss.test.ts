import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { matchImage } from '../../src/kubelet/match-images.ts';
import { nearestPattern } from '../../src/kubelet/pattern-miss.ts';

const HUB = 'docker.io/library/nginx';

describe('why a pattern does not cover an image:', () => {
  test.each<[string, string, string]>([
    [
      '*.example.com',
      'a.b.example.com/x',
      'has 3 labels, the host 4, and a * stands for exactly one',
    ],
    ['*.example.com', 'example.com/x', 'has 3 labels, the host 2, and a * stands for exactly one'],
    ['example.com', 'a.example.com/x', 'has 2 labels, the host 3'],
    ['*', 'quay.io/x', 'has one label, the host 2, and a * stands for exactly one'],
    ['example.com:5000', 'example.com/x', 'has port 5000, the image none'],
    ['example.com', 'example.com:5000/x', 'has no port, the image 5000'],
    [
      'example.com/team',
      'example.com/tea/x',
      'has the path /team, with which /tea/x does not begin',
    ],
    ['example.com/*', 'example.com/x', 'has a * in its path, where it stands for itself'],
    ['Example.com', 'example.com/x', 'differs in upper and lower case'],
    ['index.docker.io', HUB, 'the kubelet calls Docker Hub docker.io, and by no other name'],
    ['registry-1.docker.io', HUB, 'the kubelet calls Docker Hub docker.io, and by no other name'],
    ['hub.docker.com', HUB, 'the kubelet calls Docker Hub docker.io, and by no other name'],
    ['quay.io', 'docker.io/x', 'is for another host: quay is not docker'],
    ['quay.com', 'docker.io/x', 'is for another host'],
    [
      'a.test:1/p',
      'a.test:2/q',
      'has port 1, the image 2, has the path /p, with which /q does not begin',
    ],
    [
      'quay.io:http',
      'quay.io/x',
      'does not parse: parse "https://quay.io:http": invalid port ":http" after host',
    ],
  ])('%s for %s', (pattern, image, reason) => {
    expect(nearestPattern([pattern], image)).toMatchObject({ pattern, index: 0, reason });
  });
});

describe('the nearest pattern is', () => {
  test.each<[string, readonly string[], string]>([
    ['docker.io/x', ['quay.io', 'docker.io:443', 'ghcr.io'], 'docker.io:443'],
    ['docker.io/x', ['*.docker.io', 'Docker.io'], 'Docker.io'],
    ['a.b.test/x', ['b.test:5000', 'b.test'], 'b.test'],
    ['quay.io/x', ['quay.io:http', 'docker.io'], 'docker.io'],
  ])('for %s of %p: %s', (image, patterns, nearest) => {
    expect(nearestPattern(patterns, image)?.pattern).toBe(nearest);
  });

  test('none where there are none', () => {
    expect(nearestPattern([], 'docker.io/x')).toBeUndefined();
  });
});

test('every pattern that does not match has a reason', () => {
  const host = fc.stringMatching(/^[aB*]{1,2}(\.[aB*]{1,2}){0,2}(:5)?(\/[aB]{1,2})?$/);
  fc.assert(
    fc.property(host, host, (pattern, image) => {
      if (matchImage(pattern, image).matched) return;
      expect(nearestPattern([pattern], image)?.reason).toMatch(/^\w/);
    }),
  );
});
