import { describe, expect, test } from 'bun:test';
import { lintCrioCredentialProviderConfig } from '../../../src/platform/lint/lint-crio-credential-provider-config.ts';
import { told } from '../../support/findings.ts';

const HEAD = 'apiVersion: config.openshift.io/v1\nkind: CRIOCredentialProviderConfig\n';

function finds(title: string, rest: string, expected: readonly string[]): void {
  test(title, () => {
    expect(told(lintCrioCredentialProviderConfig('cr.yaml', HEAD + rest))).toEqual([...expected]);
  });
}

describe('a CRIOCredentialProviderConfig', () => {
  const meta = 'metadata: {name: cluster}\n';
  finds('is fine', `${meta}spec: {matchImages: [quay.io, '*.corp.example:5000/team']}\n`, []);
  finds('needs a spec', meta, ['1:1 error required']);
  finds('is called cluster', 'metadata: {name: other}\nspec: {}\n', ['1:1 error invalid']);
  finds('takes no global wildcard', `${meta}spec:\n  matchImages: ["*"]\n`, ['5:17 error invalid']);
  finds('takes no tags', `${meta}spec:\n  matchImages: [a.example, 'quay.io/x:1']\n`, [
    '5:28 error invalid',
  ]);
  finds('takes no repetitions', `${meta}spec:\n  matchImages: [a.example, a.example]\n`, [
    '5:28 error duplicate',
  ]);
  finds('has no other fields', `${meta}spec:\n  matchImage: [quay.io]\n`, [
    '5:3 error unknown-field',
  ]);
  finds('has each field once', `${meta}spec: {}\nspec: {}\n`, ['5:1 error repeated-field']);
  finds('has labels that are texts', 'metadata:\n  name: cluster\n  labels: {a: 1}\nspec: {}\n', [
    '5:15 error type',
  ]);
  finds('should leave a platform its images', `${meta}spec: {matchImages: [quay.io, a.gcr.io]}\n`, [
    '4:31 warning platform-overlap',
  ]);
  finds('may be one that a cluster gave', `${meta}spec: {}\nstatus: {conditions: 3}\n`, []);
  finds('is YAML', `${meta}spec: {matchImages: [*.k8s.io]}\n`, ['4:22 error syntax']);
});

test('needs kind and apiVersion, in words', () => {
  const found = lintCrioCredentialProviderConfig(
    'cr.yaml',
    'metadata: {name: cluster}\nspec: {}\n',
  );
  expect(found.map(({ message }) => message)).toEqual([
    'kind: Invalid value: "": must be CRIOCredentialProviderConfig',
    'apiVersion: Invalid value: "": must be config.openshift.io/v1',
  ]);
});

test('says on which platforms an entry is left out', () => {
  const text = `${HEAD}metadata: {name: cluster}\nspec: {matchImages: [x.azurecr.io]}\n`;
  const [finding] = lintCrioCredentialProviderConfig('cr.yaml', text);
  expect(finding?.message).toStartWith('on Azure this entry is left out');
});
