/** What an auth file holds for a registry: a user with a password, or a token to trade in. */
export type RegistryCredential =
  | { readonly username: string; readonly password: string }
  | { readonly identityToken: string };

/** The value of an `Authorization` header of the Basic scheme (RFC 7617, UTF-8). */
export function basicAuthorization(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
