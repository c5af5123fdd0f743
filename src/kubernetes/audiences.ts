import { Failure } from '../diagnostics/errors.ts';
import type { ApiClient } from './client.ts';
import { requestToken } from './service-accounts.ts';
import { readTokenClaims } from './token.ts';

/** There in every namespace, and in every cluster's `default`. */
const ANY_ACCOUNT = { namespace: 'default', serviceAccount: 'default' };

/**
 * The audiences that an API server accepts, its own first: it gives them all to a token that is asked for
 * without one (kube-apiserver's `--api-audiences`). Throws an ApiError or a Failure.
 */
export async function apiServerAudiences(
  client: ApiClient,
  account: { readonly namespace: string; readonly serviceAccount: string } = ANY_ACCOUNT,
): Promise<readonly string[]> {
  const { audiences } = readTokenClaims(await requestToken(client, account));
  if (audiences.length > 0) return audiences;
  throw new Failure('the API server gives tokens without an audience; give --audience URL');
}
