import { closeSync, readSync } from 'node:fs';
import { errorCode } from '../diagnostics/errors.ts';
import { openRegularFile } from '../diagnostics/read-file.ts';
import { HEADER_LENGTH } from './executable-header.ts';
import type { DirectoryTree } from './node-tree.ts';

/** The first bytes of a file that may be large; undefined where there is none. */
export function readHeader(tree: DirectoryTree, path: string): Uint8Array | undefined {
  const file = openIfPresent(tree.locate(path));
  if (file === undefined) return undefined;
  try {
    const bytes = new Uint8Array(HEADER_LENGTH);
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(file);
  }
}

function openIfPresent(place: string): number | undefined {
  try {
    return openRegularFile(place);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) return undefined;
    throw error;
  }
}
