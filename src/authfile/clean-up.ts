import { systemReason } from '../diagnostics/system-reason.ts';
import { readdirSync } from '../system/fs.ts';
import { AUTH_FILE_NAME } from './path.ts';
import type { FileIdentity } from './publish.ts';
import { isThere, removeIf } from './remove.ts';

/** Our temporary files and the original's, and files set aside for removal, left by killed runs. */
const LEFTOVER_NAME = /^\.auth-[0-9a-f]+\.(?:tmp|stale)$/;

/** A younger file of these names may belong to a run that still waits for its turn. */
const UNFINISHED_AFTER_MS = 60 * 60 * 1000;

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
  try {
    return removeAll(directory, readdirSync(directory), staleAfter);
  } catch (error) {
    return { removed: 0, problem: systemReason(error) };
  }
}

/** The names of what `removeStaleFiles` would remove. Throws the system's error. */
export function staleFiles(directory: string, staleAfter: number): readonly string[] {
  return readdirSync(directory).filter((name) => {
    const age = staleAge(name, staleAfter);
    return age !== undefined && isThere(`${directory}/${name}`, olderThan(Date.now() - age));
  });
}

function removeAll(directory: string, names: readonly string[], staleAfter: number): CleanUp {
  let removed = 0;
  let problem: string | undefined;
  for (const name of names) {
    const age = staleAge(name, staleAfter);
    if (age === undefined) continue;
    try {
      if (removeIfOlder(`${directory}/${name}`, Date.now() - age)) removed += 1;
    } catch (error) {
      problem ??= systemReason(error);
    }
  }
  return problem === undefined ? { removed } : { removed, problem };
}

/** At which age a file goes; undefined for names that are not ours. */
function staleAge(name: string, staleAfter: number): number | undefined {
  if (AUTH_FILE_NAME.test(name)) return staleAfter;
  return LEFTOVER_NAME.test(name) ? Math.max(staleAfter, UNFINISHED_AFTER_MS) : undefined;
}

/** Removes what an earlier run left under the name of a pull that needs no auth file. */
export function removeLeftover(path: string, startedAt: number): CleanUp {
  try {
    return { removed: removeIfOlder(path, startedAt) ? 1 : 0 };
  } catch (error) {
    return { removed: 0, problem: systemReason(error) };
  }
}

/**
 * Takes back a file that this process has published, where CRI-O has not taken it yet. The kubelet that got no
 * answer would record the image as pulled without credentials, and let every pod of the node start it.
 */
export function withdraw(path: string, { ino, mtimeMs }: FileIdentity): CleanUp {
  try {
    // A number alone is given again once CRI-O has removed its file.
    const isOwn = (file: FileIdentity) => file.ino === ino && file.mtimeMs === mtimeMs;
    return { removed: removeIf(path, isOwn) ? 1 : 0 };
  } catch (error) {
    return { removed: 0, problem: systemReason(error) };
  }
}

/**
 * Removes a file that was last written before the given time (milliseconds since the epoch); false where
 * it is younger, gone or no regular file.
 */
export function removeIfOlder(path: string, bound: number): boolean {
  return removeIf(path, olderThan(bound));
}

function olderThan(bound: number): (file: FileIdentity) => boolean {
  return (file) => file.mtimeMs < bound;
}
