import { closeSync, readlinkSync, readSync } from 'node:fs';
import { errorCode, Failure } from '../diagnostics/errors.ts';
import { plain } from '../diagnostics/plain.ts';
import { openFileOrPipe, UnfitFileError } from '../diagnostics/read-file.ts';
import { systemReason } from '../diagnostics/system-reason.ts';

const STANDARD_INPUT = 0;
const CHUNK = 64 * 1024;
const EMPTY_PIPE_PAUSE_MS = 5;
const PIPE_PATIENCE_MS = 30_000;

/**
 * The bytes of a file, of a pipe such as the shell's `<(command)`, or of standard input where none is named;
 * at most one byte more than the bound is read, so that the caller can tell. A named pipe that brings
 * nothing for `patience` milliseconds is given up, and with none, no pipe is read. Throws a Failure for that, and
 * where a file cannot be read or is a device or socket.
 */
export function readBounded(
  file: string | undefined,
  bound: number,
  patience = PIPE_PATIENCE_MS,
): Uint8Array {
  const name = file === undefined ? 'standard input' : plain(file);
  try {
    if (file === undefined) return readUpTo({ ...INPUT, descriptor: STANDARD_INPUT }, bound + 1);
    const { descriptor, isPipe } = openFileOrPipe(file);
    try {
      if (isPipe && patience === 0) throw new UnfitFileError('it is no regular file');
      const source = isPipe ? pipeOf(descriptor, patience) : { ...INPUT, descriptor };
      return readUpTo(source, bound + 1);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (error instanceof UnfitFileError) {
      throw new Failure(`cannot read ${name}: ${error.reason}; name a file, or use standard input`);
    }
    throw new Failure(
      `cannot read ${name}: ${systemReason(error)}; name a file that you may read`,
      {
        cause: error,
      },
    );
  }
}

interface Source {
  readonly descriptor: number;
  /** Milliseconds to wait for the next bytes. */
  readonly patience: number;
  /** Somebody may still come to write to it. */
  readonly awaitsWriter: boolean;
}

/** Standard input may be a pipe that does not wait; whoever types there takes their time. */
const INPUT = { patience: Number.POSITIVE_INFINITY, awaitsWriter: false };

/** The shell's pipe has its writer from the start, one of the file system gets it when it is opened to write. */
function pipeOf(descriptor: number, patience: number): Source {
  const isShells = readlinkSync(`/proc/self/fd/${descriptor}`).startsWith('pipe:');
  return { descriptor, patience, awaitsWriter: !isShells };
}

function readUpTo(source: Source, most: number): Uint8Array {
  const chunks: Uint8Array[] = [];
  for (let size = 0; size < most; ) {
    const chunk = new Uint8Array(Math.min(CHUNK, most - size));
    const awaitsWriter = source.awaitsWriter && size === 0;
    const read = readSome({ ...source, awaitsWriter }, chunk);
    if (read === 0) break;
    chunks.push(chunk.subarray(0, read));
    size += read;
  }
  return Buffer.concat(chunks);
}

function readSome({ descriptor, patience, awaitsWriter }: Source, chunk: Uint8Array): number {
  const end = Date.now() + patience;
  for (;;) {
    const read = readNow(descriptor, chunk);
    if (read !== undefined && (read > 0 || !awaitsWriter)) return read;
    if (Date.now() >= end) {
      throw new UnfitFileError(
        `it is a pipe to which nothing was written for ${patience / 1000} s`,
      );
    }
    Bun.sleepSync(EMPTY_PIPE_PAUSE_MS);
  }
}

/** How many bytes are there; none at the end, undefined where there may come more. */
function readNow(descriptor: number, chunk: Uint8Array): number | undefined {
  try {
    return readSync(descriptor, chunk);
  } catch (error) {
    if (errorCode(error) === 'EAGAIN') return undefined;
    throw error;
  }
}
