import { isJsonObject } from '../diagnostics/json.ts';
import { fieldAt } from './api-object.ts';
import { DistributionError } from './registry-error.ts';
import type { Repository } from './registry-store.ts';

/**
 * Refuses a manifest that is none, or one that names what the repository does not hold.
 * @throws DistributionError MANIFEST_INVALID, MANIFEST_BLOB_UNKNOWN or MANIFEST_UNKNOWN
 */
export function checkManifest(repository: Repository, mediaType: string, bytes: Uint8Array): void {
  const manifest = parse(bytes);
  if (mediaType === '' || manifest === undefined) throw new DistributionError('MANIFEST_INVALID');
  const listed = digestsIn(manifest['manifests']);
  if (listed.some((digest) => !repository.hasManifest(digest))) {
    throw new DistributionError('MANIFEST_UNKNOWN');
  }
  const blobs = digestsIn([manifest['config']]).concat(digestsIn(manifest['layers']));
  if (listed.length + blobs.length === 0) throw new DistributionError('MANIFEST_INVALID');
  const missing = blobs.find((digest) => repository.blob(digest) === undefined);
  if (missing !== undefined) {
    throw new DistributionError('MANIFEST_BLOB_UNKNOWN', { detail: { digest: missing } });
  }
}

function parse(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const manifest: unknown = JSON.parse(Buffer.from(bytes).toString());
    return isJsonObject(manifest) ? manifest : undefined;
  } catch {
    return undefined;
  }
}

function digestsIn(descriptors: unknown): string[] {
  if (!Array.isArray(descriptors)) return [];
  return descriptors
    .map((one) => fieldAt(one, 'digest'))
    .filter((digest) => typeof digest === 'string');
}
