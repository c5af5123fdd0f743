import { ApiError } from '../../kubernetes/api-error.ts';
import type { ApiClient } from '../../kubernetes/client.ts';
import { isDnsSubdomain } from '../../kubernetes/names.ts';
import { listPods } from '../../kubernetes/pods.ts';
import {
  listServiceAccounts,
  readServiceAccount,
  type ServiceAccount,
} from '../../kubernetes/service-accounts.ts';
import type { Viewer } from './viewer.ts';

/** A service account of a tenant, whose pods pull. */
export interface TenantAccount {
  readonly name: string;
  /** Whether a pod has it now. */
  readonly isUsed: boolean;
  /** Undefined where it may not be read. */
  readonly account: ServiceAccount | undefined;
}

const MOST_ACCOUNTS = 50;
/** Every namespace has it. */
const ANY_TENANTS: readonly string[] = ['default'];

/**
 * The service accounts of a namespace that have pods, up to 50; without pods all of them. A kubelet sees
 * those of its own pods. Throws an ApiError or a Failure.
 */
export async function tenantAccounts(
  viewer: Viewer,
  namespace: string,
): Promise<readonly TenantAccount[]> {
  const { client, node } = viewer;
  const pods = await unlessForbidden(listPods(client, { namespace, node }));
  const used = new Set(
    (pods ?? []).filter((pod) => !pod.isStatic).map((pod) => pod.serviceAccount),
  );
  const listed = await unlessForbidden(listServiceAccounts(client, namespace));
  const found = new Set([...used, ...(listed?.keys() ?? ANY_TENANTS)]);
  const names = [...found].filter(isDnsSubdomain);
  const chosen = used.size === 0 ? names : names.filter((name) => used.has(name));
  return Promise.all(
    chosen.slice(0, MOST_ACCOUNTS).map(async (name) => ({
      name,
      isUsed: used.has(name),
      account: listed?.get(name) ?? (await readOne(client, namespace, name)),
    })),
  );
}

function readOne(
  client: ApiClient,
  namespace: string,
  name: string,
): Promise<ServiceAccount | undefined> {
  return unlessForbidden(readServiceAccount(client, namespace, name));
}

const FORBIDDEN = 403;

async function unlessForbidden<Result>(work: Promise<Result>): Promise<Result | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ApiError && error.status === FORBIDDEN) return undefined;
    throw error;
  }
}
