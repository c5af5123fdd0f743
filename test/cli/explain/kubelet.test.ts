import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { readKubeletFacts } from '../../../src/cli/explain/kubelet-facts.ts';
import { kubeletPart } from '../../../src/cli/explain/kubelet-part.ts';
import { type ExplainOptions, explain, GOOD_PLUGIN } from '../../support/explain.ts';
import { auth, mirrorConf, TestNode } from '../../support/node.ts';

const IMAGE = 'docker.io/library/nginx';

let node: TestNode;

beforeAll(async () => {
  node = await TestNode.start();
  node.addNamespace('team-a', { 'localhost:5000': auth('me', 'secret') });
  node.token('team-a');
});
afterAll(() => node[Symbol.asyncDispose]());

async function explained(options: ExplainOptions, ...more: readonly string[]) {
  return explain(node, [IMAGE, '-n', 'team-a', ...more], options);
}

describe('the kubelet calls the plugin', () => {
  test('by a pattern, told with file and line', async () => {
    const { code, sentences } = await explained({
      plugin: { matchImages: ['quay.io', 'docker.io'] },
    });
    expect(sentences).toContain(
      '✓ calls crio-credential-provider: the pattern docker.io (/providers.yaml:10) covers docker.io/library/nginx',
    );
    expect(code).toBe(0);
  });
});

describe('the kubelet does not call the plugin:', () => {
  test('no pattern covers the image; the nearest one is told', async () => {
    const { code, sentences } = await explained({
      plugin: { matchImages: ['quay.io', '*.docker.io'] },
    });
    expect(sentences).toContain(
      '✗ does not call crio-credential-provider: none of its 2 patterns covers docker.io/library/nginx',
    );
    expect(sentences).toContain(
      '✗ nearest is the pattern *.docker.io (/providers.yaml:10): it has 3 labels, the host 2, and a * stands for exactly one',
    );
    expect(code).toBe(1);
  });

  test.each<[string, ExplainOptions, string]>([
    [
      'its one pattern does not cover the image',
      { plugin: { matchImages: ['docker.io:443'] } },
      '✗ does not call crio-credential-provider: its one pattern does not cover docker.io/library/nginx',
    ],
    [
      'there is no entry for it',
      { plugin: null, otherProviders: [{ ...GOOD_PLUGIN, name: 'ecr' }] },
      '✗ /providers.yaml names no crio-credential-provider, only ecr',
    ],
    [
      'it would get no token',
      { plugin: { tokenAttributes: undefined } },
      '✗ its entry has no tokenAttributes: the plugin gets no token and does nothing',
    ],
    [
      'it refuses its args',
      { plugin: { args: ['--registry-conf=/x'] } },
      '✗ the plugin refuses its args: unknown argument "--registry-conf=/x"; known are --registries-conf, --registries-conf-dir, --auth-dir, --kubelet-auth-file, --kubernetes-config-dir, --kubeconfig, --api-server, --certificate-authority, --insecure-skip-tls-verify, --image-access, --publish-wait, --stale-after, --timeout, --log-level, --log-format, --version, --version-json, --help',
    ],
    [
      'its args have a value that it does not take',
      { plugin: { args: ['--timeout=soon'] } },
      '✗ the plugin refuses its args: --timeout takes a duration such as 500ms, 30s or 1h, not "soon"',
    ],
    [
      'the service account lacks an annotation that the entry requires',
      {
        plugin: {
          tokenAttributes: {
            ...GOOD_PLUGIN.tokenAttributes,
            requireServiceAccount: true,
            requiredServiceAccountAnnotationKeys: ['example.com/team'],
          },
        },
      },
      '✗ the service account lacks the annotation example.com/team, which the entry requires',
    ],
    [
      'the configuration is refused, told with the place',
      { plugin: { matchImages: ['quay.io:http'] } },
      '✗ /providers.yaml:9: providers.matchImages: Invalid value: "quay.io:http": match image is invalid: parse "https://quay.io:http": invalid port ":http" after host',
    ],
  ])('%s', async (_, options, expected) => {
    const { code, sentences } = await explained(options);
    expect(sentences).toContain(expected);
    expect(code).toBe(1);
  });

  test('the configuration is gone', async () => {
    const { code, sentences } = await explained({}, '--credential-provider-config', '/none');
    expect(sentences).toContain('✗ the kubelet refuses /none and does not start');
    expect(sentences).toContain(
      '✗ unable to access path "/none": stat /none: no such file or directory',
    );
    expect(code).toBe(1);
  });

  test('its executable is missing, or is none', async () => {
    const binDir = `${node.root}/plugins`;
    const flags = ['--credential-provider-bin-dir', binDir];
    const missing =
      '✗ /plugins/crio-credential-provider is no executable: the kubelet does not start without it';
    expect((await explained({}, ...flags)).sentences).toContain(missing);
    mkdirSync(binDir);
    writeFileSync(`${binDir}/crio-credential-provider`, '');
    expect((await explained({}, ...flags)).sentences).toContain(missing);
    chmodSync(`${binDir}/crio-credential-provider`, 0o755);
    expect((await explained({}, ...flags)).code).toBe(0);
  });
});

describe('the args of the plugin’s entry count,', () => {
  test('so that no flag is needed for what they say', async () => {
    const { code, sentences } = await explain(node, [IMAGE, '-n', 'team-a'], { flagsInArgs: true });
    expect(sentences).toContain('✓ entry docker.io (/registries.conf:1) applies: 1 mirror');
    expect(code).toBe(0);
  });

  test('unless a flag says otherwise', async () => {
    writeFileSync(`${node.root}/other.conf`, mirrorConf('docker.io', 'other.test'));
    const args = [IMAGE, '-n', 'team-a', '--registries-conf', `${node.root}/other.conf`];
    const { sentences } = await explain(node, args, { flagsInArgs: true });
    expect(sentences).toContain('✓ entry docker.io (/other.conf:1) applies: 1 mirror');
  });
});

describe('a running kubelet tells its configuration', () => {
  const image = IMAGE;

  test('by its flags', () => {
    writeFileSync(
      `${node.root}/k.json`,
      JSON.stringify({
        apiVersion: 'kubelet.config.k8s.io/v1',
        kind: 'CredentialProviderConfig',
        providers: [GOOD_PLUGIN],
      }),
    );
    const args = [
      `--image-credential-provider-config=${node.root}/k.json`,
      '--image-credential-provider-bin-dir',
      '/nowhere',
    ];
    const facts = readKubeletFacts({}, [{ pid: 7, args }]);
    expect(facts).toMatchObject({
      pid: 7,
      binDir: '/nowhere',
      config: { path: `${node.root}/k.json` },
    });
    expect(kubeletPart(facts, { image })).toMatchObject({ callsPlugin: false });
  });

  test('or that it has none', () => {
    const facts = readKubeletFacts({}, [{ pid: 7, args: ['--v=2'] }]);
    expect(kubeletPart(facts, { image })).toEqual({
      callsPlugin: false,
      findings: [
        {
          mark: 'bad',
          text: 'the kubelet (process 7) runs without --image-credential-provider-config and calls no plugin',
        },
      ],
    });
  });

  test.each<[string, readonly { pid: number; args: readonly string[] }[]]>([
    ['no kubelet is seen running here', []],
    [
      'several kubelets run here',
      [
        { pid: 7, args: [] },
        { pid: 8, args: [] },
      ],
    ],
  ])('and otherwise it is not known: %s', (why, running) => {
    expect(kubeletPart(readKubeletFacts({}, running), { image })).toEqual({
      findings: [
        {
          mark: 'note',
          text: `not known whether it calls the plugin: ${why}; give --credential-provider-config FILE`,
        },
      ],
    });
  });
});
