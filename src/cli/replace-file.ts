import { randomUUID } from 'node:crypto';
import { realpathSync, renameSync, rmSync, type Stats, statSync, writeFileSync } from 'node:fs';
import { Failure } from '../diagnostics/errors.ts';
import { plain } from '../diagnostics/plain.ts';
import { systemReason } from '../diagnostics/system-reason.ts';

const PERMISSION_BITS = 0o777;
const NEW_FILE_MODE = 0o666;

/**
 * Writes a file as a whole or not at all: a new file of the same mode takes its place, behind links as well.
 * A terminal, pipe or device is written to as it is. Throws a Failure where that cannot be done.
 */
export function replaceFile(path: string, text: string): void {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) replace(path, text, NEW_FILE_MODE);
    else if (isSpecial(stats)) writeFileSync(path, text);
    else replace(realpathSync(path), text, stats.mode & PERMISSION_BITS);
  } catch (error) {
    throw new Failure(`cannot write ${plain(path)}: ${systemReason(error)}; nothing was changed`, {
      cause: error,
    });
  }
}

function replace(path: string, text: string, mode: number): void {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    writeFileSync(temporary, text, { flag: 'wx', flush: true, mode });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function isSpecial(stats: Stats): boolean {
  return !stats.isFile() && !stats.isDirectory();
}
