import { randomUUID } from 'node:crypto';
import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { errorCode, Failure } from '../diagnostics/errors.ts';
import { plain } from '../diagnostics/plain.ts';

/**
 * Writes a file as a whole or not at all: a new file beside it takes its place. A terminal, pipe or device
 * is written to as it is. Throws a Failure where that cannot be done.
 */
export function replaceFile(path: string, text: string): void {
  try {
    if (isSpecial(path)) writeFileSync(path, text);
    else replace(path, text);
  } catch (error) {
    const reason = errorCode(error) ?? String(error);
    throw new Failure(`cannot write ${plain(path)}: ${reason}; nothing was changed`, {
      cause: error,
    });
  }
}

function replace(path: string, text: string): void {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    writeFileSync(temporary, text, { flag: 'wx', flush: true });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function isSpecial(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && !stats.isFile() && !stats.isDirectory();
}
