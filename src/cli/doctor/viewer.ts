import type { Deadline } from '../../diagnostics/deadline.ts';
import { Failure } from '../../diagnostics/errors.ts';
import { nodeSubject, whoAmI } from '../../kubernetes/access-reviews.ts';
import { ApiError } from '../../kubernetes/api-error.ts';
import { ApiClient } from '../../kubernetes/client.ts';
import { readKubeconfigUser } from '../../kubernetes/kubeconfig-user.ts';
import { isDnsSubdomain } from '../../kubernetes/names.ts';
import type { ClusterAccess } from './cluster-access.ts';

/** As whom the cluster is asked. */
export interface Viewer {
  readonly client: ApiClient;
  /** The kubeconfig's path. */
  readonly kubeconfig: string;
  /** Empty where the API server does not tell. */
  readonly user: string;
  /** The node's name, where it is a kubelet. */
  readonly node: string | undefined;
}

const UNAUTHORIZED = 401;

/** Finds out who asks. Throws an ApiError of 401, or a Failure where a kubeconfig has no usable user. */
export async function findViewer(access: ClusterAccess, deadline: Deadline): Promise<Viewer> {
  const { server, kubeconfig } = access;
  if (kubeconfig === undefined) throw new Failure('there is no kubeconfig to ask with');
  const client = new ApiClient(server, readKubeconfigUser(kubeconfig), deadline);
  const user = await nameOf(client);
  const node = user.startsWith(NODE_PREFIX) ? user.slice(NODE_PREFIX.length) : '';
  return { client, kubeconfig, user, node: isDnsSubdomain(node) ? node : undefined };
}

const NODE_PREFIX = nodeSubject('').user;

/** Not every API server tells: the review is there from 1.28 on, and can be forbidden. */
async function nameOf(client: ApiClient): Promise<string> {
  try {
    return (await whoAmI(client)).user;
  } catch (error) {
    if (error instanceof ApiError && error.status !== UNAUTHORIZED) return '';
    throw error;
  }
}
