import type { ApiIdentity, ApiServer } from './client.ts';

/** One request to an API server. */
export interface ApiRequest {
  readonly server: ApiServer;
  readonly identity: ApiIdentity;
  /** With its query; percent-encoded. */
  readonly path: string;
  /** JSON to create something; nothing for a GET. */
  readonly body: string | undefined;
  /** Called with the sizes of the parts of the answer's body, in bytes, before they are kept; may throw. */
  readonly take: (bytes: number) => void;
}

/** What came back, whatever its status. */
export interface ApiAnswer {
  readonly status: number;
  /** A header's value by its name in lower case. */
  header(name: string): string | undefined;
  readonly body: string;
}

/** Sends one request over verified TLS and reads the whole answer; redirects are answers. */
export type Exchange = (request: ApiRequest) => Promise<ApiAnswer>;

/** The headers of a request, beside those that say how it is sent. */
export function requestHeaders({ identity, body }: ApiRequest): Record<string, string> {
  return {
    Accept: 'application/json',
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...('token' in identity ? { Authorization: `Bearer ${identity.token}` } : {}),
  };
}

/** How a server is trusted, and who asks proves themselves where that is by a certificate. */
export function tlsOptions(
  { certificateAuthority: ca }: ApiServer,
  identity: ApiIdentity,
): Bun.TLSOptions {
  // Said explicitly, because NODE_TLS_REJECT_UNAUTHORIZED=0 switches verification off otherwise.
  const trust = ca === undefined ? { rejectUnauthorized: false } : { ca, rejectUnauthorized: true };
  if ('token' in identity) return trust;
  return { ...trust, cert: identity.certificate, key: identity.key };
}
