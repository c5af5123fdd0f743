import type { Deadline } from '../../diagnostics/deadline.ts';
import { Failure } from '../../diagnostics/errors.ts';
import { ApiError } from '../../kubernetes/api-error.ts';
import { apiServerAudiences } from '../../kubernetes/audiences.ts';
import type { ApiServer } from '../../kubernetes/client.ts';
import { listPods } from '../../kubernetes/pods.ts';
import { askServer } from '../../kubernetes/server-answer.ts';
import { requestToken, type TokenWish } from '../../kubernetes/service-accounts.ts';
import type { Viewer } from './viewer.ts';

/** What a cluster makes of tokens for the configured audience. */
export interface TokenFacts {
  readonly configured: string | undefined;
  /** What its API server accepts; undefined where no token can be had that tells. */
  readonly accepted: readonly string[] | undefined;
  /** Whether a token for the configured audience is; undefined where that could not be seen. */
  readonly isAccepted: boolean | undefined;
  /** Why something is undefined. */
  readonly problem: Failure | undefined;
  /** On a node without any pod of a service account there is nobody to ask a token for. */
  readonly hasAccount: boolean;
}

/**
 * For which audience nodes need tokens: the configured one, or else what it has to become. Undefined where
 * neither is known.
 */
export function neededAudience({
  configured,
  accepted,
  isAccepted,
}: TokenFacts): string | undefined {
  return isAccepted === false || configured === undefined ? accepted?.[0] : configured;
}

/** What to try, and in which namespace. */
export interface TokenQuestion {
  readonly server: ApiServer;
  readonly namespace: string | undefined;
  readonly configured: string | undefined;
  readonly deadline: Deadline;
}

type Account = Omit<TokenWish, 'audience'>;

const UNAUTHORIZED = 401;
const NOT_FOUND = 404;

/**
 * Asks for a token of the configured audience and shows it to the API server; and for one without an
 * audience, which has those that are accepted. Throws an ApiError or a Failure where it is not known whose
 * token to ask for.
 */
export async function findTokenFacts(viewer: Viewer, question: TokenQuestion): Promise<TokenFacts> {
  const { configured } = question;
  const account = await accountFor(viewer, question.namespace);
  const nothing = { configured, accepted: undefined, isAccepted: undefined, problem: undefined };
  if (account === undefined) return { ...nothing, hasAccount: false };
  const accepted = await failureOr(apiServerAudiences(viewer.client, account));
  if (isMissing(accepted) && question.namespace !== undefined) {
    return findTokenFacts(viewer, { ...question, namespace: undefined });
  }
  const known = accepted instanceof Failure ? undefined : accepted;
  const told = { configured, accepted: known, hasAccount: true };
  const isAccepted = await failureOr(isTokenAccepted(viewer, account, question));
  if (!(isAccepted instanceof Failure))
    return { ...told, isAccepted, problem: failureIn(accepted) };
  // Nobody may ask for such a token here; the list tells as well, where there is one.
  const isListed = configured === undefined ? undefined : known?.includes(configured);
  return { ...told, isAccepted: isListed, problem: isAccepted };
}

/** A kubelet gets tokens only for the pods of its node, anybody else as he may. */
async function accountFor(
  { client, node }: Viewer,
  namespace: string | undefined,
): Promise<Account | undefined> {
  if (node === undefined) return { namespace: namespace ?? 'default', serviceAccount: 'default' };
  const pods = (await listPods(client, { node })).filter(({ isStatic }) => !isStatic);
  const pod = pods.find((one) => one.namespace === namespace) ?? pods[0];
  if (pod === undefined) return undefined;
  const { name, uid, serviceAccount } = pod;
  return { namespace: pod.namespace, serviceAccount, pod: { name, uid } };
}

async function isTokenAccepted(
  { client }: Viewer,
  account: Account,
  { server, configured: audience, deadline }: TokenQuestion,
): Promise<boolean | undefined> {
  if (audience === undefined) return undefined;
  const token = await requestToken(client, { ...account, audience });
  const { status } = await askServer(server, { token }, deadline);
  return status !== UNAUTHORIZED;
}

async function failureOr<Result>(work: Promise<Result>): Promise<Result | Failure> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

/** The namespace has no service account, or is not there itself. */
function isMissing(result: unknown): boolean {
  return result instanceof ApiError && result.status === NOT_FOUND;
}

function failureIn(value: unknown): Failure | undefined {
  return value instanceof Failure ? value : undefined;
}
