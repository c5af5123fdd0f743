import { errorCode } from '../diagnostics/errors.ts';
import { filter } from '../diagnostics/lists.ts';
import { readRegularFile, UnfitFileError } from '../diagnostics/read-file.ts';
import { wordsWithCode } from '../diagnostics/system-reason.ts';
import { lstatSync, readdirSync, statSync } from '../system/fs.ts';
import { ConfProblem, RegistriesConfError } from './errors.ts';

const REMEDIES: Readonly<Record<string, string>> = {
  EACCES: 'make it readable for the user that this runs as',
  EISDIR: 'put a file there or remove it',
  ENOTDIR: 'it or a part of its path is none; correct the path',
};

/** The bytes of a file, at most 16 MiB; undefined where there is none. Throws RegistriesConfError of class `io`. */
export function readFileIfPresent(file: string): Uint8Array | undefined {
  return unlessMissing(file, () => readRegularFile(file));
}

/**
 * Names in a directory that end in a suffix and are not themselves directories; none where it does not
 * exist. Throws as above.
 */
export function fileNamesIn(directory: string, suffix: string): string[] {
  const names = unlessMissing(directory, () => namesIn(directory)) ?? [];
  return filter(names, (name) => name.endsWith(suffix) && !isDirectory(`${directory}/${name}`));
}

/** Most nodes lack most of the directories, and to ask first takes less time than to catch an error. */
function namesIn(directory: string): string[] | undefined {
  const found = statSync(directory, { throwIfNoEntry: false });
  return found && readdirSync(directory);
}

/** A link to a directory is none: to read it as a file fails, as in the library. */
function isDirectory(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** The error for a file that must exist and does not. */
export function missingFile(file: string): RegistriesConfError {
  return unreadable(file, 'no such file; create it or name another one');
}

/** The error for a file that cannot be read, for a reason with what to do. */
export function unreadable(path: string, reason: string): RegistriesConfError {
  return new RegistriesConfError(
    path,
    undefined,
    new ConfProblem('io', `cannot be read: ${reason}`),
  );
}

function unlessMissing<T>(path: string, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnfitFileError) {
      throw unreadable(path, `${error.reason}; put the right file there or remove it`);
    }
    const code = errorCode(error);
    if (code === 'ENOENT') return undefined;
    if (code === undefined) throw error;
    throw unreadable(path, `${wordsWithCode(code)}; ${REMEDIES[code] ?? 'repair or remove it'}`);
  }
}
