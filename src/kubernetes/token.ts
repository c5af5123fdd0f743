import { Failure } from '../diagnostics/errors.ts';
import { mayHoldHugeNumber } from '../diagnostics/huge-number.ts';
import { isJsonObject, type JsonObject } from '../diagnostics/json.ts';
import { filter } from '../diagnostics/lists.ts';
import { quote } from '../diagnostics/quote.ts';
import { utf8Text } from '../diagnostics/utf8.ts';
import { isDnsLabel, isDnsSubdomain } from './names.ts';

const DEEPEST = 10_000;
const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/g;
const BRACKET_OR_NUMBER = /[[\]{}]|-?\d[\d.eE+-]*/g;

/** Whom a service account token speaks for, by its own claims. */
export interface TokenClaims {
  readonly namespace: string;
  readonly serviceAccount?: string;
  readonly audiences: readonly string[];
}

/**
 * The claims of a service account token (a JWT, RFC 7519). They are read, not verified: the API server
 * verifies the token when it is used. Throws a Failure where there is no usable namespace; the token
 * never appears in it.
 */
export function readTokenClaims(token: string): TokenClaims {
  const claims = decodeClaims(token);
  const kubernetes = claims['kubernetes.io'];
  if (kubernetes === undefined) throw unusable('no kubernetes.io claim name in JWT claims found');
  if (!isJsonObject(kubernetes)) throw unusable('kubernetes.io claim does not contain a map');
  const serviceAccount = isJsonObject(kubernetes['serviceaccount'])
    ? kubernetes['serviceaccount']['name']
    : undefined;
  return {
    namespace: namespaceOf(kubernetes),
    ...(typeof serviceAccount === 'string' && isDnsSubdomain(serviceAccount)
      ? { serviceAccount }
      : {}),
    audiences: audiencesOf(claims['aud']),
  };
}

function decodeClaims(token: string): JsonObject {
  const segments = token.split('.');
  const [, payload] = segments;
  if (segments.length !== 3 || payload === undefined) {
    throw unusable('token contains an invalid number of segments');
  }
  const decoded = payload.length % 4 === 1 ? undefined : decodeBase64Url(payload);
  if (decoded === undefined) throw unusable('could not base64 decode claim');
  const claims = parseClaims(utf8Text(decoded));
  if (claims === null) throw unusable('no kubernetes.io claim name in JWT claims found');
  if (!isJsonObject(claims)) throw unusable('could not JSON decode claim: it is no object');
  // What is no base64 could not be sent in a header either.
  for (const segment of segments) {
    if (decodeBase64Url(segment) === undefined)
      throw unusable('could not base64 decode header or signature');
  }
  return claims;
}

/**
 * Unpadded base64url (RFC 7515, 2); one character more than whole bytes need is passed over. The decoder
 * passes over blanks and padding, too, which the length then tells.
 */
function decodeBase64Url(text: string): Uint8Array | undefined {
  const whole = text.length % 4 === 1 ? `${text}A` : text;
  try {
    const bytes = Uint8Array.fromBase64(whole, { alphabet: 'base64url' });
    return bytes.length === (whole.length * 3) >> 2 ? bytes : undefined;
  } catch {
    return undefined;
  }
}

function parseClaims(json: string): unknown {
  try {
    const claims: unknown = JSON.parse(json);
    if (!isBeyondGo(json)) return claims;
  } catch {
    // The parser's message may quote the token.
  }
  throw unusable('could not JSON decode claim');
}

/** Whether Go's decoder refuses what is JSON: a number beyond 64 bits, or more than 10,000 levels. */
function isBeyondGo(json: string): boolean {
  if (json.length <= DEEPEST && !mayHoldHugeNumber(json)) return false;
  const bare = json.replace(STRING, '');
  let depth = 0;
  for (const [token] of bare.matchAll(BRACKET_OR_NUMBER)) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    else if (!Number.isFinite(Number(token))) return true;
    if (depth > DEEPEST) return true;
  }
  return false;
}

function namespaceOf(kubernetes: JsonObject): string {
  const namespace = kubernetes['namespace'];
  if (namespace === undefined) throw unusable('no namespace found in kubernetes claim');
  if (typeof namespace !== 'string') throw unusable('namespace is not a string object');
  // It becomes part of a file name and of a URL.
  if (!isDnsLabel(namespace)) throw unusable(`namespace ${quote(namespace)} is no DNS-1123 label`);
  return namespace;
}

function audiencesOf(aud: unknown): string[] {
  const listed: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  return filter(listed, (one) => typeof one === 'string');
}

function unusable(reason: string): Failure {
  return new Failure(
    `cannot use the service account token of the request: ${reason}; the kubelet sends a token where ` +
      "the provider's tokenAttributes are set in its CredentialProviderConfig",
  );
}
