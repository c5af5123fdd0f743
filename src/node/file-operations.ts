import {
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { posix } from 'node:path';
import type { FileSnapshot } from './snapshot.ts';

/** What changes the files of a node, a step each. Places are paths of this machine; each may throw as node:fs does. */
export interface FileOperations {
  makeDirectory(place: string, mode: number): void;
  /** Removes an empty directory. */
  removeDirectory(place: string): void;
  /** Writes a new file to the disk. */
  writeFile(place: string, file: FileSnapshot): void;
  makeLink(place: string, target: string): void;
  /** Puts a file or link in the place of what is there. */
  rename(from: string, to: string): void;
  /** Removes a file or link, if there is one. */
  removeFile(place: string): void;
  /** Gives files the SELinux contexts of their places, where the node has such. */
  restoreContexts(places: readonly string[]): void;
}

export const MACHINE_OPERATIONS: FileOperations = {
  makeDirectory(place, mode) {
    mkdirSync(place, mode);
    // Whatever the umask of the caller.
    chmodSync(place, mode);
  },
  removeDirectory: (place) => rmdirSync(place),
  writeFile: writeNewFile,
  makeLink: (place, target) => symlinkSync(target, place),
  rename(from, to) {
    renameSync(from, to);
    syncDirectory(posix.dirname(to));
  },
  removeFile(place) {
    // A read-only file system refuses to remove even what is not there.
    if (lstatSync(place, { throwIfNoEntry: false }) !== undefined) rmSync(place, { force: true });
  },
  restoreContexts,
};

function writeNewFile(place: string, { bytes, mode, uid, gid }: FileSnapshot): void {
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

/** So that a name outlives a loss of power; not every file system can. */
function syncDirectory(directory: string): void {
  const fd = openSync(directory, 'r');
  try {
    fsyncSync(fd);
  } catch {
    // The name is written a little later then.
  } finally {
    closeSync(fd);
  }
}

const SYSTEM_PATH = '/usr/sbin:/sbin:/usr/bin:/bin';

/**
 * A new file gets its context from the directory it is made in, and its name may ask for another. Without
 * restorecon(8) there are no contexts; where it fails it says so itself, and nothing hangs on it.
 */
function restoreContexts(places: readonly string[]): void {
  const program = Bun.which('restorecon', { PATH: SYSTEM_PATH });
  if (program === null || places.length === 0) return;
  try {
    Bun.spawnSync([program, ...places], { stdin: 'ignore', stdout: 'ignore', stderr: 'inherit' });
  } catch {
    // It is there but cannot be run, so that there is nothing to go by.
  }
}
