import { RegistryError } from './registry-error.ts';

/** Reads a whole body. @throws RegistryError `invalid` as soon as it is larger than `limit` bytes. */
export async function readBounded(
  what: string,
  response: Response,
  limit: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > limit) {
      throw new RegistryError(what, { reason: 'invalid', summary: `more than ${limit} bytes` });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
