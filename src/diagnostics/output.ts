import { writeSync } from '../system/fs.ts';
import { errorCode, Failure } from './errors.ts';
import { systemReason } from './system-reason.ts';
import { utf8Bytes } from './utf8.ts';

const FULL_PIPE_PAUSE_MS = 1;

/**
 * Writes all of a text to a file descriptor (1 is the answer, 2 is for people). `process.stdout` and
 * `console` load the stream classes, which costs a plugin 8 ms. A pipe that is full is waited for.
 */
export function writeAll(fd: number, text: string | Uint8Array): void {
  const bytes = typeof text === 'string' ? utf8Bytes(text) : text;
  for (let written = 0; written < bytes.length; ) written += writeSome(fd, bytes, written);
}

/** Writes an answer to standard output. Throws a Failure where nobody takes it. */
export function writeAnswer(text: string): void {
  try {
    writeAll(1, text);
  } catch (error) {
    throw unwritableAnswer(systemReason(error));
  }
}

/** The failure of an answer that nobody takes, for a reason that is a clause. */
export function unwritableAnswer(reason: string): Failure {
  return new Failure(
    `cannot write the answer to standard output: ${reason}; ` +
      'see that whoever started this reads it, and that the disk is not full',
  );
}

function writeSome(fd: number, bytes: Uint8Array, offset: number): number {
  try {
    return writeSync(fd, bytes, offset);
  } catch (error) {
    if (errorCode(error) !== 'EAGAIN') throw error;
    Bun.sleepSync(FULL_PIPE_PAUSE_MS);
    return 0;
  }
}
