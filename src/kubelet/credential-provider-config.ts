import type { Nanoseconds } from './duration.ts';

/** The file that tells the kubelet which plugins to run: CredentialProviderConfig of kubelet.config.k8s.io. */
export interface CredentialProviderConfig {
  readonly providers: readonly CredentialProvider[];
}

export interface CredentialProvider {
  /** The executable's name in the kubelet's plugin directory. */
  readonly name: string;
  readonly matchImages: readonly string[];
  /** How long an answer without `cacheDuration` is kept. */
  readonly defaultCacheDuration?: Nanoseconds;
  /** Version of the request and the response. */
  readonly apiVersion: string;
  readonly args: readonly string[];
  readonly env: readonly EnvironmentVariable[];
  readonly tokenAttributes?: TokenAttributes;
}

export interface EnvironmentVariable {
  readonly name: string;
  readonly value: string;
}

/** What the kubelet gives a plugin of a pod's service account. */
export interface TokenAttributes {
  readonly serviceAccountTokenAudience: string;
  /** `ServiceAccount` or `Token`. */
  readonly cacheType: string;
  readonly requireServiceAccount?: boolean;
  readonly requiredServiceAccountAnnotationKeys: readonly string[];
  readonly optionalServiceAccountAnnotationKeys: readonly string[];
}

/** The kind and group of the file. */
export const CONFIG_KIND = 'CredentialProviderConfig';
export const CONFIG_GROUP = 'kubelet.config.k8s.io';

/** The versions of a plugin's requests that the kubelet knows. */
export const PROVIDER_API_VERSIONS: readonly string[] = [
  'credentialprovider.kubelet.k8s.io/v1',
  'credentialprovider.kubelet.k8s.io/v1alpha1',
  'credentialprovider.kubelet.k8s.io/v1beta1',
];

/** The one version of them that carries service account tokens. */
export const TOKEN_API_VERSION = 'credentialprovider.kubelet.k8s.io/v1';

/** How the kubelet may share answers that came with a token. */
export const TOKEN_CACHE_TYPES: readonly string[] = ['ServiceAccount', 'Token'];
