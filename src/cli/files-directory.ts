import { lstatSync, readdirSync, readlinkSync, type Stats, statSync } from 'node:fs';
import { errorCode } from '../diagnostics/errors.ts';
import { readRegularFile, UnfitFileError } from '../diagnostics/read-file.ts';
import { systemWords } from '../diagnostics/system-reason.ts';
import {
  cleanPath,
  type LocalEntry,
  LocalFileError,
  type LocalFiles,
  pathWithin,
} from '../platform/butane/local-files.ts';

const LARGEST_FILE = 10 * 1024 * 1024;
const MOST_ENTRIES = 10_000;
const EXECUTE_BITS = 0o111;

/** The directory that `--files-dir` names. */
export class FilesDirectory implements LocalFiles {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  read(path: string): Uint8Array {
    const file = pathWithin(this.#path, path);
    const bytes = system('open', file, () => readRegularFile(file, LARGEST_FILE));
    if (bytes === undefined) throw refusal('open', file, 'ENOENT');
    return bytes;
  }

  isDirectory(path: string): boolean {
    const directory = pathWithin(this.#path, path);
    return system('stat', directory, () => statSync(directory)).isDirectory();
  }

  walk(path: string): readonly LocalEntry[] {
    const root = pathWithin(this.#path, path);
    const found: LocalEntry[] = [];
    this.#collect(root, '', found);
    return found;
  }

  readLink(path: string): string {
    const link = pathWithin(this.#path, path);
    return system('readlink', link, () => readlinkSync(link));
  }

  #collect(root: string, relative: string, found: LocalEntry[]): void {
    const path = cleanPath(`${root}/${relative}`);
    const stats = system('lstat', path, () => lstatSync(path));
    if (!stats.isDirectory()) {
      found.push(entryOf(relative, stats));
      if (found.length > MOST_ENTRIES) {
        throw new LocalFileError(`${root}: holds more than ${MOST_ENTRIES} files`);
      }
      return;
    }
    const names = system('open', path, () => readdirSync(path));
    for (const name of names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))) {
      this.#collect(root, relative === '' ? name : `${relative}/${name}`, found);
    }
  }
}

function entryOf(path: string, stats: Stats): LocalEntry {
  const isExecutable = (stats.mode & EXECUTE_BITS) !== 0;
  if (stats.isFile()) return { path, kind: 'file', isExecutable };
  return { path, kind: stats.isSymbolicLink() ? 'link' : 'other', isExecutable };
}

function system<T>(operation: string, path: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof UnfitFileError) throw new LocalFileError(`read ${path}: ${error.reason}`);
    const code = errorCode(error);
    if (code === undefined) throw error;
    // A directory can be opened, but not be read.
    throw refusal(code === 'EISDIR' ? 'read' : operation, path, code);
  }
}

/** In the words of Go, and so of Butane. */
function refusal(operation: string, path: string, code: string): LocalFileError {
  return new LocalFileError(`${operation} ${path}: ${systemWords(code) ?? code}`);
}
