import { describe, expect, test } from 'bun:test';
import { pluginSettings } from '../../../src/cli/explain/plugin-options.ts';

/** What the plugin goes by, with some args in the kubelet's configuration and flags of ours. */
function settings(args: readonly string[], given: Readonly<Record<string, string>> = {}) {
  const rest = { apiVersion: 'credentialprovider.kubelet.k8s.io/v1', env: [], matchImages: [] };
  const provider = { name: 'crio-credential-provider', args, ...rest };
  const position = { line: 1, column: 1 };
  const place = { file: 'config.yaml', entry: position, matchImages: [] };
  return pluginSettings(given, { plugin: { provider, place } }).options.apiServer;
}

describe('the plugin runs with the args of its entry', () => {
  const args = ['--kubeconfig=/node/kubeconfig', '--certificate-authority=/node/ca.crt'];

  test('as they are', () => {
    expect(settings(args)).toMatchObject({
      kubeconfig: '/node/kubeconfig',
      certificateAuthority: '/node/ca.crt',
    });
  });

  test('and another kubeconfig brings its own CA, unless one is given', () => {
    const other = settings(args, { kubeconfig: '/mine' });
    expect(other.kubeconfig).toBe('/mine');
    expect(other.certificateAuthority).toBeUndefined();
    const both = settings(args, { kubeconfig: '/mine', certificateAuthority: '/my/ca' });
    expect(both.certificateAuthority).toBe('/my/ca');
  });
});
