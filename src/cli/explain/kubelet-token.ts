import { Failure } from '../../diagnostics/errors.ts';
import { plain } from '../../diagnostics/plain.ts';
import type { CredentialProvider } from '../../kubelet/credential-provider-config.ts';
import { ApiError } from '../../kubernetes/api-error.ts';
import type { ApiClient } from '../../kubernetes/client.ts';
import {
  readServiceAccount,
  requestToken,
  type ServiceAccount,
  type TokenWish,
} from '../../kubernetes/service-accounts.ts';
import { PULL_SECRETS_ANNOTATION } from '../../providers/pull-secrets.ts';
import type { Finding } from './explanation.ts';
import { good, note } from './findings.ts';
import type { KubeletFacts } from './kubelet-facts.ts';
import { unsignedToken } from './unsigned-token.ts';

/** What the kubelet adds of a service account to its request. */
export interface KubeletToken {
  readonly token: string;
  /** Why it has none; `token` then has the claims alone. */
  readonly problem?: Failure;
  /** Undefined where the service account cannot be read. */
  readonly serviceAccount?: ServiceAccount;
  /** Those annotations that the kubelet passes on. */
  readonly passed: ReadonlyMap<string, string>;
  readonly findings: readonly Finding[];
}

const FORBIDDEN = 403;

/** Asks for a service account's token and annotations as the kubelet does. */
export async function kubeletToken(
  client: ApiClient,
  wish: Omit<TokenWish, 'audience'>,
  { plugin }: KubeletFacts,
): Promise<KubeletToken> {
  const provider = plugin?.provider;
  const audience = provider?.tokenAttributes?.serviceAccountTokenAudience;
  const named = { ...wish, audience };
  const [token, serviceAccount] = await Promise.all([
    unlessFailed(requestToken(client, named)),
    unlessFailed(readServiceAccount(client, wish.namespace, wish.serviceAccount)),
  ]);
  const { passed, findings } = annotationsFor(serviceAccount, provider);
  const rest = { passed, ...(serviceAccount instanceof Failure ? {} : { serviceAccount }) };
  if (token instanceof Failure) {
    const problem = withAdvice(token, named);
    return { ...rest, token: unsignedToken(named), problem, findings };
  }
  return { ...rest, token, findings: [tokenFinding(named), ...findings] };
}

async function unlessFailed<Result>(work: Promise<Result>): Promise<Result | Failure> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

function tokenFinding({ audience, pod }: TokenWish): Finding {
  const bound = pod === undefined ? '' : ', bound to the pod';
  return audience === undefined
    ? note(`the kubelet’s audience is not known: the token has the API server’s own${bound}`)
    : good(`token for the audience ${plain(audience)}${bound}`);
}

/** The kubelet then pulls without the plugin, and says why in its log alone. */
function withAdvice(problem: Failure, { audience, pod }: TokenWish): Failure {
  const told = `the kubelet gets no token and does not run the plugin: ${problem.message}`;
  if (!(problem instanceof ApiError) || problem.status !== FORBIDDEN) return new Failure(told);
  const advice =
    pod === undefined
      ? 'an administrator’s kubeconfig may ask without a pod: --kubeconfig FILE'
      : `allow nodes to ask for it: pullkey render rbac --nodes --audience ${audience ?? 'URL'}`;
  return new Failure(`${told}; ${advice}`);
}

function annotationsFor(
  serviceAccount: ServiceAccount | Failure,
  provider: CredentialProvider | undefined,
): Pick<KubeletToken, 'passed' | 'findings'> {
  if (serviceAccount instanceof Failure) {
    const text = `the service account’s annotations are not known: ${serviceAccount.message}`;
    return { passed: new Map(), findings: [note(text)] };
  }
  const { annotations } = serviceAccount;
  if (provider === undefined) return { passed: annotations, findings: [] };
  const { tokenAttributes: attributes } = provider;
  const keys = [
    ...(attributes?.requiredServiceAccountAnnotationKeys ?? []),
    ...(attributes?.optionalServiceAccountAnnotationKeys ?? []),
  ];
  const passed = new Map([...annotations].filter(([key]) => keys.includes(key)));
  if (!annotations.has(PULL_SECRETS_ANNOTATION) || passed.has(PULL_SECRETS_ANNOTATION)) {
    return { passed, findings: [] };
  }
  const text =
    `the annotation ${PULL_SECRETS_ANNOTATION} of the service account is not passed on: ` +
    'the plugin’s entry does not list it in optionalServiceAccountAnnotationKeys';
  return { passed, findings: [note(text)] };
}
