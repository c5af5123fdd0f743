import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { Failure } from '../diagnostics/errors.ts';
import { flagSettingOf } from '../node/flag-setting.ts';
import type { ProviderFlags } from '../node/kubelet-flags.ts';
import { nodeKindOf } from '../node/node-kind.ts';
import { DirectoryTree } from '../node/node-tree.ts';
import { runningCommandLine } from './node-options.ts';

/**
 * Whether the kubelet of a node finds an executable of that name, for the file or directory that it reads
 * its configuration from; undefined for any other path, and where that node has no such kubelet.
 */
export function pluginsFor(
  path: string,
  tree = new DirectoryTree(),
): ((name: string) => boolean) | undefined {
  const { config, pluginDir } = kubeletFlags(tree);
  if (config === undefined || pluginDir === undefined) return undefined;
  if (!isSameFile(tree.locate(config), path)) return undefined;
  return (name) => isExecutable(tree.locate(`${pluginDir}/${name}`));
}

function kubeletFlags(tree: DirectoryTree): Partial<ProviderFlags> {
  try {
    return flagSettingOf(tree, nodeKindOf(tree), runningCommandLine(tree)).current;
  } catch (error) {
    // A node tells everything to root alone.
    if (error instanceof Failure) return {};
    throw error;
  }
}

function isSameFile(one: string, other: string): boolean {
  try {
    return realpathSync(one) === realpathSync(other);
  } catch {
    // One of them is not there.
    return false;
  }
}

/** Whether this process may start a file. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
