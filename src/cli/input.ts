import { Failure } from '../diagnostics/errors.ts';
import { plain } from '../diagnostics/plain.ts';
import { readBounded } from './read-bounded.ts';

const LARGEST_INPUT = 4 * 1024 * 1024;

/**
 * The text of a file or pipe that the user named, or of standard input for `-`. Throws a Failure where it
 * cannot be read, is no UTF-8 or larger than 4 MiB.
 */
export function readInput(path: string): string {
  const bytes = readInputBytes(path);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Failure(`${inputName(path)} is no UTF-8 text; save it as UTF-8`);
  }
}

/** The bytes of the same, which need not be text. */
export function readInputBytes(path: string): Uint8Array {
  const bytes = readBounded(path === '-' ? undefined : path, LARGEST_INPUT);
  if (bytes.length <= LARGEST_INPUT) return bytes;
  throw new Failure(`${inputName(path)} is larger than 4 MiB; is it the right one?`);
}

/** What messages call it. */
export function inputName(path: string): string {
  return path === '-' ? 'standard input' : plain(path);
}
