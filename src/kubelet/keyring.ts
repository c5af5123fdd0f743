import { compareBytes } from './byte-order.ts';
import { matchImage } from './match-images.ts';
import type { ResponseCredential } from './response.ts';
import { parseSchemelessUrl, textOfBytes } from './schemeless-url.ts';

const DOCKER_HUB_KEY = 'index.docker.io';

/**
 * The credentials of an answer that the kubelet would try for an image, in its order: keys that match,
 * the last in byte order first; where none does, the key of Docker Hub for one of its images. Keys that
 * do not parse are left out. Source of the rule: Kubernetes pkg/credentialprovider, BasicDockerKeyring.
 */
export function keyringFor(
  image: string,
  auth: ReadonlyMap<string, ResponseCredential>,
): readonly ResponseCredential[] {
  const entries = [...auth].flatMap(([key, credential]) => {
    const lookupKey = keyringKey(key);
    return lookupKey === undefined ? [] : [{ lookupKey, credential }];
  });
  const matching = entries
    .filter(({ lookupKey }) => matchImage(lookupKey, image).matched)
    .sort((one, other) => compareBytes(other.lookupKey, one.lookupKey));
  const found =
    matching.length === 0 && isOnDockerHub(image)
      ? entries.filter(({ lookupKey }) => lookupKey === DOCKER_HUB_KEY)
      : matching;
  return found.map(({ credential }) => credential);
}

/** A key without scheme, and without the `/v1/` or `/v2/` that Docker clients write. */
function keyringKey(key: string): string | undefined {
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
