import { isDigest, sha256Digest } from '../distribution/digest.ts';
import { DistributionError } from './registry-error.ts';

export interface StoredManifest {
  readonly mediaType: string;
  readonly digest: string;
  readonly bytes: Uint8Array;
}

/** One repository's content, in memory. */
export class Repository {
  readonly name: string;
  readonly #blobs = new Map<string, Uint8Array>();
  readonly #manifests = new Map<string, StoredManifest>();
  readonly #tags = new Map<string, string>();

  constructor(name: string) {
    this.name = name;
  }

  get isEmpty(): boolean {
    return this.#manifests.size === 0;
  }

  blob(digest: string): Uint8Array | undefined {
    return this.#blobs.get(digest);
  }

  /** Keeps a blob under its digest, which is given back. */
  addBlob(bytes: Uint8Array): string {
    const digest = sha256Digest(bytes);
    this.#blobs.set(digest, bytes);
    return digest;
  }

  hasManifest(digest: string): boolean {
    return this.#manifests.has(digest);
  }

  /** By tag or digest. */
  manifest(reference: string): StoredManifest | undefined {
    const digest = isDigest(reference) ? reference : this.#tags.get(reference);
    return digest === undefined ? undefined : this.#manifests.get(digest);
  }

  /** Keeps a manifest, and lets a tag point to it where the reference is one. */
  addManifest(reference: string, mediaType: string, bytes: Uint8Array): StoredManifest {
    const manifest = { mediaType, digest: sha256Digest(bytes), bytes };
    if (isDigest(reference) && reference !== manifest.digest) {
      throw new DistributionError('DIGEST_INVALID');
    }
    this.#manifests.set(manifest.digest, manifest);
    if (!isDigest(reference)) this.#tags.set(reference, manifest.digest);
    return manifest;
  }

  /** Sorted. */
  tags(): string[] {
    return [...this.#tags.keys()].sort();
  }
}

/** All repositories; one comes into being with its first use. */
export class RegistryStore {
  readonly #repositories = new Map<string, Repository>();

  repository(name: string): Repository {
    const known = this.#repositories.get(name);
    if (known !== undefined) return known;
    const fresh = new Repository(name);
    this.#repositories.set(name, fresh);
    return fresh;
  }

  /** The names of those that hold an image, sorted. */
  names(): string[] {
    const filled = [...this.#repositories.values()].filter((one) => !one.isEmpty);
    return filled.map((one) => one.name).sort();
  }
}
