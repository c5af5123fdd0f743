import type { Challenge } from './challenge.ts';
import { basicAuthorization, type RegistryCredential } from './credential.ts';
import { type Exchange, nameOf, type Route, readBody, succeed } from './exchange.ts';
import { RegistryError } from './registry-error.ts';

const TOKEN_BODY_LIMIT = 1024 * 1024;
const CLIENT_ID = 'pullkey';

/** What a token is for. */
export interface WantedToken {
  /** Undefined: for nothing yet, as `docker login` asks to try a credential. */
  readonly scope: string | undefined;
  readonly credential: RegistryCredential | undefined;
}

/**
 * Trades a credential for a bearer token at the realm that a registry names
 * (distribution's token specification; with an identity token its OAuth2 variant).
 * @param registry origin of the registry: a realm in plain HTTP gets a credential only from one of its kind.
 * @throws RegistryError
 */
export async function fetchToken(
  route: Route,
  registry: URL,
  challenge: Challenge,
  wanted: WantedToken,
): Promise<string> {
  const request = tokenRequest(realmOf(registry, challenge), challenge, wanted);
  const response = await succeed(route, request);
  const body = await readBody(request, response, TOKEN_BODY_LIMIT);
  return tokenIn(request, Buffer.from(body).toString());
}

function realmOf(registry: URL, { parameters }: Challenge): URL {
  const realm = parameters['realm'] ?? '';
  const url = URL.canParse(realm, registry.href) ? new URL(realm, registry) : undefined;
  if (url?.protocol === 'https:') return url;
  if (url?.protocol === 'http:' && registry.protocol === 'http:') return url;
  throw new RegistryError(`GET ${registry.origin}/v2/`, {
    reason: 'invalid',
    summary: 'the bearer challenge names no usable realm',
  });
}

function tokenRequest(realm: URL, { parameters }: Challenge, wanted: WantedToken): Exchange {
  const { credential, scope } = wanted;
  const service = parameters['service'] ?? '';
  if (credential !== undefined && 'identityToken' in credential) {
    const body = new URLSearchParams({
      grant_type: 'refresh_token',
      service,
      client_id: CLIENT_ID,
      refresh_token: credential.identityToken,
    });
    if (scope !== undefined) body.set('scope', scope);
    return { url: realm, method: 'POST', body };
  }
  const url = new URL(realm);
  if (service !== '') url.searchParams.set('service', service);
  if (scope !== undefined) url.searchParams.set('scope', scope);
  if (credential === undefined) return { url };
  url.searchParams.set('account', credential.username);
  return { url, authorization: basicAuthorization(credential.username, credential.password) };
}

function tokenIn(request: Exchange, body: string): string {
  try {
    const answer: unknown = JSON.parse(body);
    if (typeof answer === 'object' && answer !== null) {
      if ('token' in answer && isToken(answer.token)) return answer.token;
      if ('access_token' in answer && isToken(answer.access_token)) return answer.access_token;
    }
  } catch {}
  throw new RegistryError(nameOf(request), {
    reason: 'invalid',
    summary: 'no token in the answer',
  });
}

/** Anything else could not go into a header. */
function isToken(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]+$/.test(value);
}
