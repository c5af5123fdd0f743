import { Failure } from '../diagnostics/errors.ts';
import { isJsonObject, type JsonObject } from '../diagnostics/json.ts';
import { map } from '../diagnostics/lists.ts';
import { quote } from '../diagnostics/quote.ts';
import { ApiError } from './api-error.ts';
import type { ApiClient } from './client.ts';
import { isDnsSubdomain } from './names.ts';
import { unexpectedKind } from './unexpected-kind.ts';

const PAGE_SIZE = 500;
const MOST_PAGES = 200;
/** How many Secrets are fetched by name at most. */
export const MOST_NAMES = 32;
const EXPIRED = 410;

/** A Secret as far as pull secrets need it. */
export interface ReadSecret {
  readonly name: string;
  readonly type: string;
  /** Values are base64. */
  readonly data: JsonObject;
}

/** The Secrets read, in order, and those of the names that gave nothing. */
export interface ReadSecrets {
  readonly secrets: readonly ReadSecret[];
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

/**
 * All Secrets of type `kubernetes.io/dockerconfigjson` in a namespace, in the API's order, in pages of 500.
 * Throws an ApiError or a Failure; more than 200 pages is one.
 */
export async function listPullSecrets(client: ApiClient, namespace: string): Promise<ReadSecrets> {
  const selector = encodeURIComponent('type=kubernetes.io/dockerconfigjson');
  const path = `/api/v1/namespaces/${namespace}/secrets?fieldSelector=${selector}&limit=${PAGE_SIZE}`;
  const first = await readPages(client, path);
  // The list went out of date between two pages: from the start, once.
  const secrets = first === 'expired' ? await readPages(client, path) : first;
  if (secrets === 'expired') {
    throw new Failure(
      `the list of Secrets in namespace ${quote(namespace)} expired twice while it was read; try again`,
    );
  }
  return { secrets, skipped: [] };
}

async function readPages(client: ApiClient, path: string): Promise<ReadSecret[] | 'expired'> {
  const secrets: ReadSecret[] = [];
  let next = '';
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const list = await readPage(
      client,
      next === '' ? path : `${path}&continue=${next}`,
      next !== '',
    );
    if (list === 'expired') return 'expired';
    for (const item of itemsOf(list, path)) secrets.push(item);
    const token = isJsonObject(list['metadata']) ? list['metadata']['continue'] : undefined;
    if (typeof token !== 'string' || token === '') return secrets;
    if (!token.isWellFormed()) throw unusableContinue(path);
    next = encodeURIComponent(token);
  }
  throw new Failure(
    `${quote(path)} has more than ${MOST_PAGES} pages of ${PAGE_SIZE} Secrets; name the pull secrets ` +
      "with the service account's annotation pullkey.dev/pull-secrets, so that nothing is listed",
  );
}

function readPage(
  client: ApiClient,
  path: string,
  isContinued: boolean,
): Promise<JsonObject | 'expired'> {
  return client.get(path).catch((error) => {
    if (isContinued && error instanceof ApiError && error.status === EXPIRED) return 'expired';
    throw error;
  });
}

function unusableContinue(path: string): Failure {
  return new Failure(
    `${quote(path)} is answered with a continue token that is no text; ` +
      'check that --api-server names a Kubernetes API server',
  );
}

function itemsOf(list: JsonObject, path: string): ReadSecret[] {
  const { kind, items } = list;
  if (kind !== 'SecretList' || !(Array.isArray(items) || items === null || items === undefined)) {
    throw unexpectedKind(path, kind, 'SecretList');
  }
  return map(items ?? [], (item: unknown) => decodeSecret(item, path));
}

/**
 * The named Secrets of a namespace, in the order of the names. One that is missing or forbidden, or whose
 * name cannot be one, is skipped with its reason. Throws a Failure for more than 32 names.
 */
export async function getPullSecrets(
  client: ApiClient,
  namespace: string,
  names: readonly string[],
): Promise<ReadSecrets> {
  if (names.length > MOST_NAMES) {
    throw new Failure(
      `${names.length} pull secrets are named for a pod of namespace ${quote(namespace)}, ` +
        `at most ${MOST_NAMES} are read; name fewer`,
    );
  }
  const results = await Promise.all(names.map((name) => getPullSecret(client, namespace, name)));
  return {
    secrets: results.filter((one) => 'data' in one),
    skipped: results.filter((one) => 'reason' in one),
  };
}

async function getPullSecret(
  client: ApiClient,
  namespace: string,
  name: string,
): Promise<ReadSecret | { readonly name: string; readonly reason: string }> {
  if (!isDnsSubdomain(name)) return { name, reason: 'this is no name of a Secret' };
  const path = `/api/v1/namespaces/${namespace}/secrets/${name}`;
  try {
    const secret = await client.get(path);
    if (secret['kind'] !== 'Secret') throw unexpectedKind(path, secret['kind'], 'Secret');
    return decodeSecret(secret, path);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 404) return { name, reason: 'it does not exist' };
    if (error.status === 403) return { name, reason: 'the service account may not get it' };
    throw error;
  }
}

function decodeSecret(item: unknown, path: string): ReadSecret {
  const metadata = isJsonObject(item) ? item['metadata'] : undefined;
  const name = isJsonObject(metadata) ? metadata['name'] : undefined;
  if (!isJsonObject(item) || typeof name !== 'string') {
    throw new Failure(
      `${quote(path)} is answered with an item that is no Secret; ` +
        'check that --api-server names a Kubernetes API server',
    );
  }
  const { type, data } = item;
  return { name, type: typeof type === 'string' ? type : '', data: isJsonObject(data) ? data : {} };
}
