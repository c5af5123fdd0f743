import { isJsonObject } from '../diagnostics/json.ts';
import type { ApiClient } from './client.ts';
import { isDnsSubdomain } from './names.ts';
import { unexpectedKind } from './unexpected-kind.ts';

/** The name of any one node; undefined where there is none. Throws an ApiError or a Failure. */
export async function someNode(client: ApiClient): Promise<string | undefined> {
  const path = '/api/v1/nodes?limit=1';
  const { kind, items } = await client.get(path);
  if (kind !== 'NodeList') throw unexpectedKind(path, kind, 'NodeList');
  const [first]: readonly unknown[] = Array.isArray(items) ? items : [];
  const metadata = isJsonObject(first) ? first['metadata'] : undefined;
  const name = isJsonObject(metadata) ? metadata['name'] : undefined;
  return typeof name === 'string' && isDnsSubdomain(name) ? name : undefined;
}
