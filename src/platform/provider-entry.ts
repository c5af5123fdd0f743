import { TOKEN_API_VERSION } from '../kubelet/credential-provider-config.ts';
import type { YamlValue } from './go-yaml.ts';
import { MIRROR_PROVIDER } from './overlay.ts';

/** The file provider's name: that of its executable. */
export const GENERIC_PROVIDER = 'generic-credential-provider';

/** The annotation of a service account that names its pull secrets for the mirror provider. */
export const PULL_SECRETS_ANNOTATION = 'pullkey.dev/pull-secrets';

/** A provider's entry in a kubelet's credential provider file. */
export interface ProviderEntry {
  readonly [field: string]: YamlValue | undefined;
  readonly name: string;
  readonly matchImages: readonly string[];
  /** `--name=value` each. */
  readonly args?: readonly string[];
  readonly tokenAttributes?: TokenAttributesEntry;
}

export interface TokenAttributesEntry {
  readonly [field: string]: YamlValue | undefined;
  readonly serviceAccountTokenAudience: string;
  readonly optionalServiceAccountAnnotationKeys?: readonly string[];
}

/** The mirror provider for a plain node: run for these images, with a token for this audience. */
export function mirrorEntry(matchImages: readonly string[], audience: string): ProviderEntry {
  return {
    name: MIRROR_PROVIDER,
    matchImages,
    // An answer that is kept would let a later image go without its auth file.
    defaultCacheDuration: '0s',
    apiVersion: TOKEN_API_VERSION,
    tokenAttributes: {
      serviceAccountTokenAudience: audience,
      cacheType: 'Token',
      requireServiceAccount: false,
      optionalServiceAccountAnnotationKeys: [PULL_SECRETS_ANNOTATION],
    },
  };
}

/** The file provider for a plain node; each of its files says how long its credential is kept. */
export function genericEntry(matchImages: readonly string[]): ProviderEntry {
  return {
    name: GENERIC_PROVIDER,
    matchImages,
    defaultCacheDuration: '5m',
    apiVersion: TOKEN_API_VERSION,
  };
}
