import { describe, expect, test } from 'bun:test';
import { kubeletSettings } from '../../src/node/kubelet-settings.ts';
import type { NodeKind } from '../../src/node/node-kind.ts';
import { DirectoryTree } from '../../src/node/node-tree.ts';
import { type NodeFiles, nodeTree } from '../support/node-trees.ts';

function settings(files: NodeFiles, words: readonly string[], kind: NodeKind = 'kubeadm') {
  using node = nodeTree(files);
  const found = kubeletSettings(new DirectoryTree(node.path), kind, words);
  return { ...found, featureGates: Object.fromEntries(found.featureGates) };
}

const FILES: NodeFiles = {
  '/config.yaml': 'port: 1\nserializeImagePulls: true\nfeatureGates: {A: true, B: true, C: x}\n',
  '/conf.d/10.conf': 'featureGates: {B: false}\nport: 2\n',
  '/conf.d/20.conf': 'serializeImagePulls: false\n',
  '/conf.d/30.yaml': 'port: 3\n',
};

describe('the kubelet’s settings', () => {
  test('come from its file, then from drop-ins in their order', () => {
    expect(settings(FILES, ['--config=/config.yaml', '--config-dir', '/conf.d'])).toEqual({
      file: '/conf.d/20.conf',
      featureGates: { A: true, B: false },
      serializeImagePulls: false,
      port: 2,
    });
  });

  test('come from flags before that', () => {
    const flags = ['--feature-gates=A=false,D=TRUE', '--feature-gates', 'E=true', '--port=9'];
    expect(
      settings(FILES, ['--config=/config.yaml', '--serialize-image-pulls=false', ...flags]),
    ).toEqual({
      file: '/config.yaml',
      featureGates: { A: false, B: true, D: true, E: true },
      serializeImagePulls: false,
      port: 9,
    });
  });

  test('are not known where there is no file, or one that is none', () => {
    const nothing = { featureGates: {}, serializeImagePulls: undefined, port: undefined };
    expect(settings({}, [])).toEqual({ ...nothing, file: undefined });
    const file = '/config.yaml';
    expect(settings({ [file]: ': [' }, ['--config=/config.yaml'])).toEqual({ ...nothing, file });
  });

  test('of k3s come from its drop-ins and arguments', () => {
    const files = {
      '/var/lib/rancher/k3s/agent/etc/kubelet.conf.d/00-k3s.conf': 'serializeImagePulls: false\n',
      '/etc/rancher/k3s/config.yaml': 'kubelet-arg: [port=7]\n',
    };
    expect(settings(files, ['server'], 'k3s')).toMatchObject({
      serializeImagePulls: false,
      port: 7,
    });
  });
});
