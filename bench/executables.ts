import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Copies an executable to a name in a directory of its own, and gives the copy's path: those that are
 * compared are then in the same state in the page cache.
 */
export function freshCopy(executable: string, directory: string, name: string): string {
  mkdirSync(directory, { recursive: true });
  const copy = join(directory, name);
  rmSync(copy, { force: true });
  copyFileSync(executable, copy);
  return copy;
}
