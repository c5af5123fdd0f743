import { describe, expect, test } from 'bun:test';
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { isExecutable, pluginsFor } from '../../src/cli/lint-plugins.ts';
import { DirectoryTree } from '../../src/node/node-tree.ts';
import { nodeTree, RHCOS, writeNodeFile } from '../support/node-trees.ts';

const CONFIG = '/etc/kubernetes/credential-providers/ecr-credential-provider.yaml';

describe("the plugins of this node's kubelet", () => {
  test('are known for the configuration that it reads, by any path', () => {
    using node = nodeTree(RHCOS);
    const tree = new DirectoryTree(node.path);
    const has = pluginsFor(join(node.path, CONFIG), tree);
    expect(has?.('ecr-credential-provider')).toBe(true);
    expect(has?.('crio-credential-provider')).toBe(false);
    const link = join(node.path, 'link.yaml');
    symlinkSync(join(node.path, CONFIG), link);
    expect(pluginsFor(link, tree)?.('ecr-credential-provider')).toBe(true);
  });

  test('are nobody’s for other files, for none, and where there is no kubelet', () => {
    using node = nodeTree({ ...RHCOS, '/etc/other.yaml': '' });
    const tree = new DirectoryTree(node.path);
    expect(pluginsFor(join(node.path, '/etc/other.yaml'), tree)).toBeUndefined();
    expect(pluginsFor('<stdin>', tree)).toBeUndefined();
    using empty = nodeTree({ '/etc/other.yaml': '' });
    const other = new DirectoryTree(empty.path);
    expect(pluginsFor(join(empty.path, '/etc/other.yaml'), other)).toBeUndefined();
  });

  test('are not looked for on a node that does not tell us of its kubelet', () => {
    class Silent extends DirectoryTree {
      override read(path: string): Uint8Array | undefined {
        if (path.endsWith('kubelet.conf')) this.locate('/etc/loop');
        return super.read(path);
      }
    }
    using node = nodeTree(RHCOS);
    symlinkSync('loop', join(node.path, '/etc/loop'));
    const { '/etc/machine-config-daemon/currentconfig': _, ...files } = RHCOS;
    using plain = nodeTree(files);
    symlinkSync('loop', join(plain.path, '/etc/loop'));
    expect(pluginsFor(join(plain.path, CONFIG), new Silent(plain.path))).toBeUndefined();
  });
});

test('a directory is no executable, and neither is a file that nobody may start', () => {
  using node = nodeTree({ '/opt/bin/plugin': '' });
  const plugin = join(node.path, '/opt/bin/plugin');
  expect(isExecutable(plugin)).toBe(true);
  chmodSync(plugin, 0o644);
  expect(isExecutable(plugin)).toBe(false);
  mkdirSync(join(node.path, '/opt/bin/directory'));
  expect(isExecutable(join(node.path, '/opt/bin/directory'))).toBe(false);
  writeNodeFile(node.path, '/opt/x', '');
  expect(isExecutable(join(node.path, '/opt/none'))).toBe(false);
});
