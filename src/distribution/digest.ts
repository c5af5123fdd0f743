import { digestProblem } from '../image/digest.ts';

/** Whether a text is a digest as references and descriptors hold it: `sha256:…` in lower case. */
export function isDigest(text: string): boolean {
  return digestProblem(text) === undefined;
}

export function sha256Digest(bytes: Uint8Array | string): string {
  return `sha256:${Bun.SHA256.hash(bytes, 'hex')}`;
}

/** Hashes what comes by, with the algorithm of an expected digest (which must satisfy `isDigest`). */
export class DigestCheck {
  readonly #expected: string;
  readonly #hasher: Bun.CryptoHasher;

  constructor(expected: string) {
    this.#expected = expected;
    this.#hasher = new Bun.CryptoHasher(algorithmOf(expected));
  }

  update(chunk: Uint8Array): void {
    this.#hasher.update(chunk);
  }

  matches(): boolean {
    return this.#expected.endsWith(`:${this.#hasher.digest('hex')}`);
  }
}

function algorithmOf(digest: string): 'sha256' | 'sha384' | 'sha512' {
  if (digest.startsWith('sha384:')) return 'sha384';
  return digest.startsWith('sha512:') ? 'sha512' : 'sha256';
}
