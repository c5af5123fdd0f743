const FORM = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;
const REGISTERED_FORM = /^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$/;

/** Made for an image with a digest, which the kubelet sends none of. */
const hexLengths = (): ReadonlyMap<string, number> =>
  new Map([
    ['sha256', 64],
    ['sha384', 96],
    ['sha512', 128],
  ]);

/** Whether a text has the form `ALGORITHM:HEX` that an image reference may end with. */
export function hasDigestForm(text: string): boolean {
  return FORM.test(text);
}

/**
 * Why a digest is unusable (an algorithm that is not SHA-2, a wrong length, upper case), in the
 * words of opencontainers/go-digest; undefined where it is fine.
 */
export function digestProblem(digest: string): string | undefined {
  const colon = digest.indexOf(':');
  const hex = digest.slice(colon + 1);
  const length = hexLengths().get(digest.slice(0, colon));
  if (length === undefined) {
    return REGISTERED_FORM.test(digest)
      ? 'unsupported digest algorithm'
      : 'invalid checksum digest format';
  }
  if (hex.length !== length) return 'invalid checksum digest length';
  return /^[a-f0-9]+$/.test(hex) ? undefined : 'invalid checksum digest format';
}
