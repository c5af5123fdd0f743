import { readBounded } from './body.ts';
import { answerError, connectionError, RegistryError } from './registry-error.ts';

const REDIRECTS = [301, 302, 303, 307, 308];
const MOST_REDIRECTS = 5;
const ERROR_BODY_LIMIT = 64 * 1024;
const TIMEOUT_MS = 30_000;

/** How to reach a registry and whatever it points to. */
export interface Route {
  /** Any certificate will do, and plain HTTP after a redirect. */
  readonly insecure: boolean;
  /** PEM; replaces the system's authorities. */
  readonly certificateAuthority?: string | undefined;
  /** PEM; shown to registries that ask for one. */
  readonly clientCertificate?: { readonly certificate: string; readonly key: string } | undefined;
  /** Ends everything, beside the time limit of each request. */
  readonly signal?: AbortSignal | undefined;
  /** For each request with its body; 30 seconds by default. */
  readonly timeoutMs?: number | undefined;
}

export interface Exchange {
  readonly url: URL;
  /** `GET` by default. */
  readonly method?: string;
  readonly authorization?: string | undefined;
  readonly accept?: readonly string[];
  readonly body?: URLSearchParams;
}

/**
 * Sends a request and follows its redirects; the `Authorization` header stays behind where one leads
 * to another origin. Gives any answer that is no redirect, with its body unread.
 * @throws RegistryError where no answer came.
 */
export async function exchange(route: Route, request: Exchange): Promise<Response> {
  const what = nameOf(request);
  let { url } = request;
  for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
    const response = await send(route, request, url);
    const location = response.headers.get('location');
    if (!REDIRECTS.includes(response.status) || location === null) return response;
    await response.body?.cancel();
    url = redirected(route, request, url, location);
  }
  throw new RegistryError(what, { reason: 'invalid', summary: 'too many redirects' });
}

/** Like `exchange`, but only a success comes back. @throws RegistryError also for any other status. */
export async function succeed(route: Route, request: Exchange): Promise<Response> {
  const response = await exchange(route, request);
  if (response.ok) return response;
  const body = await readBody(request, response, ERROR_BODY_LIMIT).catch(() => undefined);
  throw answerError(nameOf(request), response.status, Buffer.from(body ?? []).toString());
}

/** The whole body of an answer. @throws RegistryError for a lost connection or too many bytes. */
export async function readBody(
  request: Exchange,
  response: Response,
  limit: number,
): Promise<Uint8Array> {
  try {
    return await readBounded(nameOf(request), response, limit);
  } catch (error) {
    throw connectionError(nameOf(request), error);
  }
}

/** What an error says failed: method and address, without the query. */
export function nameOf({ method = 'GET', url }: Exchange): string {
  return `${method} ${url.origin}${url.pathname}`;
}

async function send(route: Route, request: Exchange, url: URL): Promise<Response> {
  const { method = 'GET', authorization, accept, body } = request;
  const headers = new Headers();
  if (authorization !== undefined && url.origin === request.url.origin) {
    headers.set('Authorization', authorization);
  }
  if (accept !== undefined) headers.set('Accept', accept.join(', '));
  refuseReservedName(request, url);
  try {
    return await fetch(url, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
      redirect: 'manual',
      signal: deadline(route),
      tls: tlsOf(route),
      keepalive: false,
      verbose: false,
    });
  } catch (error) {
    throw connectionError(nameOf({ ...request, url }), error);
  }
}

function tlsOf({ insecure, certificateAuthority: ca, clientCertificate }: Route): Bun.TLSOptions {
  const { certificate: cert, key } = clientCertificate ?? {};
  return {
    rejectUnauthorized: !insecure,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert, key }),
  };
}

function deadline({ signal, timeoutMs = TIMEOUT_MS }: Route): AbortSignal {
  const limit = AbortSignal.timeout(timeoutMs);
  return signal === undefined ? limit : AbortSignal.any([signal, limit]);
}

/** RFC 6761, 6.4: names under `invalid` exist nowhere; asking a resolver may take seconds. */
function refuseReservedName(request: Exchange, url: URL): void {
  if (!url.hostname.endsWith('.invalid')) return;
  const found = { reason: 'unreachable', summary: 'no such host' } as const;
  throw new RegistryError(nameOf({ ...request, url }), found);
}

function redirected(route: Route, request: Exchange, from: URL, location: string): URL {
  const { method = 'GET' } = request;
  const to = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  const isHttp = to?.protocol === 'https:' || to?.protocol === 'http:';
  const downgrades = from.protocol === 'https:' && to?.protocol === 'http:' && !route.insecure;
  if (to !== undefined && isHttp && !downgrades && (method === 'GET' || method === 'HEAD'))
    return to;
  const summary = downgrades ? 'a redirect from https to http' : 'a redirect that leads nowhere';
  throw new RegistryError(nameOf(request), { reason: 'invalid', summary });
}
