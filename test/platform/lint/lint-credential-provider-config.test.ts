import { describe, expect, test } from 'bun:test';
import { judgeConfig } from '../../../src/kubelet/read-config.ts';
import {
  type ConfigSurroundings,
  lintCredentialProviderConfig,
} from '../../../src/platform/lint/lint-credential-provider-config.ts';
import { told } from '../../support/findings.ts';

interface Provider {
  readonly name?: string;
  readonly images?: readonly string[];
  readonly duration?: string;
  readonly rest?: string;
}

function config(...providers: readonly Provider[]): string {
  const entries = providers.map(
    ({ name = 'crio-credential-provider', images = ['quay.io'], duration = '0s', rest = '' }) =>
      `- name: ${name}\n  matchImages: ${JSON.stringify(images)}\n  defaultCacheDuration: ${duration}\n` +
      `  apiVersion: credentialprovider.kubelet.k8s.io/v1\n${rest}`,
  );
  return `apiVersion: kubelet.config.k8s.io/v1\nkind: CredentialProviderConfig\nproviders:\n${entries.join('')}`;
}

function findings(text: string, surroundings: ConfigSurroundings = {}) {
  const verdict = judgeConfig([{ path: 'config.yaml', bytes: Buffer.from(text) }]);
  return lintCredentialProviderConfig('config.yaml', verdict, surroundings);
}

function finds(title: string, text: string, expected: readonly string[]): void {
  test(title, () => expect(told(findings(text))).toEqual([...expected]));
}

const TOKEN = `  tokenAttributes:
    serviceAccountTokenAudience: https://kubernetes.default.svc
    cacheType: Token
    requireServiceAccount: false
`;

describe('a CredentialProviderConfig', () => {
  finds('of our own making has nothing to tell', config({ rest: TOKEN }), []);
  finds('is refused for an unknown field', config({ rest: '  colour: red\n' }), [
    '8:3 error kubelet-decoding',
  ]);
  finds('is refused for a pattern that does not parse', config({ images: ['quay.io:x'] }), [
    '5:17 error kubelet-validation',
  ]);
  finds('may not name a provider twice', config({}, {}), ['8:9 error kubelet-decoding']);
  finds('has no wildcards in paths', config({ images: ['quay.io', 'quay.io/team/*'] }), [
    '5:27 warning glob-in-path',
  ]);
  finds('hardly means hosts of one label', config({ images: ['*', '*:5000'] }), [
    '5:17 warning bare-wildcard',
  ]);
  finds('should not keep answers', config({ duration: '1s' }), ['4:3 warning cache-duration']);
  finds('may keep those of other providers', config({ name: 'ecr', duration: '12h' }), []);
  finds(
    'should not cover the images of another provider',
    config({ images: ['quay.io', 'a.azurecr.io'] }, { name: 'acr', images: ['*.azurecr.io'] }),
    ['5:27 warning provider-overlap'],
  );
  finds('ends with its first document', `${config({})}---\nkind: More\n`, [
    '8:1 warning second-document',
  ]);

  test('should not name executables that are missing', () => {
    const text = config({}, { name: 'acr', images: ['*.azurecr.io'] });
    const found = findings(text, { hasExecutable: (name) => name !== 'acr' });
    expect(told(found)).toEqual(['8:3 warning missing-executable']);
    expect(found[0]?.message).toContain('no executable acr, so the kubelet will not start');
  });

  test('should name an audience that the cluster accepts', () => {
    const text = config({ rest: TOKEN });
    const server = 'https://10.0.0.1:6443';
    const accepts = (...audiences: string[]) =>
      told(findings(text, { cluster: { server, audiences } }));
    expect(accepts('https://kubernetes.default.svc.cluster.local')).toEqual([
      '4:3 warning audience',
    ]);
    expect(accepts('https://kubernetes.default.svc', 'other')).toEqual([]);
  });
});

test('a configuration that cannot be read is refused as a whole', () => {
  const verdict = { ok: false, stage: 'read', error: 'no files', problems: [] } as const;
  expect(told(lintCredentialProviderConfig('dir', verdict, {}))).toEqual([
    'error kubelet-decoding',
  ]);
});
