import { statfsSync } from 'node:fs';
import { posix } from 'node:path';
import { errorCode } from '../diagnostics/errors.ts';

/** What is left on a file system, for those who are not root. */
export interface FreeSpace {
  readonly bytes: number;
  /** Of the whole, between 0 and 1. */
  readonly share: number;
  /** Files that can still be made; undefined where the file system does not count them. */
  readonly files: number | undefined;
}

/** The space at a place of this machine, or at the nearest directory above it that there is. */
export function freeSpace(place: string): FreeSpace {
  try {
    const { bavail, bsize, blocks, ffree, files } = statfsSync(place);
    const share = blocks === 0 ? 1 : bavail / blocks;
    return { bytes: bavail * bsize, share, files: files === 0 ? undefined : ffree };
  } catch (error) {
    const isMissing = ['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '');
    if (!isMissing || place === '/') throw error;
    return freeSpace(posix.dirname(place));
  }
}
