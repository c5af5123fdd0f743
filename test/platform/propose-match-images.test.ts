import { expect, test } from 'bun:test';
import { proposeMatchImages } from '../../src/platform/propose-match-images.ts';
import { parseRegistriesConf } from '../../src/registries/conf-file.ts';

function propose(conf: string): ReturnType<typeof proposeMatchImages> {
  return proposeMatchImages(parseRegistriesConf('registries.conf', Buffer.from(conf)).registries);
}

const MIRROR = '[[registry.mirror]]\nlocation = "mirror.example.com"\n';

test.each([
  ['a mirrored registry', `[[registry]]\nlocation = "quay.io"\n${MIRROR}`, ['quay.io']],
  [
    'a mirrored path',
    `[[registry]]\nlocation = "quay.io:443/team"\n${MIRROR}`,
    ['quay.io:443/team'],
  ],
  ['a moved prefix', '[[registry]]\nprefix = "a.io/x"\nlocation = "b.io/x"\n', ['a.io/x']],
  [
    'a registry that stays where it is',
    '[[registry]]\nlocation = "quay.io"\ninsecure = true\n',
    [],
  ],
  [
    'sorted',
    `[[registry]]\nlocation = "b.io"\n${MIRROR}[[registry]]\nlocation = "a.io"\n${MIRROR}`,
    ['a.io', 'b.io'],
  ],
])('%s', (_, conf, patterns) => {
  expect(propose(conf)).toEqual({
    patterns: patterns.map((pattern) => ({ pattern })),
    leftOut: [],
  });
});

test.each([
  [
    'a blocked registry',
    `[[registry]]\nlocation = "quay.io"\nblocked = true\n${MIRROR}`,
    'it is blocked',
  ],
  [
    'a tag',
    `[[registry]]\nprefix = "quay.io/x:1"\nlocation = "a.io/y"\n`,
    'it names a tag or digest',
  ],
  [
    'a digest',
    `[[registry]]\nprefix = "quay.io/x@sha256:1"\nlocation = "a.io/y"\n`,
    'it names a tag or digest',
  ],
  [
    'what is no host',
    `[[registry]]\nprefix = "a b.io"\nlocation = "a.io"\n`,
    'the kubelet cannot parse it',
  ],
])('%s is left out, and why', (_, conf, reason) => {
  const { patterns, leftOut } = propose(conf);
  expect(patterns).toEqual([]);
  expect(leftOut).toEqual([expect.stringContaining(reason)]);
});

test('a wildcard covers one label for the kubelet, and says so', () => {
  expect(propose(`[[registry]]\nprefix = "*.example.com"\n${MIRROR}`).patterns).toEqual([
    { pattern: '*.example.com', remark: expect.stringContaining('*.*.example.com') },
  ]);
});
