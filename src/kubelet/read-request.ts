import type { Deadline } from '../diagnostics/deadline.ts';
import { Failure } from '../diagnostics/errors.ts';
import { LARGEST_REQUEST } from './request.ts';

/**
 * Reads a request from a stream to its end. Throws a Failure where it is larger than 1 MiB, or has not
 * ended within the deadline.
 */
export async function readRequestText(
  stream: ReadableStream<Uint8Array>,
  deadline: Deadline,
): Promise<string> {
  const overdue = Promise.withResolvers<never>();
  deadline.signal.addEventListener('abort', () => {
    const seconds = deadline.milliseconds / 1000;
    overdue.reject(
      new Failure(
        `standard input did not end within the ${seconds} s of --timeout; ` +
          'pipe in a CredentialProviderRequest as JSON',
      ),
    );
  });
  // Where nobody waits for it any more, its rejection is nobody's.
  overdue.promise.catch(() => undefined);
  return Promise.race([readAll(stream), overdue.promise]);
}

async function readAll(stream: ReadableStream<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > LARGEST_REQUEST) {
      throw new Failure(
        `the request on standard input is larger than ${LARGEST_REQUEST / 1024 / 1024} MiB; ` +
          'pipe in a CredentialProviderRequest as JSON',
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
