import { closeSync, fstatSync, openSync, readSync, statSync } from '../system/fs.ts';
import { O_NONBLOCK, O_RDONLY } from '../system/open-flags.ts';
import { errorCode } from './errors.ts';
import { systemReason } from './system-reason.ts';

const MIB = 1024 * 1024;
const LARGEST_FILE = 16 * MIB;

// A pipe in the place of a file must not block.
const READ_NO_WAIT = O_RDONLY | O_NONBLOCK;

// /dev/null, Linux's device 1:3: a link to it is how a file is switched off, and reads as empty.
const NULL_DEVICE = 0x103;

/** A path at which something lies that is not read: no regular file, or too large a one. */
export class UnfitFileError extends Error {
  /** A clause for the caller's sentence: `it is no regular file`, `it is larger than 16 MiB`. */
  readonly reason: string;

  constructor(reason: string) {
    super(reason);
    this.name = 'UnfitFileError';
    this.reason = reason;
  }
}

/**
 * The bytes of a regular file, or of the one that a link leads to; no bytes for `/dev/null`, and
 * undefined where nothing is (`ENOENT`). `largest` is in bytes, a whole number of MiB. Never waits for a
 * pipe. Throws UnfitFileError, or the system's error (`EISDIR` for a directory, `ENOTDIR`, `EACCES`, …).
 */
export function readRegularFile(path: string, largest = LARGEST_FILE): Uint8Array | undefined {
  const file = openIfPresent(path);
  if (file === undefined) return undefined;
  try {
    return readToEnd(file, sizeOfRegular(file), largest);
  } finally {
    closeSync(file);
  }
}

/** What a path led to, for the caller to read and close. */
export interface OpenedFile {
  readonly descriptor: number;
  /** Then a read may find nothing yet, and does not wait for it. */
  readonly isPipe: boolean;
}

/** Opens a regular file or a pipe, without waiting for who writes to it. Throws as `readRegularFile`, and `ENOENT`. */
export function openFileOrPipe(path: string): OpenedFile {
  const file = open(path);
  try {
    const isPipe = fstatSync(file).isFIFO();
    if (!isPipe) sizeOfRegular(file);
    return { descriptor: file, isPipe };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** A descriptor of a regular file, for the caller to close. Throws as `openFileOrPipe`. */
export function openRegularFile(path: string): number {
  const { descriptor, isPipe } = openFileOrPipe(path);
  if (!isPipe) return descriptor;
  closeSync(descriptor);
  throw irregular();
}

/** Why a file could not be read, for a sentence: UnfitFileError's reason or the system's. */
export function unreadableReason(error: unknown): string {
  return error instanceof UnfitFileError ? error.reason : systemReason(error);
}

/** Whether anything lies at a path that can be looked at; not where a part of the path is no directory. */
export function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

/** To ask first takes a tenth of the time of catching an error. */
function openIfPresent(path: string): number | undefined {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
  try {
    return open(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function open(path: string): number {
  try {
    return openSync(path, READ_NO_WAIT);
  } catch (error) {
    // What a socket is opened with.
    throw errorCode(error) === 'ENXIO' ? irregular() : error;
  }
}

/** A directory passes: to read it fails with a code of its own. */
function sizeOfRegular(file: number): number {
  const found = fstatSync(file);
  const isNull = found.isCharacterDevice() && found.rdev === NULL_DEVICE;
  if (!found.isFile() && !found.isDirectory() && !isNull) throw irregular();
  return found.size;
}

function irregular(): UnfitFileError {
  return new UnfitFileError('it is no regular file');
}

/**
 * What an open file holds. `size` is where to begin (files of `/proc` tell none, others grow while they
 * are read) and `largest` the bound, both in bytes. Throws UnfitFileError, or the system's error.
 */
export function readToEnd(file: number, size: number, largest: number): Uint8Array {
  if (size > largest) throw tooLarge(largest);
  let bytes = new Uint8Array(size + 1);
  for (let length = 0; length <= largest; ) {
    if (length === bytes.length) bytes = grown(bytes, largest + 1);
    const read = readSync(file, bytes, length, bytes.length - length, null);
    if (read === 0) return bytes.subarray(0, length);
    length += read;
  }
  throw tooLarge(largest);
}

function tooLarge(largest: number): UnfitFileError {
  return new UnfitFileError(`it is larger than ${largest / MIB} MiB`);
}

/** What the bytes are, with room for as many more, but for no more than `most` in all. */
export function grown(bytes: Uint8Array, most: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.min(2 * bytes.length + 4096, most));
  larger.set(bytes);
  return larger;
}
