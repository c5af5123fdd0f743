import type { Deadline } from '../diagnostics/deadline.ts';
import { type Exchange, requestHeaders, tlsOptions } from './exchange.ts';

/** Requests by the runtime's `fetch`, which goes through the proxies that the environment names. */
export function fetchExchange(deadline: Deadline): Exchange {
  return async (request) => {
    const response = await fetch(`${request.server.url}${request.path}`, {
      ...(request.body === undefined ? {} : { method: 'POST', body: request.body }),
      headers: requestHeaders(request),
      // A redirect would carry the token elsewhere.
      redirect: 'manual',
      signal: deadline.signal,
      tls: tlsOptions(request.server, request.identity),
      verbose: false,
    });
    const body = await readBody(response, request.take);
    return {
      status: response.status,
      header: (name) => response.headers.get(name) ?? undefined,
      body,
    };
  };
}

/** A length that is told in advance is checked in advance; to read a stream takes longer to set up. */
async function readBody(response: Response, take: (bytes: number) => void): Promise<string> {
  const length = declaredLength(response);
  if (length !== undefined) {
    take(length);
    return response.text();
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body ?? []) {
    take(chunk.length);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** In bytes; undefined where the answer is chunked or compressed, for then the header does not bound it. */
function declaredLength({ headers }: Response): number | undefined {
  const length = headers.get('content-length');
  const isPlain = !headers.has('transfer-encoding') && !headers.has('content-encoding');
  return isPlain && length !== null ? Number(length) : undefined;
}
