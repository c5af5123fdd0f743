import { Failure } from '../diagnostics/errors.ts';
import { quote } from '../diagnostics/quote.ts';
import { Connection } from './connection.ts';
import type { RegistryCredential } from './credential.ts';
import { DigestCheck, isDigest, sha256Digest } from './digest.ts';
import { type Exchange, nameOf, type Route, readBody, succeed } from './exchange.ts';
import { MANIFEST_TYPES } from './media-types.ts';
import { isRepository, isTag } from './names.ts';
import { connectionError, RegistryError } from './registry-error.ts';

const MANIFEST_LIMIT = 4 * 1024 * 1024;

export interface RegistryClientOptions extends Partial<Route> {
  /** Host and port as in a reference; `docker.io` is asked where its registry lives. */
  readonly host: string;
  readonly credential?: RegistryCredential | undefined;
}

/** What a registry tells of a manifest without sending it. */
export interface ManifestHead {
  readonly mediaType: string;
  readonly digest: string | undefined;
}

export interface Manifest {
  readonly mediaType: string;
  readonly digest: string;
  readonly bytes: Uint8Array;
}

/** A blob as a manifest names it. */
export interface Descriptor {
  readonly digest: string;
  readonly size: number;
}

/**
 * Asks one registry the way containers/image does (docker/docker_client.go): ping, then whatever the
 * challenge wants. Every method throws RegistryError.
 */
export class RegistryClient {
  readonly #route: Route;
  readonly #connection: Connection;

  /** @throws Failure for a host that is none. */
  constructor(options: RegistryClientOptions) {
    this.#route = { ...options, insecure: options.insecure ?? false };
    this.#connection = new Connection(options.host, this.#route, options.credential);
  }

  /** Whether the registry is there; says nothing about the credential. Gives its address. */
  ping(): Promise<URL> {
    return this.#connection.address();
  }

  /**
   * Gets what it takes to pull from a repository, and says what that is: the password with each request,
   * a token for it, or nothing, where the registry asks for nothing or there is no credential.
   */
  async login(repository: string): Promise<'basic' | 'bearer' | 'nothing'> {
    const authorization = await this.#connection.authorization(repository);
    if (authorization === undefined) return 'nothing';
    return authorization.startsWith('Basic ') ? 'basic' : 'bearer';
  }

  /** Asks whether a manifest can be had, by tag or digest. */
  async headManifest(repository: string, reference: string): Promise<ManifestHead> {
    const request = await this.#manifestRequest(repository, reference, 'HEAD');
    const response = await succeed(this.#route, request);
    return {
      mediaType: mediaTypeOf(response),
      digest: response.headers.get('docker-content-digest') ?? undefined,
    };
  }

  /** A manifest by tag or digest; a digest is verified. */
  async manifest(repository: string, reference: string): Promise<Manifest> {
    const request = await this.#manifestRequest(repository, reference, 'GET');
    const response = await succeed(this.#route, request);
    const bytes = await readBody(request, response, MANIFEST_LIMIT);
    if (isDigest(reference)) verify(request, bytes, reference);
    const digest = isDigest(reference) ? reference : sha256Digest(bytes);
    return { mediaType: mediaTypeOf(response), digest, bytes };
  }

  /** A blob, verified; for configs and other small ones. */
  async blob(repository: string, blob: Descriptor): Promise<Uint8Array> {
    const request = await this.#blobRequest(repository, blob);
    const bytes = await readBody(request, await succeed(this.#route, request), blob.size);
    verify(request, bytes, blob.digest);
    return bytes;
  }

  /** Reads a blob of any size to its end and verifies it, keeping nothing. */
  async checkBlob(repository: string, blob: Descriptor): Promise<void> {
    const request = await this.#blobRequest(repository, blob);
    const response = await succeed(this.#route, request);
    const check = new DigestCheck(blob.digest);
    let size = 0;
    try {
      for await (const chunk of response.body ?? []) {
        check.update(chunk);
        size += chunk.length;
        if (size > blob.size) break;
      }
    } catch (error) {
      throw connectionError(nameOf(request), error);
    }
    if (size !== blob.size || !check.matches()) throw wrongDigest(request, blob.digest);
  }

  async #manifestRequest(repository: string, reference: string, method: string): Promise<Exchange> {
    if (!isTag(reference) && !isDigest(reference)) {
      throw new Failure(`${quote(reference)} is neither a tag nor a digest`);
    }
    const request = await this.#request(repository, `manifests/${reference}`);
    return { ...request, method, accept: MANIFEST_TYPES };
  }

  #blobRequest(repository: string, { digest }: Descriptor): Promise<Exchange> {
    if (!isDigest(digest)) throw new Failure(`${quote(digest)} is no digest`);
    return this.#request(repository, `blobs/${digest}`);
  }

  async #request(repository: string, rest: string): Promise<Exchange> {
    if (!isRepository(repository)) throw new Failure(`${quote(repository)} is no repository`);
    const base = await this.#connection.address();
    const authorization = await this.#connection.authorization(repository);
    return { url: new URL(`/v2/${repository}/${rest}`, base), authorization };
  }
}

function mediaTypeOf(response: Response): string {
  return (response.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '';
}

function verify(request: Exchange, bytes: Uint8Array, expected: string): void {
  const check = new DigestCheck(expected);
  check.update(bytes);
  if (!check.matches()) throw wrongDigest(request, expected);
}

function wrongDigest(request: Exchange, expected: string): RegistryError {
  const summary = `the content does not have the digest ${expected}`;
  return new RegistryError(nameOf(request), { reason: 'invalid', summary });
}
