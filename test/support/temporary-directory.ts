import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory that is gone when its scope ends: `using home = temporaryDirectory();` */
export function temporaryDirectory(parent = tmpdir()): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(parent, 'pullkey-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

const SHARED_MEMORY = '/dev/shm';

/** The same in memory, where there is such a place: for files that are written to the disk over and over. */
export function directoryInMemory(): Disposable & { readonly path: string } {
  try {
    accessSync(SHARED_MEMORY, constants.W_OK);
    return temporaryDirectory(SHARED_MEMORY);
  } catch {
    return temporaryDirectory();
  }
}

/** Runs a function with a new directory and removes that afterwards. */
export function withTemporaryDirectory<Result>(use: (path: string) => Result): Result {
  using directory = temporaryDirectory();
  return use(directory.path);
}
