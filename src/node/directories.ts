import { posix } from 'node:path';
import { errorCode } from '../diagnostics/errors.ts';
import type { DirectoryTree } from './node-tree.ts';
import { writing } from './write-failure.ts';

/** Which of a directory and those above it are missing on a node, outermost first. */
export function missingDirectories(tree: DirectoryTree, path: string): readonly string[] {
  const missing: string[] = [];
  for (let up = path; up !== '/'; up = posix.dirname(up)) {
    if (tree.snapshot(up).kind !== 'absent') break;
    missing.unshift(up);
  }
  return missing;
}

/** Makes a directory and those above it, as far as they are missing. Throws a Failure where it cannot. */
export function makeDirectories(tree: DirectoryTree, path: string, mode: number): void {
  for (const directory of missingDirectories(tree, path)) {
    writing(directory, () => tree.operations.makeDirectory(tree.locate(directory), mode));
  }
}

/** Removes directories as far as they are there and empty; inner ones come first. */
export function removeEmptyDirectories(tree: DirectoryTree, paths: readonly string[]): void {
  for (const path of paths.filter((one) => tree.snapshot(one).kind === 'directory')) {
    writing(path, () => {
      try {
        tree.operations.removeDirectory(tree.locate(path, false));
      } catch (error) {
        if (!IN_USE_OR_GONE.includes(errorCode(error) ?? '')) throw error;
      }
    });
  }
}

const IN_USE_OR_GONE: readonly string[] = ['ENOTEMPTY', 'EEXIST', 'ENOENT', 'ENOTDIR', 'EBUSY'];
