import { Failure } from '../diagnostics/errors.ts';
import type { InstallState } from './install-state.ts';
import type { DirectoryTree } from './node-tree.ts';
import { type SnapshotAt, writeLacking, writeSnapshots } from './write-snapshot.ts';

/**
 * Makes changes after noting what lay there. Throws a Failure where one cannot be made; the node is as
 * before then.
 */
export function makeChanges(
  tree: DirectoryTree,
  changes: readonly SnapshotAt[],
  state: InstallState,
): void {
  if (changes.length === 0) return;
  try {
    state.begin(changes);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    state.abandon();
    throw unchanged(error);
  }
  writeWhole(tree, changes, () => state.abandon());
}

/** Makes all changes or none. Throws a Failure where one cannot be made, after `isAsBefore` was called. */
export function writeWhole(
  tree: DirectoryTree,
  changes: readonly SnapshotAt[],
  isAsBefore: () => void = () => undefined,
): void {
  const before = changes.map(({ path }) => ({ path, after: tree.snapshot(path) })).reverse();
  try {
    writeSnapshots(tree, changes);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    putBack(tree, before, error);
    isAsBefore();
    throw unchanged(error);
  }
}

/** Throws a Failure that tells of both where putting back fails as well. */
export function putBack(tree: DirectoryTree, before: readonly SnapshotAt[], reason: Failure): void {
  try {
    writeLacking(tree, before);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(
      `${reason.message}; putting everything back failed too: ${error.message}; then run the same command again`,
      { cause: error },
    );
  }
}

function unchanged(reason: Failure): Failure {
  return new Failure(`${reason.message}; nothing was changed`, { cause: reason });
}
