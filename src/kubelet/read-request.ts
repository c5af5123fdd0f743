import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { Deadline } from '../diagnostics/deadline.ts';
import { errorCode, Failure } from '../diagnostics/errors.ts';
import { LARGEST_REQUEST } from './request.ts';

const CHUNK = 64 * 1024;
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
    return await readToEnd(input, deadline);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(
      `cannot read the request on standard input (${errorCode(error) ?? 'unknown reason'}); ` +
        'pipe in a CredentialProviderRequest as JSON',
    );
  }
}

async function readToEnd(input: StandardInput, deadline: Deadline): Promise<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let text = '';
  let size = 0;
  for await (const chunk of chunksOf(input, deadline)) {
    size += chunk.length;
    if (size > LARGEST_REQUEST) throw tooLarge();
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function chunksOf(input: StandardInput, deadline: Deadline): AsyncIterable<Uint8Array> {
  const kind = fstatSync(input.fd);
  if (kind.isFile()) return polled(input.fd, deadline);
  const reopened = kind.isFIFO() ? reopenWithoutBlocking(input.fd) : undefined;
  return reopened === undefined ? streamed(input.stream(), deadline) : polled(reopened, deadline);
}

/** A pipe opened anew has flags of its own, so that the writer's side is not changed. */
function reopenWithoutBlocking(fd: number): number | undefined {
  try {
    return openSync(`/proc/self/fd/${fd}`, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    // No /proc: the stream does it as well.
    return undefined;
  }
}

async function* polled(fd: number, deadline: Deadline): AsyncGenerator<Uint8Array> {
  for (;;) {
    const chunk = readChunk(fd);
    if (chunk?.length === 0) return closeSync(fd);
    if (chunk !== undefined) yield chunk;
    else if (Date.now() >= deadline.at) throw tooSlow(deadline);
    else await Bun.sleep(POLL_MS);
  }
}

/** Empty at the end; undefined while there is nothing to read yet. */
function readChunk(fd: number): Uint8Array | undefined {
  const buffer = new Uint8Array(CHUNK);
  try {
    return buffer.subarray(0, readSync(fd, buffer));
  } catch (error) {
    if (errorCode(error) === 'EAGAIN') return undefined;
    throw error;
  }
}

async function* streamed(
  stream: ReadableStream<Uint8Array>,
  deadline: Deadline,
): AsyncGenerator<Uint8Array> {
  const overdue = new Promise<never>((_, reject) => {
    deadline.signal.addEventListener('abort', () => reject(tooSlow(deadline)));
  });
  // Where nobody waits for it any more, its rejection is nobody's.
  overdue.catch(() => undefined);
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await Promise.race([reader.read(), overdue]);
    if (done) return;
    yield value;
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
    `standard input did not end within the ${deadline.milliseconds / 1000} s of --timeout; ` +
      'pipe in a CredentialProviderRequest as JSON',
  );
}
