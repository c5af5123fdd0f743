/** One entry of a response's `auth`. */
export interface ResponseCredential {
  readonly username: string;
  readonly password: string;
}

/** What the kubelet gets: CredentialProviderResponse of `credentialprovider.kubelet.k8s.io`. */
export interface CredentialProviderResponse {
  readonly apiVersion: string;
  readonly cacheKeyType: 'Image' | 'Registry' | 'Global';
  /** A Go duration; `0s` is: do not cache at all. */
  readonly cacheDuration: string;
  readonly auth?: Readonly<Record<string, ResponseCredential>>;
}

/** The response as the one line of JSON that the kubelet reads from standard output. */
export function encodeResponse(response: CredentialProviderResponse): string {
  return `${JSON.stringify({ kind: 'CredentialProviderResponse', ...response })}\n`;
}
