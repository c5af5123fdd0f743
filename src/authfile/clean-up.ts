import { linkSync, lstatSync, readdirSync, renameSync, unlinkSync } from 'node:fs';
import { errorCode } from '../diagnostics/errors.ts';
import { AUTH_FILE_NAME } from './path.ts';

/** Our temporary files and the original's, and files set aside for removal, left by killed runs. */
const LEFTOVER_NAME = /^\.auth-[0-9a-f]+\.(?:tmp|stale)$/;

/** What the clean-up of a directory did; `problem` is the first error's reason. */
export interface CleanUp {
  readonly removed: number;
  readonly problem?: string;
}

/**
 * Removes auth files that nobody took and leftovers of killed runs, once they are older than
 * `staleAfter` milliseconds (0: never). Other names and directories (CRI-O's `in-use/`) are not touched.
 */
export function removeStaleFiles(directory: string, staleAfter: number): CleanUp {
  if (staleAfter === 0) return { removed: 0 };
  const bound = Date.now() - staleAfter;
  let removed = 0;
  try {
    for (const name of readdirSync(directory)) {
      const isOurs = AUTH_FILE_NAME.test(name) || LEFTOVER_NAME.test(name);
      if (isOurs && removeIfOlder(`${directory}/${name}`, bound)) removed += 1;
    }
    return { removed };
  } catch (error) {
    return { removed, problem: errorCode(error) ?? 'unknown reason' };
  }
}

/** Removes what an earlier run left under the name of a pull that needs no auth file. */
export function removeLeftover(path: string, startedAt: number): CleanUp {
  try {
    return { removed: removeIfOlder(path, startedAt) ? 1 : 0 };
  } catch (error) {
    return { removed: 0, problem: errorCode(error) ?? 'unknown reason' };
  }
}

/**
 * Removes a file that was last written before the given time (milliseconds since the epoch); false where
 * it is younger, gone or no regular file. It is renamed aside and its age read again first: between
 * looking and removing, CRI-O may have taken the old file and a new one been published under its name.
 */
export function removeIfOlder(path: string, bound: number): boolean {
  if (!isOlder(path, bound)) return false;
  const slash = path.lastIndexOf('/') + 1;
  const aside = `${path.slice(0, slash)}.auth-${crypto.randomUUID().replaceAll('-', '')}.stale`;
  if (!movedAside(path, aside)) return false;
  const old = isOlder(aside, bound);
  if (!old) putBack(aside, path);
  unlinkSync(aside);
  return old;
}

function isOlder(path: string, bound: number): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.isFile() === true && found.mtimeMs < bound;
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
