import { describe, expect, test } from 'bun:test';
import { writeFileSync } from 'node:fs';
import { judgeConfig } from '../../src/kubelet/read-config.ts';
import { documents, render, rendered } from '../support/render.ts';
import { withTemporaryDirectory } from '../support/temporary-directory.ts';

const CONF = `[[registry]]
location = "docker.io"
[[registry.mirror]]
location = "localhost:5000"
[[registry]]
prefix = "*.example.com"
[[registry.mirror]]
location = "mirror.internal"
`;

describe('render credential-provider-config', () => {
  test('proposes entries for what registries.conf rewrites, in a file that the kubelet accepts', () => {
    withTemporaryDirectory((directory) => {
      writeFileSync(`${directory}/registries.conf`, CONF);
      const run = render(
        `credential-provider-config --provider both --match-images quay.io --from-registries-conf ${directory}/registries.conf`,
      );
      expect(run.stderr).toContain('add *.*.example.com for the next');
      expect(run.stderr).toContain('no --audience is given');
      const tokenAttributes = {
        serviceAccountTokenAudience: 'https://kubernetes.default.svc',
        cacheType: 'Token',
        requireServiceAccount: false,
        optionalServiceAccountAnnotationKeys: ['pullkey.dev/pull-secrets'],
      };
      const matchImages = ['quay.io', '*.example.com', 'docker.io'];
      expect(judgeConfig([{ path: 'c', bytes: Buffer.from(run.stdout) }])).toMatchObject({
        ok: true,
        notes: [],
        config: {
          providers: [
            { name: 'crio-credential-provider', matchImages, tokenAttributes },
            { name: 'generic-credential-provider', matchImages },
          ],
        },
      });
    });
  });

  test('merges into a file, as YAML or JSON', () => {
    withTemporaryDirectory((directory) => {
      const file = `${directory}/config.yaml`;
      writeFileSync(file, rendered('credential-provider-config --match-images a.io --audience x'));
      const line = `credential-provider-config --merge ${file} --match-images b.io --audience y`;
      const run = render(line);
      expect(run.stdout).toContain('      - a.io\n      - b.io\n');
      expect(run.stderr).toBe(
        'pullkey: the audience of crio-credential-provider is now y, before x\n',
      );
      expect(documents(run.stdout)).toEqual([JSON.parse(rendered(`${line} -o json`))]);
    });
  });

  test('merged, it has the comments that it has alone', () => {
    withTemporaryDirectory((directory) => {
      writeFileSync(`${directory}/registries.conf`, CONF);
      const line = `credential-provider-config --from-registries-conf ${directory}/registries.conf`;
      const alone = rendered(line);
      const commentsIn = (yaml: string): string[] => [...(yaml.match(/#.*/g) ?? [])];
      const comments = commentsIn(alone);
      expect(comments).toEqual([
        expect.stringContaining('# in registries.conf *.example.com covers names of any depth'),
        expect.stringContaining('# Must be an audience of the API server'),
      ]);
      const other = `${alone.replace(/\n +#.*/g, '').replace('crio-credential-provider', 'other')}`;
      writeFileSync(`${directory}/other.yaml`, other);
      expect(commentsIn(rendered(`${line} --merge ${directory}/other.yaml`))).toEqual(comments);
      const [head] = other.replace('other', 'crio-credential-provider').split('      - docker.io');
      const tokenless = `${head}      - docker.io\n    defaultCacheDuration: 0s\n    apiVersion: credentialprovider.kubelet.k8s.io/v1\n`;
      writeFileSync(`${directory}/ours.yaml`, tokenless.replace(/.*example.com.*\n/, ''));
      expect(commentsIn(rendered(`${line} --merge ${directory}/ours.yaml`))).toEqual(comments);
    });
  });

  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x,x]',
    ...[...'bcdefg'].map((name, index) => {
      const before = 'abcdefg'[index];
      return `${name}: &${name} [${Array(10).fill(`*${before}`).join(',')}]`;
    }),
  ].join('\n');

  test.each([
    ['no YAML', 'a: [\n', ':2:1: yaml: line 2'],
    ['tabs', 'a:\n\tb: c\n', ':2:1: yaml: line 2'],
    ['an alias bomb', bomb, 'its aliases expand to too much'],
    [
      'a repeated key',
      'apiVersion: kubelet.config.k8s.io/v1\nkind: CredentialProviderConfig\nkind: CredentialProviderConfig\n',
      ':3:1: duplicate field "kind"',
    ],
    ['10 MiB', '#'.repeat(10 * 1024 * 1024), 'is larger than 4 MiB'],
    ['a second document', '', ':15:1: a second YAML document begins here'],
    ['bytes that are no text', new Uint8Array([0xff]), 'is no UTF-8 text'],
  ])('a file with %s is refused, and nothing is written', (kind, text, message) => {
    withTemporaryDirectory((directory) => {
      const file = `${directory}/config.yaml`;
      const good = rendered('credential-provider-config --match-images a.io --audience x');
      writeFileSync(file, kind === 'a second document' ? `${good}---\n${good}` : text);
      const run = render(`credential-provider-config --merge ${file} --match-images b.io`);
      expect(run).toMatchObject({ exitCode: 1, stdout: '' });
      expect(run.stderr).toContain(message);
    });
  });

  test('without any image it says how to name one', () => {
    expect(render('credential-provider-config')).toMatchObject({ exitCode: 2, stdout: '' });
  });
});
