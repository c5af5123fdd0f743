import type { Descriptor, Manifest, RegistryClient } from '../distribution/client.ts';
import { isIndex } from '../distribution/media-types.ts';
import { RegistryError } from '../distribution/registry-error.ts';
import { fieldAt, textAt } from './api-object.ts';

const CONFIG_LIMIT = 4 * 1024 * 1024;
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64' };

export interface FetchedImage {
  readonly digest: string;
  readonly layers: number;
  readonly bytes: number;
}

/** Fetches and verifies an image's manifest (this platform's, of several), config and layers. @throws RegistryError */
export async function fetchImage(
  client: RegistryClient,
  repository: string,
  version: string,
): Promise<FetchedImage> {
  const manifest = await platformManifest(client, repository, version);
  const content: unknown = parse(manifest);
  const config = descriptor(fieldAt(content, 'config'));
  const layers = listAt(content, 'layers').map(descriptor);
  if (config.size > CONFIG_LIMIT) throw invalid(`a config of ${config.size} bytes`);
  await client.blob(repository, config);
  for (const layer of layers) await client.checkBlob(repository, layer);
  const bytes = layers.reduce((sum, { size }) => sum + size, manifest.bytes.length + config.size);
  return { digest: manifest.digest, layers: layers.length, bytes };
}

async function platformManifest(
  client: RegistryClient,
  repository: string,
  version: string,
): Promise<Manifest> {
  const manifest = await client.manifest(repository, version);
  if (!isIndex(manifest.mediaType)) return manifest;
  const architecture = ARCHITECTURES[process.arch] ?? process.arch;
  const fitting = listAt(parse(manifest), 'manifests').find(
    (one) =>
      textAt(one, 'platform.os') === 'linux' &&
      textAt(one, 'platform.architecture') === architecture,
  );
  if (fitting === undefined) throw invalid(`no image for linux/${architecture}`);
  return client.manifest(repository, descriptor(fitting).digest);
}

function parse({ bytes }: Manifest): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch {
    throw invalid('the manifest is no JSON');
  }
}

function listAt(value: unknown, path: string): unknown[] {
  const found = fieldAt(value, path);
  return Array.isArray(found) ? found : [];
}

function descriptor(value: unknown): Descriptor {
  const digest = textAt(value, 'digest');
  const size = fieldAt(value, 'size');
  if (digest === undefined || typeof size !== 'number') throw invalid('a broken manifest');
  return { digest, size };
}

function invalid(summary: string): RegistryError {
  return new RegistryError('the image', { reason: 'invalid', summary });
}
