import { closeSync, readSync } from 'node:fs';
import { errorCode, Failure } from '../diagnostics/errors.ts';
import { plain } from '../diagnostics/plain.ts';
import { openRegularFile, UnfitFileError } from '../diagnostics/read-file.ts';

const STANDARD_INPUT = 0;
const CHUNK = 64 * 1024;
const EMPTY_PIPE_PAUSE_MS = 5;

/**
 * The bytes of a file, or of standard input where none is named; at most one byte more than the bound is
 * read, so that the caller can tell. Throws a Failure where the file cannot be read or is no regular
 * one: only standard input may be a pipe.
 */
export function readBounded(file: string | undefined, bound: number): Uint8Array {
  const name = file === undefined ? 'standard input' : plain(file);
  try {
    const fd = file === undefined ? STANDARD_INPUT : openRegularFile(file);
    try {
      return readUpTo(fd, bound + 1);
    } finally {
      if (fd !== STANDARD_INPUT) closeSync(fd);
    }
  } catch (error) {
    if (error instanceof UnfitFileError) {
      throw new Failure(`cannot read ${name}: ${error.reason}; name one, or use standard input`);
    }
    const reason = errorCode(error) ?? String(error);
    throw new Failure(`cannot read ${name}: ${reason}; name a file that you may read`, {
      cause: error,
    });
  }
}

function readUpTo(fd: number, most: number): Uint8Array {
  const chunks: Uint8Array[] = [];
  for (let size = 0; size < most; ) {
    const chunk = new Uint8Array(Math.min(CHUNK, most - size));
    const read = readSome(fd, chunk);
    if (read === 0) break;
    chunks.push(chunk.subarray(0, read));
    size += read;
  }
  return Buffer.concat(chunks);
}

/** Standard input may be a pipe that does not wait. */
function readSome(fd: number, chunk: Uint8Array): number {
  for (;;) {
    try {
      return readSync(fd, chunk);
    } catch (error) {
      if (errorCode(error) !== 'EAGAIN') throw error;
      Bun.sleepSync(EMPTY_PIPE_PAUSE_MS);
    }
  }
}
