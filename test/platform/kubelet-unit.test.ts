import { expect, test } from 'bun:test';
import { kubeadmDropIn } from '../../src/platform/kubeadm-drop-in.ts';
import { PLATFORM_TYPES, platformType } from '../../src/platform/platform-type.ts';
import { poolFiles } from '../../src/platform/pool-files.ts';

test('a platform is known by its name in any case', () => {
  expect(platformType('aws')).toBe('AWS');
  expect(platformType('OVIRT')).toBe('oVirt');
  expect(platformType('aws ')).toBeUndefined();
});

test('every platform gets one configuration, and a drop-in where it has no provider of its own', () => {
  for (const platform of PLATFORM_TYPES) {
    const { files, overlapped } = poolFiles(platform, ['mirror.example.com']);
    expect(overlapped).toEqual([]);
    expect(files).toHaveLength(['AWS', 'Azure', 'GCP'].includes(platform) ? 1 : 2);
  }
});

test('annotation keys are written only where they are asked for', () => {
  const [plain] = poolFiles('None', ['quay.io']).files;
  const [asked] = poolFiles('None', ['quay.io'], ['pullkey.dev/pull-secrets']).files;
  expect(plain?.content).not.toContain('AnnotationKeys');
  expect(asked?.content).toContain(
    '    optionalServiceAccountAnnotationKeys:\n    - pullkey.dev/pull-secrets\n',
  );
});

test('the drop-in for kubeadm resets the command line before it sets it', () => {
  const dropIn = kubeadmDropIn({ configFile: '/etc/c.yaml', pluginDir: '/opt/plugins' });
  const settings = dropIn.split('\n').filter((line) => !line.startsWith('#') && line !== '');
  expect(settings).toEqual([
    '[Service]',
    'ExecStart=',
    expect.stringMatching(
      /^ExecStart=\/usr\/bin\/kubelet .*\$KUBELET_EXTRA_ARGS --image-credential-provider-bin-dir=\/opt\/plugins --image-credential-provider-config=\/etc\/c\.yaml$/,
    ),
  ]);
});
