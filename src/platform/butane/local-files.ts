import { posix } from 'node:path';

/** What lies at a path below the files directory. */
export interface LocalEntry {
  /** Relative to where the walk began; empty for that place itself. */
  readonly path: string;
  readonly kind: 'file' | 'link' | 'other';
  /** Whether anybody may execute it. */
  readonly isExecutable: boolean;
}

/**
 * The directory of `--files-dir`, as the compiler needs it. Paths are as the config gives them; an error
 * is thrown with the words of the operating system (`open files/a: no such file or directory`).
 */
export interface LocalFiles {
  /** The bytes of a file. */
  read(path: string): Uint8Array;
  /** Whether a path is a directory. */
  isDirectory(path: string): boolean;
  /** Everything below a directory but directories themselves, in the byte order of names. */
  walk(path: string): readonly LocalEntry[];
  /** What a link below the files directory says. */
  readLink(path: string): string;
}

/** Why a local file cannot be taken; the message is told where the config names the file. */
export class LocalFileError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'LocalFileError';
  }
}

/** Told where a config names local files and no files directory is given. */
export const NO_FILES_DIR =
  'local file paths are relative to a files directory that must be specified with -d/--files-dir';

/** Runs a step that reads local files; what it is refused goes to `onError`, and the result is undefined. */
export function reading<T>(
  files: LocalFiles | undefined,
  onError: (message: string) => void,
  step: (files: LocalFiles) => T,
): T | undefined {
  if (files === undefined) {
    onError(NO_FILES_DIR);
    return undefined;
  }
  try {
    return step(files);
  } catch (error) {
    if (!(error instanceof LocalFileError)) throw error;
    onError(error.message);
    return undefined;
  }
}

/**
 * A path of the config below the files directory. Throws a LocalFileError where it leads out of it; links
 * are followed wherever they lead, for the directory is the user's own.
 */
export function pathWithin(filesDir: string, path: string): string {
  const joined = cleanPath(`${filesDir}/${path}`);
  const relative = posix.relative(filesDir, joined);
  if (relative === '..' || relative.startsWith('../')) {
    throw new LocalFileError('local file path traverses outside the files directory');
  }
  return joined;
}

/** The shortest equivalent of a path, as Go's path.Clean gives it. */
export function cleanPath(path: string): string {
  const normal = posix.normalize(path);
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal;
}
