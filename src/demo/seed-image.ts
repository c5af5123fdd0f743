import { sha256Digest } from '../distribution/digest.ts';
import { OCI_CONFIG, OCI_LAYER, OCI_MANIFEST } from '../distribution/media-types.ts';
import type { Repository, StoredManifest } from './registry-store.ts';
import { tarOf } from './tar.ts';

const EPOCH = '1970-01-01T00:00:00Z';

/** Puts a small but valid image for linux/amd64 under a tag: one layer with one file that names it. */
export function seedImage(repository: Repository, tag: string): StoredManifest {
  const tar = tarOf('hello.txt', encode(`Hello from ${repository.name}:${tag}\n`));
  const layer = Bun.gzipSync(Buffer.from(tar));
  const config = encodeJson({
    created: EPOCH,
    architecture: 'amd64',
    os: 'linux',
    config: { Cmd: ['/hello.txt'] },
    rootfs: { type: 'layers', diff_ids: [sha256Digest(tar)] },
    history: [{ created: EPOCH, created_by: 'pullkey' }],
  });
  const manifest = {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: { mediaType: OCI_CONFIG, ...keep(repository, config) },
    layers: [{ mediaType: OCI_LAYER, ...keep(repository, layer) }],
  };
  return repository.addManifest(tag, OCI_MANIFEST, encodeJson(manifest));
}

function keep(repository: Repository, bytes: Uint8Array): { digest: string; size: number } {
  return { digest: repository.addBlob(bytes), size: bytes.length };
}

function encodeJson(value: object): Uint8Array {
  return encode(JSON.stringify(value));
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
