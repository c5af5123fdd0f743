import {
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { posix } from 'node:path';
import { errorCode, Failure } from '../diagnostics/errors.ts';
import { plain } from '../diagnostics/plain.ts';
import type { DirectoryTree } from './node-tree.ts';
import type { FileSnapshot, Snapshot } from './snapshot.ts';

const DIRECTORY_MODE = 0o755;

/**
 * Makes a path of a node be as a snapshot says, in one step: a new file or link takes the old one's
 * place. Directories above it are made where they are missing. Throws a Failure where it cannot be done.
 */
export function writeSnapshot(tree: DirectoryTree, path: string, snapshot: Snapshot): void {
  const place = tree.locate(path, false);
  try {
    if (snapshot.kind === 'absent') {
      rmSync(place, { force: true });
      return;
    }
    if (snapshot.kind === 'directory') throw new Error('directories are not swapped');
    mkdirSync(posix.dirname(place), { recursive: true, mode: DIRECTORY_MODE });
    const temporary = posix.join(posix.dirname(place), `.${posix.basename(place)}.pullkey-new`);
    rmSync(temporary, { force: true });
    if (snapshot.kind === 'link') symlinkSync(snapshot.target, temporary);
    else writeFile(temporary, snapshot);
    renameSync(temporary, place);
  } catch (error) {
    const reason = errorCode(error);
    if (reason === undefined) throw error;
    throw new Failure(
      `cannot write ${plain(path)}: ${reason}; run this as root, on a disk with room`,
      {
        cause: error,
      },
    );
  }
}

function writeFile(place: string, { bytes, mode, uid, gid }: FileSnapshot): void {
  const fd = openSync(place, 'wx', mode);
  try {
    writeFileSync(fd, bytes);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  // Only root may give files away; in a tree of somebody else's they stay that user's.
  if (process.getuid?.() === 0) chownSync(place, uid, gid);
  chmodSync(place, mode);
}

/** Removes directories of a node as far as they are empty. */
export function removeEmptyDirectories(tree: DirectoryTree, paths: readonly string[]): void {
  for (const path of paths) {
    try {
      rmdirSync(tree.locate(path, false));
    } catch (error) {
      if (!['ENOTEMPTY', 'EEXIST', 'ENOENT', 'EBUSY'].includes(errorCode(error) ?? '')) throw error;
    }
  }
}
