import { sha256Digest } from '../distribution/digest.ts';
import { DistributionError } from './registry-error.ts';
import type { Repository } from './registry-store.ts';

interface Upload {
  readonly repository: string;
  bytes: Uint8Array;
}

/** Blobs on their way in, whole or in chunks (distribution specification, "Pushing Blobs"). */
export class Uploads {
  readonly #running = new Map<string, Upload>();

  /** Begins an upload; gives its id. */
  begin(repository: Repository): string {
    const id = crypto.randomUUID();
    this.#running.set(id, { repository: repository.name, bytes: new Uint8Array() });
    return id;
  }

  size(repository: Repository, id: string): number {
    return this.#need(repository, id).bytes.length;
  }

  /** Adds a chunk; with a Content-Range it must begin where the last one ended. */
  append(repository: Repository, id: string, chunk: Uint8Array, range: string | null = null): void {
    const upload = this.#need(repository, id);
    const start = range === null ? undefined : /^(?:bytes )?(\d+)-/.exec(range)?.[1];
    if (range !== null && Number(start) !== upload.bytes.length) {
      throw new DistributionError('RANGE_INVALID');
    }
    upload.bytes = Buffer.concat([upload.bytes, chunk]);
  }

  /** Ends an upload: its content becomes a blob, if it has the digest that the client says. */
  finish(repository: Repository, id: string, digest: string | null): string {
    const { bytes } = this.#need(repository, id);
    if (sha256Digest(bytes) !== digest) throw new DistributionError('DIGEST_INVALID');
    this.#running.delete(id);
    return repository.addBlob(bytes);
  }

  cancel(repository: Repository, id: string): void {
    this.#need(repository, id);
    this.#running.delete(id);
  }

  #need(repository: Repository, id: string): Upload {
    const upload = this.#running.get(id);
    if (upload?.repository !== repository.name) throw new DistributionError('BLOB_UPLOAD_UNKNOWN');
    return upload;
  }
}
