import { isJsonObject } from '../diagnostics/json.ts';
import type { ApiObject } from './api-object.ts';
import { apiVersionOf, type Resource } from './api-resources.ts';
import { select } from './api-selector.ts';
import { badRequest, outdatedContinue } from './api-status.ts';
import type { ObjectStore } from './api-store.ts';

/** Where a page begins, as the opaque `continue` token carries it. */
interface Position {
  readonly revision: number;
  /** The last object already given, as namespace and name. */
  readonly after: string;
}

/**
 * One page of a list: selected, sorted, cut at `limit`.
 * @throws StatusError 400 for an unknown field or a bad token, 410 for a token from before a compaction.
 */
export function listPage(
  store: ObjectStore,
  resource: Resource,
  namespace: string,
  query: URLSearchParams,
): object {
  const position = readPosition(store, query.get('continue'));
  const selected = select(store.list(resource, namespace), resource, query);
  const left = selected.filter((one) => position === undefined || placeOf(one) > position.after);
  const limit = readLimit(query.get('limit'));
  const page = limit === 0 ? left : left.slice(0, limit);
  const revision = position?.revision ?? store.revision;
  const isSelected = query.has('fieldSelector') || query.has('labelSelector');
  return {
    kind: `${resource.kind}List`,
    apiVersion: apiVersionOf(resource),
    metadata: {
      resourceVersion: String(revision),
      ...continuation(page, left.length - page.length, { revision, isSelected }),
    },
    // Items of a list do not repeat the list's kind and version.
    items: page.map(({ apiVersion: _, kind: __, ...item }) => item),
  };
}

/** How many follow is only known, and so only told, where nothing is selected. */
function continuation(
  page: readonly ApiObject[],
  remaining: number,
  list: { readonly revision: number; readonly isSelected: boolean },
): object {
  const last = page.at(-1);
  if (last === undefined || remaining === 0) return {};
  const token = writePosition({ revision: list.revision, after: placeOf(last) });
  return list.isSelected ? { continue: token } : { continue: token, remainingItemCount: remaining };
}

function readLimit(text: string | null): number {
  const limit = Number(text ?? '0');
  if (!Number.isInteger(limit))
    throw badRequest(`strconv.ParseInt: parsing "${text}": invalid syntax`);
  return Math.max(limit, 0);
}

function placeOf({ metadata }: ApiObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

function writePosition({ revision, after }: Position): string {
  const token = { v: 'meta.k8s.io/v1', rv: revision, start: `${after}\0` };
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

function readPosition(store: ObjectStore, token: string | null): Position | undefined {
  if (token === null || token === '') return undefined;
  const position = decodePosition(token);
  if (position === undefined) throw badRequest('continue key is not valid');
  if (store.isCompacted(position.revision)) {
    throw outdatedContinue(writePosition({ ...position, revision: store.revision }));
  }
  return position;
}

function decodePosition(token: string): Position | undefined {
  try {
    const decoded: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (!isJsonObject(decoded)) return undefined;
    const { rv, start } = decoded;
    if (typeof rv !== 'number' || typeof start !== 'string') return undefined;
    return { revision: rv, after: start.replace(/\0$/, '') };
  } catch {
    return undefined;
  }
}
