import { expect, test } from 'bun:test';
import { documentsOf } from '../../../src/platform/lint/documents.ts';
import { LINT_KINDS, lintKindOf } from '../../../src/platform/lint/lint-kind.ts';

test('the documents of a file keep their lines', () => {
  expect(documentsOf('a: 1\n---\nb: 2\n---\n# c\nc: 3\n')).toEqual([
    'a: 1\n',
    '    \n   \nb: 2\n',
    '    \n   \n    \n   \n# c\nc: 3\n',
  ]);
  expect(documentsOf('---\na: 1\n')).toEqual(['---\na: 1\n']);
  expect(documentsOf('a: [\n---\nb: 2\n')).toHaveLength(1);
});

test.each([
  ['x', 'kind: CredentialProviderConfig\n', 'credential-provider-config'],
  ['x', '{"apiVersion":"v1","kind": "CredentialProviderConfig"', 'credential-provider-config'],
  ['x', "  kind: 'CRIOCredentialProviderConfig'\n: broken", 'crio-credential-provider-config'],
  ['x', 'kind: MachineConfig\n', 'machine-config'],
  ['x', 'kind: Secret\n', 'pull-secret'],
  ['x.bu', '', 'butane'],
  ['x', 'variant: openshift\n', 'butane'],
  ['10-a.conf', '', 'registries-conf'],
  ['x', '# c\n[[registry]]\n', 'registries-conf'],
  ['x', 'unqualified-search-registries = []\n', 'registries-conf'],
  ['x', '{"auths": {}}', 'docker-config'],
  ['/root/.dockercfg', '{}', 'docker-config'],
  ['x', 'kind: Pod\n', undefined],
  ['x', '{}', undefined],
])('%s with %j is a %s', (name, text, kind) => {
  const expected = LINT_KINDS.find((one) => one === kind);
  expect(lintKindOf(name, text)).toBe(expected);
});
