import { posix } from 'node:path';
import { Failure } from '../diagnostics/errors.ts';
import { plain } from '../diagnostics/plain.ts';
import { makeDirectories } from './directories.ts';
import type { DirectoryTree } from './node-tree.ts';
import { isSame, type Snapshot } from './snapshot.ts';
import { writing } from './write-failure.ts';

const DIRECTORY_MODE = 0o755;

/** What shall lie at a path of a node. */
export interface SnapshotAt {
  readonly path: string;
  readonly after: Snapshot;
}

/**
 * Makes paths of a node be as snapshots say. Everything new is written beside its place first, which is
 * what takes room; then each takes its place in one step. Directories above are made where they are
 * missing. Throws a Failure where it cannot be done: as long as nothing took its place, nothing is left
 * of it but directories.
 */
export function writeSnapshots(tree: DirectoryTree, changes: readonly SnapshotAt[]): void {
  try {
    for (const change of changes) stage(tree, change);
    for (const change of changes) swap(tree, change);
  } catch (error) {
    for (const { path } of changes) removeStaged(tree, path);
    throw error;
  }
  if (!tree.isThisMachine) return;
  const present = changes.filter(({ after }) => after.kind !== 'absent');
  tree.operations.restoreContexts(present.map(({ path }) => tree.locate(path, false)));
}

/** The same for those paths that are not so already. */
export function writeLacking(tree: DirectoryTree, changes: readonly SnapshotAt[]): void {
  writeSnapshots(
    tree,
    changes.filter(({ path, after }) => !isSame(tree.snapshot(path), after)),
  );
}

/** Removes what was written beside a path and did not get to its place, if that can be done. */
export function removeStaged(tree: DirectoryTree, path: string): void {
  try {
    tree.operations.removeFile(stagingPlace(tree, path));
  } catch {
    // Where nothing can be removed, hardly anything was written, and the next run removes it.
  }
}

function stage(tree: DirectoryTree, { path, after }: SnapshotAt): void {
  if (after.kind === 'absent') return;
  makeDirectories(tree, posix.dirname(path), DIRECTORY_MODE);
  const place = stagingPlace(tree, path);
  writing(path, () => {
    tree.operations.removeFile(place);
    if (after.kind === 'link') tree.operations.makeLink(place, after.target);
    else if (after.kind === 'file') tree.operations.writeFile(place, after);
    else throw new Failure(`${plain(path)} was a directory; make it again by hand`);
  });
}

function swap(tree: DirectoryTree, { path, after }: SnapshotAt): void {
  const place = tree.locate(path, false);
  writing(path, () => {
    if (after.kind === 'absent') tree.operations.removeFile(place);
    else tree.operations.rename(stagingPlace(tree, path), place);
  });
}

/** No configuration directory takes a file of that name for one of its own. */
function stagingPlace(tree: DirectoryTree, path: string): string {
  const place = tree.locate(path, false);
  return posix.join(posix.dirname(place), `.${posix.basename(place)}.pullkey-new`);
}
