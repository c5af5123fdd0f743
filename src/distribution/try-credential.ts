import { Connection } from './connection.ts';
import type { RegistryCredential } from './credential.ts';
import { exchange, nameOf, type Route } from './exchange.ts';
import { answerError } from './registry-error.ts';

/** Whether a registry took a credential, or asks for none. */
export type Reception = 'accepted' | 'not-asked-for';

/**
 * Shows a registry (`host[:port]`) a credential, as `docker login` does: Basic to the registry itself,
 * else to the server of bearer tokens that it names. Says nothing about the rights in a repository.
 * @throws RegistryError, with the reason `unauthorized` or `denied` where the credential is refused.
 */
export async function tryCredential(
  host: string,
  route: Route,
  credential: RegistryCredential,
): Promise<Reception> {
  const connection = new Connection(host, route, credential);
  const url = await connection.address();
  const authorization = await connection.authorization();
  if (authorization === undefined) return 'not-asked-for';
  const request = { url, authorization };
  const response = await exchange(route, request);
  await response.body?.cancel();
  // A token that is for no repository yet may be refused here: the token server took the credential.
  if (response.ok || authorization.startsWith('Bearer ')) return 'accepted';
  throw answerError(nameOf(request), response.status, '');
}
