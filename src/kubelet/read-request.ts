import type { Deadline } from '../diagnostics/deadline.ts';
import { errorCode, Failure } from '../diagnostics/errors.ts';
import { grown } from '../diagnostics/read-file.ts';
import { systemReason } from '../diagnostics/system-reason.ts';
import { utf8Text } from '../diagnostics/utf8.ts';
import { closeSync, fstatSync, readSync } from '../system/fs.ts';
import { canPoll, isReady } from '../system/poll.ts';
import { LARGEST_REQUEST } from './request.ts';

/** In bytes. */
const USUAL_REQUEST = 4 * 1024;
const POLL_MS = 1;

/** Standard input, as a descriptor and as a stream. */
export interface StandardInput {
  readonly fd: number;
  stream(): ReadableStream<Uint8Array>;
}

/**
 * Reads a request from standard input to its end. Throws a Failure where it is larger than 1 MiB, has not
 * ended within the deadline, or cannot be read. Pipes (the kubelet's) and files are read without the
 * runtime's streams, which take 0.7 ms to set up.
 */
export async function readRequestText(input: StandardInput, deadline: Deadline): Promise<string> {
  try {
    if (canBeRead(input.fd)) return await readPolled(input.fd, deadline);
    return await readStream(input.stream(), deadline);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(
      `cannot read the request on standard input: ${systemReason(error)}; ` +
        'pipe in a CredentialProviderRequest as JSON',
    );
  }
}

/** Files, and pipes where it can be told whether there is something in them. */
function canBeRead(fd: number): boolean {
  const kind = fstatSync(fd);
  return kind.isFile() || (kind.isFIFO() && canPoll);
}

async function readPolled(fd: number, deadline: Deadline): Promise<string> {
  let bytes = new Uint8Array(USUAL_REQUEST);
  for (let length = 0; length <= LARGEST_REQUEST; ) {
    if (length === bytes.length) bytes = grown(bytes, LARGEST_REQUEST + 1);
    const size = readAvailable(fd, bytes, length);
    if (size === 0) {
      closeSync(fd);
      return utf8Text(bytes.subarray(0, length));
    }
    if (size === undefined) {
      if (Date.now() >= deadline.at) throw tooSlow(deadline);
      await Bun.sleep(POLL_MS);
    } else length += size;
  }
  throw tooLarge();
}

/** 0 at the end; undefined while there is nothing to read yet. */
function readAvailable(fd: number, bytes: Uint8Array, at: number): number | undefined {
  if (!isReady(fd, 'read')) return undefined;
  try {
    return readSync(fd, bytes, at, bytes.length - at, null);
  } catch (error) {
    if (errorCode(error) === 'EAGAIN') return undefined;
    throw error;
  }
}

async function readStream(stream: ReadableStream<Uint8Array>, deadline: Deadline): Promise<string> {
  const overdue = new Promise<never>((_, reject) => {
    deadline.signal.addEventListener('abort', () => reject(tooSlow(deadline)));
  });
  // Where nobody waits for it any more, its rejection is nobody's.
  overdue.catch(() => undefined);
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await Promise.race([reader.read(), overdue]);
    if (done) return utf8Text(Buffer.concat(chunks));
    size += value.length;
    if (size > LARGEST_REQUEST) throw tooLarge();
    chunks.push(value);
  }
}

function tooLarge(): Failure {
  return new Failure(
    `the request on standard input is larger than ${LARGEST_REQUEST / 1024 / 1024} MiB; ` +
      'pipe in a CredentialProviderRequest as JSON',
  );
}

function tooSlow(deadline: Deadline): Failure {
  return new Failure(
    `standard input did not end within the ${deadline.limit}; ` +
      'pipe in a CredentialProviderRequest as JSON',
  );
}
