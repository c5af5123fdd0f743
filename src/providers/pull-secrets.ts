import type { Secret } from '../credentials/pull-secret.ts';
import { Failure } from '../diagnostics/errors.ts';
import { quote } from '../diagnostics/quote.ts';
import { ApiError } from '../kubernetes/api-error.ts';
import type { ApiClient } from '../kubernetes/client.ts';
import { getPullSecrets, listPullSecrets, type ReadSecrets } from '../kubernetes/secrets.ts';
import { readServiceAccount } from '../kubernetes/service-accounts.ts';
import type { TokenClaims } from '../kubernetes/token.ts';

/** The annotation of a service account that names its pull secrets, comma-separated. */
export const PULL_SECRETS_ANNOTATION = 'pullkey.dev/pull-secrets';

const UNAUTHORIZED = 401;
const FORBIDDEN = 403;
/** Of a token, that a message names. */
const MOST_AUDIENCES = 5;

/** How the Secrets were found: by the annotation's names, as the namespace's list, or by the service account's imagePullSecrets. */
export type SecretsSource = 'annotation' | 'namespace' | 'service-account';

export interface NamespaceSecrets {
  readonly source: SecretsSource;
  readonly secrets: readonly Secret[];
  /** Names that gave nothing, with the reason. */
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

/**
 * The Secrets that may hold a pod's credentials, with the least rights that suffice: the names of the
 * annotation; else all of the namespace; else, where listing is forbidden, the service account's own
 * imagePullSecrets. Throws a Failure that names the audience (401) or the Role (403) that is missing.
 */
export function readPullSecrets(
  client: ApiClient,
  identity: TokenClaims,
  annotation: string | undefined,
): Promise<NamespaceSecrets> {
  const reading =
    annotation === undefined
      ? listOrReadOwn(client, identity)
      : readNamed(client, identity, 'annotation', annotatedNames(annotation));
  return reading.catch((error) => {
    if (error instanceof ApiError && error.status === UNAUTHORIZED)
      throw rejectedToken(error, identity);
    throw error;
  });
}

/** The names in the annotation's value, each once. */
export function annotatedNames(annotation: string): string[] {
  const names = annotation.split(',').map((name) => name.trim());
  return [...new Set(names)].filter((name) => name !== '');
}

async function listOrReadOwn(client: ApiClient, identity: TokenClaims): Promise<NamespaceSecrets> {
  try {
    return { source: 'namespace', ...(await listPullSecrets(client, identity.namespace)) };
  } catch (error) {
    if (!isForbidden(error) || identity.serviceAccount === undefined)
      throw withRole(error, identity);
    const names = await ownPullSecrets(client, identity, identity.serviceAccount);
    return readNamed(client, identity, 'service-account', names);
  }
}

async function ownPullSecrets(
  client: ApiClient,
  identity: TokenClaims,
  serviceAccount: string,
): Promise<readonly string[]> {
  try {
    return (await readServiceAccount(client, identity.namespace, serviceAccount)).imagePullSecrets;
  } catch (error) {
    throw withRole(error, identity);
  }
}

async function readNamed(
  client: ApiClient,
  identity: TokenClaims,
  source: SecretsSource,
  names: readonly string[],
): Promise<NamespaceSecrets> {
  const read: ReadSecrets = await getPullSecrets(client, identity.namespace, names);
  if (names.length > 0 && read.secrets.length === 0) {
    const reasons = read.skipped.map(({ name, reason }) => `${quote(name)}: ${reason}`).join(', ');
    throw new Failure(
      `none of the pull secrets named by the ${namedBy(source)} can be used (${reasons}); ` +
        `create them, and ${roleAdvice(identity, 'get on these Secrets')}`,
    );
  }
  return { source, ...read };
}

function namedBy(source: SecretsSource): string {
  return source === 'annotation'
    ? `annotation ${PULL_SECRETS_ANNOTATION}`
    : "service account's imagePullSecrets";
}

function isForbidden(error: unknown): boolean {
  return error instanceof ApiError && error.status === FORBIDDEN;
}

function withRole(error: unknown, identity: TokenClaims): unknown {
  if (!isForbidden(error) || !(error instanceof Failure)) return error;
  return new Failure(
    `${error.message}; ${roleAdvice(identity, 'list on Secrets, or get on itself and on its imagePullSecrets')}`,
  );
}

function roleAdvice({ namespace, serviceAccount }: TokenClaims, rights: string): string {
  const account = serviceAccount ?? 'NAME';
  return (
    `give the service account ${quote(account)} a Role in namespace ${quote(namespace)} with ${rights}: ` +
    `pullkey render rbac --namespace ${namespace} --service-account ${account}`
  );
}

function rejectedToken(error: ApiError, { audiences }: TokenClaims): Failure {
  const named = audiences.slice(0, MOST_AUDIENCES).map(quote).join(', ') || 'missing';
  return new Failure(
    `${error.message}; the token's audience (aud) is ${named}: set serviceAccountTokenAudience in the ` +
      "kubelet's CredentialProviderConfig to one that the API server accepts (its --api-audiences, by " +
      'default its issuer), and allow nodes to ask for it: pullkey render rbac --nodes --audience URL',
  );
}
