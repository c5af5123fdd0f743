import { describe, expect, test } from 'bun:test';
import { mergeMirrorSets } from '../../src/platform/mirror-sets.ts';
import { readMirrorSets } from '../../src/platform/read-mirror-sets.ts';
import { registriesConf, withInsecureScopes } from '../../src/platform/registries-conf.ts';
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

  test('are insecure where a scope says so, for registries and mirrors alike', () => {
    const sets = mergeMirrorSets(readMirrorSets('sets.yaml', SETS));
    const text = registriesConf(withInsecureScopes(sets, ['docker.io', 'b.io', '*.io/x']));
    const { registries } = parseRegistriesConf('registries.conf', Buffer.from(text));
    expect(registries.map(({ prefix, insecure }) => [prefix, insecure])).toEqual([
      ['docker.io', true],
      ['quay.io/team', false],
    ]);
    expect(registries[1]?.mirrors.map(({ insecure }) => insecure)).toEqual([
      false,
      true,
      false,
      false,
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
      'sets.yaml:4:27: json: cannot unmarshal number into Go struct field ImageTagMirrors.spec.imageTagMirrors.mirrors of type string',
    ],
    [
      'a text where a list belongs',
      'kind: ImageDigestMirrorSet\nspec:\n  imageDigestMirrors:\n  - {source: a.io, mirrors: b.io}\n',
      'sets.yaml:4:29: json: cannot unmarshal string into',
    ],
    [
      'the list of another kind',
      'kind: ImageDigestMirrorSet\nspec:\n  imageTagMirrors: []\n',
      'sets.yaml:3:3: unknown field "spec.imageTagMirrors"',
    ],
    [
      'a mistyped field',
      'kind: ImageDigestMirrorSet\nspec:\n  imageDigestMirrors:\n  - {source: a.io, mirror: [b.io]}\n',
      'sets.yaml:4:20: unknown field "spec.imageDigestMirrors[0].mirror"',
    ],
    [
      'an unknown policy',
      'kind: ImageTagMirrorSet\nspec:\n  imageTagMirrors:\n  - {source: a.io, mirrorSourcePolicy: Never}\n',
      'sets.yaml:4:40: "Never" cannot stand here: it is none of AllowContactingSource, NeverContactSource',
    ],
    [
      'a policy where the kind has none',
      'kind: ImageContentSourcePolicy\nspec:\n  repositoryDigestMirrors:\n  - {source: a.io, mirrorSourcePolicy: NeverContactSource}\n',
      'sets.yaml:4:20: unknown field',
    ],
    [
      'a mirror with a scheme',
      'kind: ImageTagMirrorSet\nspec:\n  imageTagMirrors:\n  - source: a.io\n    mirrors: ["https://b.io"]\n',
      'sets.yaml:5:15: "https://b.io" cannot stand here: it is no HOST[:PORT][/PATH]',
    ],
    [
      'a source that no image has',
      'kind: ImageTagMirrorSet\nspec:\n  imageTagMirrors:\n  - source: nginx\n',
      'sets.yaml:4:13: "nginx" cannot stand here',
    ],
    ['a repeated key', 'kind: Pod\nkind: Pod\n', 'sets.yaml:2:1: "kind" stands here once more'],
    ['no YAML', 'a: [\n', 'sets.yaml:2:1: yaml: line 2: '],
  ])('%s is refused with its place', (_, text, message) => {
    expect(() => readMirrorSets('sets.yaml', text)).toThrow(message);
  });
});
