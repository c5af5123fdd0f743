import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory that is gone when its scope ends: `using home = temporaryDirectory();` */
export function temporaryDirectory(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'pullkey-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** Runs a function with a new directory and removes that afterwards. */
export function withTemporaryDirectory<Result>(use: (path: string) => Result): Result {
  using directory = temporaryDirectory();
  return use(directory.path);
}
