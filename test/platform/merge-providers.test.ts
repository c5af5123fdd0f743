import { describe, expect, test } from 'bun:test';
import { Failure } from '../../src/diagnostics/errors.ts';
import { judgeConfig } from '../../src/kubelet/read-config.ts';
import { mergeProviders } from '../../src/platform/merge-providers.ts';
import { genericEntry, mirrorEntry } from '../../src/platform/provider-entry.ts';

const AUDIENCE = 'https://kubernetes.default.svc';
const OURS = [mirrorEntry(['docker.io', 'quay.io'], AUDIENCE)];

const OTHER = `# This node's providers.
apiVersion: kubelet.config.k8s.io/v1
kind: CredentialProviderConfig
providers:
# for ECR
- name: ecr-credential-provider
  matchImages: ["*.dkr.ecr.*.amazonaws.com"] # all regions
  defaultCacheDuration: '12h'
  apiVersion: credentialprovider.kubelet.k8s.io/v1
  env:
  - name: "AWS_PROFILE"
    value: "yes"
`;

const WITH_OURS = `${OTHER}- name: crio-credential-provider
  matchImages:
  - quay.io
  defaultCacheDuration: 1s
  apiVersion: credentialprovider.kubelet.k8s.io/v1
  tokenAttributes:
    serviceAccountTokenAudience: own
    cacheType: ServiceAccount
    requireServiceAccount: true
    requiredServiceAccountAnnotationKeys: [example.com/team]
`;

function merged(text: string, audience?: string): string {
  return mergeProviders({ path: 'config.yaml', text }, OURS, audience).yaml;
}

describe('mergeProviders', () => {
  test('adds behind what is there, of which every line stays', () => {
    const result = merged(OTHER);
    expect(result.startsWith(OTHER)).toBe(true);
    expect(result.slice(OTHER.length)).toStartWith('- name: crio-credential-provider\n');
  });

  test('completes our own entry without touching what somebody decided', () => {
    expect(merged(WITH_OURS)).toBe(
      `${WITH_OURS.replace('  - quay.io\n', '  - quay.io\n  - docker.io\n')}    optionalServiceAccountAnnotationKeys:\n    - pullkey.dev/pull-secrets\n`,
    );
  });

  test('changes the audience only to one that was asked for, and says so', () => {
    const { yaml, changes } = mergeProviders({ path: 'c', text: WITH_OURS }, OURS, AUDIENCE);
    expect(yaml).toContain(`serviceAccountTokenAudience: ${AUDIENCE}\n`);
    expect(changes).toEqual([
      `the audience of crio-credential-provider is now ${AUDIENCE}, before own`,
    ]);
  });

  test('merging twice changes nothing more', () => {
    expect(merged(merged(OTHER))).toBe(merged(OTHER));
  });

  test('an annotation key that is required already does not become optional', () => {
    const text = WITH_OURS.replace('example.com/team', 'pullkey.dev/pull-secrets');
    expect(merged(text)).not.toContain('optionalServiceAccountAnnotationKeys');
  });

  test('a file of an older version is raised, for only v1 knows tokens', () => {
    const old = OTHER.replace('config.k8s.io/v1', 'config.k8s.io/v1beta1');
    const { yaml, changes } = mergeProviders({ path: 'c', text: old }, OURS, undefined);
    expect(yaml).toStartWith(OTHER);
    expect(changes).toHaveLength(1);
    expect(
      mergeProviders({ path: 'c', text: old }, [genericEntry(['quay.io'])], undefined),
    ).toEqual({
      yaml: expect.stringContaining('v1beta1'),
      changes: [],
    });
  });

  test('JSON comes back as the same values', () => {
    const text = JSON.stringify({
      apiVersion: 'kubelet.config.k8s.io/v1',
      kind: 'CredentialProviderConfig',
      providers: [
        {
          name: 'x',
          matchImages: ['1.5', 'yes'],
          defaultCacheDuration: '1s',
          apiVersion: 'credentialprovider.kubelet.k8s.io/v1',
        },
      ],
    });
    expect(merged(text)).toContain('matchImages:\n      - "1.5"\n      - "yes"\n');
  });

  test('what comes out is accepted by the kubelet', () => {
    for (const text of [OTHER, WITH_OURS]) {
      const verdict = judgeConfig([{ path: 'c', bytes: Buffer.from(merged(text)) }]);
      expect(verdict).toMatchObject({ ok: true, notes: [] });
    }
  });

  test('aliases are refused with their place', () => {
    const text = `${OTHER.replace('[', '&all [')}- name: x\n  matchImages: *all\n`;
    expect(() => merged(text)).toThrow(Failure);
    expect(() => merged(text)).toThrow('config.yaml:14:16: an alias stands here');
  });
});
