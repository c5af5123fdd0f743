import { compareBytes } from './byte-order.ts';
import { textOfBytes } from './byte-string.ts';
import { matchImage } from './match-images.ts';
import type { ResponseCredential } from './response.ts';
import { parseSchemelessUrl } from './schemeless-url.ts';

const DOCKER_HUB_KEY = 'index.docker.io';

/**
 * The credentials of an answer that the kubelet would try for an image, in its order; see
 * {@link keyringEntries}.
 */
export function keyringFor(
  image: string,
  auth: ReadonlyMap<string, ResponseCredential>,
): readonly ResponseCredential[] {
  return keyringEntries(image, auth).map(({ value }) => value);
}

/** What is filed under a key of a docker config. */
export interface KeyringEntry<Value> {
  readonly lookupKey: string;
  readonly value: Value;
}

/**
 * What is filed for an image, in the kubelet's order: keys that match, the last in byte order first;
 * where none does, the key of Docker Hub for one of its images. Keys that do not parse are left out.
 * Source of the rule: Kubernetes pkg/credentialprovider, BasicDockerKeyring.
 */
export function keyringEntries<Value>(
  image: string,
  byKey: ReadonlyMap<string, Value>,
): readonly KeyringEntry<Value>[] {
  const entries = [...byKey].flatMap(([key, value]) => {
    const lookupKey = lookupKeyOf(key);
    return lookupKey === undefined ? [] : [{ lookupKey, value }];
  });
  const matching = entries
    .filter(({ lookupKey }) => matchImage(lookupKey, image).matched)
    .sort((one, other) => compareBytes(other.lookupKey, one.lookupKey));
  return matching.length === 0 && isOnDockerHub(image)
    ? entries.filter(({ lookupKey }) => lookupKey === DOCKER_HUB_KEY)
    : matching;
}

/** A key as it is compared: without scheme, and without the `/v1/` or `/v2/` that Docker clients write; undefined where it does not parse. */
export function lookupKeyOf(key: string): string | undefined {
  const url = parseSchemelessUrl(key.replace(/^https?:\/\//, ''));
  if ('error' in url) return undefined;
  const path = url.path.replace(/^\/v[12](?=\/)/, '');
  return textOfBytes(url.host + (path === '/' ? '' : path));
}

function isOnDockerHub(image: string): boolean {
  const slash = image.indexOf('/');
  const first = slash < 0 ? image : image.slice(0, slash);
  if (first === '') return false;
  return slash < 0 || first === 'docker.io' || first === DOCKER_HUB_KEY || !/[.:]/.test(first);
}
