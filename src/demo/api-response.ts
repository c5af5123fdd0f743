import { StatusError } from './api-status.ts';

/** The API server compresses nothing smaller (kube-apiserver's own threshold). */
const COMPRESS_ABOVE_BYTES = 128 * 1024;

/** What a request comes to. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Tells a client's user something in a header, where a header can carry it. */
export function addWarning(response: Response, warning: string): void {
  if (/\p{Cc}/u.test(warning)) return;
  const quoted = warning.replace(/["\\]/g, '\\$&');
  response.headers.append('Warning', `299 - "${quoted}"`);
}

/** A JSON answer (a text is sent as it is), compressed where the client takes it and it is large. */
export function respond(request: Request, status: number, body: unknown): Response {
  const isText = typeof body === 'string';
  const bytes = Buffer.from(isText ? body : `${JSON.stringify(body)}\n`);
  const headers = new Headers({
    'Content-Type': isText ? 'text/plain; charset=utf-8' : 'application/json',
    'Cache-Control': 'no-cache, private',
    'Audit-Id': crypto.randomUUID(),
  });
  if (bytes.length <= COMPRESS_ABOVE_BYTES || !takesGzip(request)) {
    return new Response(bytes, { status, headers });
  }
  headers.set('Content-Encoding', 'gzip');
  headers.set('Vary', 'Accept-Encoding');
  return new Response(Bun.gzipSync(bytes, { level: 1 }), { status, headers });
}

/** A refusal as a `Status`; what is no refusal is a defect of ours and says so with 500. */
export function respondToError(request: Request, error: unknown): Response {
  if (error instanceof StatusError) return respond(request, error.code, error.body);
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return respond(request, 500, new StatusError(500, 'InternalError', message).body);
}

function takesGzip(request: Request): boolean {
  return /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '');
}
