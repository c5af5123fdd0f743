import { describe, expect, test } from 'bun:test';
import { mergeMirrorSets } from '../../src/platform/mirror-sets.ts';
import { readMirrorSets } from '../../src/platform/read-mirror-sets.ts';
import { registriesConf } from '../../src/platform/registries-conf.ts';
import { parseRegistriesConf } from '../../src/registries/conf-file.ts';

const SETS = `apiVersion: v1
kind: List
items:
- apiVersion: config.openshift.io/v1
  kind: ImageDigestMirrorSet
  spec:
    imageDigestMirrors:
    - {source: quay.io/team, mirrors: [b.io, c.io]}
- apiVersion: operator.openshift.io/v1alpha1
  kind: ImageContentSourcePolicy
  spec:
    repositoryDigestMirrors:
    - {source: quay.io/team, mirrors: [a.io, b.io]}
---
apiVersion: config.openshift.io/v1
kind: ImageTagMirrorSet
spec:
  imageTagMirrors:
  - {source: docker.io, mirrors: [t.io], mirrorSourcePolicy: NeverContactSource}
  - {source: quay.io/team, mirrors: [t.io, quay.io/team]}
  - {source: own.io, mirrors: [own.io]}
`;

describe('mirror sets', () => {
  test('of one source keep each one’s order; digests before tags', () => {
    expect(mergeMirrorSets(readMirrorSets('sets.yaml', SETS))).toEqual([
      {
        prefix: 'docker.io',
        mirrors: [{ location: 't.io', pullFromMirror: 'tag-only' }],
        blocked: true,
      },
      {
        prefix: 'quay.io/team',
        mirrors: [
          { location: 'a.io', pullFromMirror: 'digest-only' },
          { location: 'b.io', pullFromMirror: 'digest-only' },
          { location: 'c.io', pullFromMirror: 'digest-only' },
          { location: 't.io', pullFromMirror: 'tag-only' },
        ],
        blocked: false,
      },
    ]);
  });

  test('written as registries.conf, they are what the library reads', () => {
    const text = registriesConf(mergeMirrorSets(readMirrorSets('sets.yaml', SETS)));
    const { registries } = parseRegistriesConf('registries.conf', Buffer.from(text));
    expect(registries).toMatchObject([
      {
        prefix: 'docker.io',
        blocked: true,
        mirrors: [{ location: 't.io', pullFromMirror: 'tag-only' }],
      },
      { prefix: 'quay.io/team', blocked: false, mirrors: { length: 4 } },
    ]);
  });

  test('in an order that contradicts another, the first one stands', () => {
    const set = {
      source: 's.io',
      pullFromMirror: 'digest-only',
      neverContactSource: false,
    } as const;
    const [registry] = mergeMirrorSets([
      { ...set, mirrors: ['a.io', 'b.io'] },
      { ...set, mirrors: ['b.io', 'a.io', 'c.io'] },
    ]);
    expect(registry?.mirrors.map(({ location }) => location)).toEqual(['a.io', 'b.io', 'c.io']);
  });

  test.each([
    ['nothing', '# empty\n', 'sets.yaml:1:1: it holds no mirror set'],
    [
      'another kind',
      'kind: Pod\n',
      'sets.yaml:1:1: its kind is "Pod"; read are ImageDigestMirrorSet',
    ],
    [
      'no source',
      'kind: ImageTagMirrorSet\nspec:\n  imageTagMirrors:\n  - mirrors: [a.io]\n',
      'sets.yaml:4:5: this entry has no source',
    ],
    [
      'a number as mirror',
      'kind: ImageTagMirrorSet\nspec:\n  imageTagMirrors:\n  - {source: a, mirrors: [5]}\n',
      'sets.yaml:4:5: a mirror of this entry is no text',
    ],
    ['a repeated key', 'kind: Pod\nkind: Pod\n', 'sets.yaml:2:1: "kind" stands here once more'],
    ['no YAML', 'a: [\n', 'sets.yaml:2:1: yaml: line 2: '],
  ])('%s is refused with its place', (_, text, message) => {
    expect(() => readMirrorSets('sets.yaml', text)).toThrow(message);
  });
});
