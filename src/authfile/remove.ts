import { errorCode } from '../diagnostics/errors.ts';
import { type FileStatus, linkSync, lstatSync, renameSync, unlinkSync } from '../system/fs.ts';
import { withDirectoryLock } from './directory-lock.ts';
import { besideName } from './temporary.ts';

/**
 * Removes a file of the auth directory that is meant by what it is; false where it is another or gone. It is
 * renamed aside and looked at again first: between looking and removing, CRI-O may have taken it and a
 * new one been published under its name, which is then put back.
 */
export function removeIf(path: string, isMeant: (file: FileStatus) => boolean): boolean {
  if (!isThere(path, isMeant)) return false;
  // Who gets no lock leaves the file to the next one.
  return withDirectoryLock(path, 'exclusive', (isLocked) => isLocked && removeNow(path, isMeant));
}

function removeNow(path: string, isMeant: (file: FileStatus) => boolean): boolean {
  const aside = besideName(path, 'stale');
  // Looked at last thing before, so that hardly ever one is set aside that has to be put back.
  if (!isThere(path, isMeant)) return false;
  if (!movedAside(path, aside)) return false;
  const isStillMeant = isThere(aside, isMeant);
  if (!isStillMeant) putBack(aside, path);
  unlinkSync(aside);
  return isStillMeant;
}

/** Whether a regular file that is meant lies at a path. */
export function isThere(path: string, isMeant: (file: FileStatus) => boolean): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.isFile() === true && isMeant(found);
}

function movedAside(path: string, aside: string): boolean {
  try {
    renameSync(path, aside);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

function putBack(aside: string, path: string): void {
  try {
    linkSync(aside, path);
  } catch (error) {
    // A newer file has its place already.
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}
