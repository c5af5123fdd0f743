import { errorCode, Failure } from '../diagnostics/errors.ts';
import { quote } from '../diagnostics/quote.ts';
import { wordsWithCode } from '../diagnostics/system-reason.ts';
import { HttpSyntaxError } from './http-head.ts';

/** The API server answered a request with an error; `status` is the HTTP status. */
export class ApiError extends Failure {
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
  }
}

/** No answer came: the server is not trusted or not reached; `code` is the runtime's reason. */
export class ConnectionError extends Failure {
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.name = 'ConnectionError';
    this.code = code;
  }
}

// These tables are made when a connection fails: the plugin's start is most of its work.

/** What to do about an API server whose certificate is not accepted, by the runtime's error code. */
const certificateReasons = (): ReadonlyMap<string, string> =>
  new Map([
    ['CERT_HAS_EXPIRED', 'its certificate has expired; renew it'],
    ['CERT_NOT_YET_VALID', "its certificate is not valid yet; check the node's clock"],
    [
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'its certificate is for another host name; give --api-server a name that the certificate holds',
    ],
    ['INVALID_PURPOSE', 'its certificate is not one for servers; give it one with serverAuth'],
  ]);

const OTHER_AUTHORITY =
  'its certificate is not signed by the certificate authority at hand; ' +
  "give --certificate-authority the cluster's CA";

const WRONG_SERVER = 'check that --api-server names a Kubernetes API server';

/** The runtime does not tell more where it cannot use the certificates that it was given. */
const DAMAGED =
  'see that the certificate authority is an undamaged PEM file, ' +
  "or give --certificate-authority the cluster's CA";

const BY_PROXY =
  "see that the proxy of the kubelet's HTTPS_PROXY lets it through, or exempt the host with NO_PROXY";

const untrusted = (): ReadonlySet<string> =>
  new Set([
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'UNABLE_TO_GET_ISSUER_CERT',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'CERT_SIGNATURE_FAILURE',
    'CERT_UNTRUSTED',
    'INVALID_CA',
  ]);

/** Words a connection that failed for good: a certificate that is not accepted, a host that is not there. */
export function connectionFailure(host: string, error: unknown): ConnectionError {
  if (error instanceof HttpSyntaxError) {
    const sentence = `the API server ${quote(host)} does not answer by HTTP/1.1: ${error.message}; ${WRONG_SERVER}`;
    return new ConnectionError(sentence, error.code);
  }
  const code = errorCode(error) ?? (error instanceof Error ? error.name : 'unknown reason');
  return new ConnectionError(sentenceFor(host, code), code);
}

/** Whether the runtime's reason is that a certificate is signed by somebody else than expected. */
export function isOtherAuthority(code: string): boolean {
  return untrusted().has(code);
}

function sentenceFor(host: string, code: string): string {
  const distrust = distrustOf(code);
  if (distrust !== undefined) return `the API server ${quote(host)} is not trusted: ${distrust}`;
  if (code === 'FailedToOpenSocket' || code === 'ERR_BORINGSSL')
    return `${cannotReach(host, code)}; ${DAMAGED}`;
  if (code.includes('PROXY')) return `${cannotReach(host, code)}; ${BY_PROXY}`;
  if (isNoHttp(code)) {
    return `the API server ${quote(host)} does not answer by HTTP/1.1 (${code}); ${WRONG_SERVER}`;
  }
  return (
    `${cannotReach(host, code)}; ` +
    'check that it runs and that --api-server or the kubeconfig names the right one'
  );
}

function distrustOf(code: string): string | undefined {
  if (isOtherAuthority(code)) return OTHER_AUTHORITY;
  const reason = certificateReasons().get(code);
  if (reason !== undefined || !isVerification(code)) return reason;
  return `its certificate cannot be verified (${code}); give it another one`;
}

/** Codes of OpenSSL's verification, of which most have no words of their own here. */
function isVerification(code: string): boolean {
  return /CERT|ISSUER|PURPOSE|EXTENSION|PATH_LENGTH|SUBTREE|^UNSPECIFIED$/.test(code);
}

/** Codes of the runtime for an answer that it cannot take apart. */
function isNoHttp(code: string): boolean {
  return /HTTP|ContentLength|Decompression|Zlib|Upgrade/.test(code);
}

function cannotReach(host: string, code: string): string {
  return `cannot reach the API server ${quote(host)}: ${wordsWithCode(code)}`;
}
