import { isJsonObject } from '../diagnostics/json.ts';
import type { RegistryCredential } from '../distribution/credential.ts';
import { fieldAt, textAt } from './api-object.ts';

/** A credential and the key of the auth file that it stood under. */
export interface FoundCredential {
  readonly key: string;
  readonly credential: RegistryCredential;
}

/**
 * Finds a repository's credential in an auth file as containers/image does
 * (containers-auth.json(5); pkg/docker/config/config.go): keys from the whole path up to the host, and
 * last keys that only normalised are the host. Undefined where none fits, or the one that fits is empty.
 * @param repository host and path, without tag and digest
 * @throws SyntaxError for a file that is no JSON
 */
export function lookUpCredential(text: string, repository: string): FoundCredential | undefined {
  const auths = fieldAt(JSON.parse(text), 'auths');
  if (!isJsonObject(auths)) return undefined;
  const [host = ''] = repository.split('/');
  const key =
    pathsUpwards(repository).find((path) => Object.hasOwn(auths, path)) ??
    Object.keys(auths).find((one) => normalisedKey(one) === normalisedHost(host));
  const credential = key === undefined ? undefined : decode(auths[key]);
  return key === undefined || credential === undefined ? undefined : { key, credential };
}

/** `host/a/b`, `host/a`, `host`. */
function pathsUpwards(repository: string): string[] {
  const steps = repository.split('/');
  return steps.map((_, index) => steps.slice(0, steps.length - index).join('/'));
}

function normalisedKey(key: string): string {
  const bare = key.replace(/^http:\/\//, '').replace(/^https:\/\//, '');
  return normalisedHost(bare === key ? key : (bare.split('/')[0] ?? ''));
}

function normalisedHost(host: string): string {
  return host === 'index.docker.io' || host === 'registry-1.docker.io' ? 'docker.io' : host;
}

function decode(entry: unknown): RegistryCredential | undefined {
  const identityToken = textAt(entry, 'identitytoken') ?? '';
  if (identityToken !== '') return { identityToken };
  const pair = Buffer.from(textAt(entry, 'auth') ?? '', 'base64').toString();
  const colon = pair.indexOf(':');
  if (colon < 0 || pair === ':') return undefined;
  return {
    username: pair.slice(0, colon),
    password: pair.slice(colon + 1).replace(/^\0+|\0+$/g, ''),
  };
}
