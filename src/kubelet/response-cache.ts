import type { DecodedResponse } from './credential-provider-response.ts';
import type { Nanoseconds } from './duration.ts';

/** What a later image must share with this one to be given the cached answer. */
export type CacheKeyType = 'Image' | 'Registry' | 'Global';

const CACHE_KEY_TYPES: readonly string[] = ['Image', 'Registry', 'Global'] satisfies CacheKeyType[];

/** Why the kubelet drops an answer for its `cacheKeyType`, in its words; undefined where it is valid. */
export function cacheKeyTypeError({ cacheKeyType }: DecodedResponse): string | undefined {
  if (isCacheKeyType(cacheKeyType)) return undefined;
  return `credential provider plugin did not return a valid cacheKeyType: ${cacheKeyType}`;
}

export interface Caching {
  readonly under: CacheKeyType;
  readonly duration: Nanoseconds;
}

/**
 * Under what and how long the kubelet keeps an answer; undefined where it does not, or keeps it as
 * expired already. An image without a slash is its own registry, and counts as `Image`.
 */
export function cachedUnder(
  response: DecodedResponse,
  image: string,
  defaultDuration: Nanoseconds,
): Caching | undefined {
  const { cacheKeyType } = response;
  const duration = response.cacheDuration ?? defaultDuration;
  if (!isCacheKeyType(cacheKeyType) || duration <= 0n) return undefined;
  const isOwnRegistry = cacheKeyType === 'Registry' && !image.includes('/');
  return { under: isOwnRegistry ? 'Image' : cacheKeyType, duration };
}

function isCacheKeyType(text: string): text is CacheKeyType {
  return CACHE_KEY_TYPES.includes(text);
}
