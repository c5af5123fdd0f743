import { errorCode, Failure } from '../diagnostics/errors.ts';
import { quote } from '../diagnostics/quote.ts';
import { systemWords } from '../diagnostics/system-reason.ts';

/** Why a registry gave nothing; what a caller may want to tell apart. */
export type RegistryErrorReason =
  /** No or a wrong credential (401). */
  | 'unauthorized'
  /** A good credential without the right (403). */
  | 'denied'
  | 'not-found'
  | 'rate-limited'
  /** No connection: name, network, refused, reset. */
  | 'unreachable'
  /** A certificate that is not trusted, or no TLS at all. */
  | 'tls'
  | 'timeout'
  /** An answer that breaks the protocol, or is larger than it may be. */
  | 'invalid'
  | 'server';

/** A request to a registry that failed. `summary` is the reason alone, as the registry words it. */
export class RegistryError extends Failure {
  readonly reason: RegistryErrorReason;
  readonly summary: string;
  /** The HTTP status; undefined where there was no answer. */
  readonly status: number | undefined;

  constructor(
    what: string,
    found: {
      readonly reason: RegistryErrorReason;
      readonly summary: string;
      readonly status?: number;
    },
    options?: { readonly cause?: unknown },
  ) {
    super(`${what}: ${found.summary}`, options);
    this.name = 'RegistryError';
    this.reason = found.reason;
    this.summary = found.summary;
    this.status = found.status;
  }
}

const BY_STATUS: Readonly<Record<number, readonly [RegistryErrorReason, string]>> = {
  401: ['unauthorized', 'unauthorized: authentication required'],
  403: ['denied', 'denied: requested access to the resource is denied'],
  404: ['not-found', 'not found'],
  429: ['rate-limited', 'toomanyrequests: too many requests'],
};

/** The error of an answer that is no success; the body's own words go before ours. */
export function answerError(what: string, status: number, body: string): RegistryError {
  const [reason, text] = BY_STATUS[status] ?? [
    status >= 500 ? 'server' : 'invalid',
    `unexpected status ${status}`,
  ];
  return new RegistryError(what, { reason, summary: wordsOf(body) ?? text, status });
}

/** `unauthorized: authentication required`, as clients have always printed a registry's first error. */
function wordsOf(body: string): string | undefined {
  const { code, message } = firstError(body);
  if (typeof code !== 'string') return undefined;
  const words = code.toLowerCase().replaceAll('_', ' ');
  return printable(typeof message === 'string' ? `${words}: ${message}` : words);
}

function firstError(body: string): { code?: unknown; message?: unknown } {
  try {
    const parsed: unknown = JSON.parse(body);
    const errors = hasErrors(parsed) ? parsed.errors : undefined;
    const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
    return typeof first === 'object' && first !== null ? first : {};
  } catch {
    return {};
  }
}

function hasErrors(value: unknown): value is { errors: unknown } {
  return typeof value === 'object' && value !== null && 'errors' in value;
}

/** Harmless text stays as it is, so that it can be searched for. */
function printable(text: string): string {
  return /^[\x20-\x7e]{1,200}$/.test(text) ? text : quote(text);
}

const BY_CODE: Readonly<Record<string, readonly [RegistryErrorReason, string]>> = {
  ETIMEDOUT: ['timeout', 'no answer in time'],
  EPROTO: ['tls', 'the server does not speak TLS'],
  CERT_HAS_EXPIRED: ['tls', 'the certificate has expired'],
  CERT_NOT_YET_VALID: ['tls', 'the certificate is not valid yet'],
  ERR_TLS_CERT_ALTNAME_INVALID: ['tls', 'the certificate is for another host'],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['tls', 'the certificate is signed by an unknown authority'],
  SELF_SIGNED_CERT_IN_CHAIN: ['tls', 'the certificate is signed by an unknown authority'],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ['tls', 'the certificate is signed by an unknown authority'],
  UNABLE_TO_GET_ISSUER_CERT: ['tls', 'the certificate is signed by an unknown authority'],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ['tls', 'the certificate is signed by an unknown authority'],
};

/** The error of a request that got no answer at all, or lost it half-way. */
export function connectionError(what: string, error: unknown): RegistryError {
  if (error instanceof RegistryError) return error;
  const name = error instanceof Error ? error.name : '';
  const code = errorCode(error) ?? '';
  const [reason, summary] =
    name === 'TimeoutError' || name === 'AbortError'
      ? (['timeout', 'no answer in time'] as const)
      : (BY_CODE[code] ?? (['unreachable', systemWords(code) ?? (code || String(error))] as const));
  return new RegistryError(what, { reason, summary }, { cause: error });
}
