import { compareBytes } from '../kubelet/byte-order.ts';
import { DOCUMENTED_AUDIENCE } from './audience.ts';
import { goYaml } from './go-yaml.ts';
import type { OriginalConfig, OriginalProvider } from './original-config.ts';
import { overlaps } from './scope.ts';

/** The mirror provider's name: that of its executable. */
export const MIRROR_PROVIDER = 'crio-credential-provider';

/** A platform's file with the mirror provider in it. */
export interface Overlay {
  /** The new file; undefined where every entry overlaps, and the platform's file stays as it is. */
  readonly yaml: string | undefined;
  /** Entries left out because another provider's `matchImages` may cover the same images; sorted. */
  readonly overlapped: readonly string[];
}

/**
 * Adds the mirror provider to a platform's file, or replaces the patterns of the one that is there, as
 * the machine-config-operator does. Patterns come out sorted and once each.
 * Source of the rule: pkg/controller/container-runtime-config, updateCredentialProviderConfig.
 */
export function overlayProvider(
  original: OriginalConfig,
  matchImages: readonly string[],
  annotationKeys: readonly string[] = [],
): Overlay {
  const taken = original.providers
    .filter(({ name }) => name !== MIRROR_PROVIDER)
    .flatMap((provider) => provider.matchImages ?? []);
  const wanted = [...new Set(matchImages)].sort(compareBytes);
  const overlapped = wanted.filter((image) => taken.some((other) => overlaps(image, other)));
  const rendered = wanted.filter((image) => !overlapped.includes(image));
  if (rendered.length === 0) return { yaml: undefined, overlapped };
  const providers = withMirrorProvider(original.providers, rendered, annotationKeys);
  return { yaml: goYaml({ ...original, providers }), overlapped };
}

function withMirrorProvider(
  providers: readonly OriginalProvider[],
  matchImages: readonly string[],
  annotationKeys: readonly string[],
): readonly OriginalProvider[] {
  const index = providers.findIndex(({ name }) => name === MIRROR_PROVIDER);
  const existing = providers[index];
  if (existing !== undefined) return providers.with(index, { ...existing, matchImages });
  return [...providers, mirrorProvider(matchImages, annotationKeys)];
}

function mirrorProvider(
  matchImages: readonly string[],
  annotationKeys: readonly string[],
): OriginalProvider {
  return {
    name: MIRROR_PROVIDER,
    matchImages,
    defaultCacheDuration: '1s',
    apiVersion: 'credentialprovider.kubelet.k8s.io/v1',
    tokenAttributes: {
      serviceAccountTokenAudience: DOCUMENTED_AUDIENCE,
      cacheType: 'Token',
      requireServiceAccount: false,
      optionalServiceAccountAnnotationKeys:
        annotationKeys.length === 0 ? undefined : annotationKeys,
    },
  };
}
