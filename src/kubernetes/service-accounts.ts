import { Failure } from '../diagnostics/errors.ts';
import { isJsonObject, type JsonObject } from '../diagnostics/json.ts';
import { quote } from '../diagnostics/quote.ts';
import type { ApiClient } from './client.ts';
import { unexpectedKind } from './unexpected-kind.ts';

/** What a service account says of pulls. */
export interface ServiceAccount {
  readonly annotations: ReadonlyMap<string, string>;
  /** Names of Secrets in its namespace. */
  readonly imagePullSecrets: readonly string[];
}

/** Reads a service account. Throws an ApiError or a Failure. */
export async function readServiceAccount(
  client: ApiClient,
  namespace: string,
  name: string,
): Promise<ServiceAccount> {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}`;
  const account = await client.get(path);
  if (account['kind'] !== 'ServiceAccount') {
    throw unexpectedKind(path, account['kind'], 'ServiceAccount');
  }
  return serviceAccountOf(account);
}

const MOST_ACCOUNTS = 500;

/** Up to 500 service accounts of a namespace, by their names. Throws an ApiError or a Failure. */
export async function listServiceAccounts(
  client: ApiClient,
  namespace: string,
): Promise<ReadonlyMap<string, ServiceAccount>> {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts?limit=${MOST_ACCOUNTS}`;
  const { kind, items } = await client.get(path);
  if (kind !== 'ServiceAccountList') throw unexpectedKind(path, kind, 'ServiceAccountList');
  const listed: readonly unknown[] = Array.isArray(items) ? items : [];
  return new Map(
    listed.filter(isJsonObject).flatMap((account) => {
      const name = isJsonObject(account['metadata']) ? account['metadata']['name'] : undefined;
      return typeof name === 'string' ? [[name, serviceAccountOf(account)] as const] : [];
    }),
  );
}

function serviceAccountOf({ metadata, imagePullSecrets }: JsonObject): ServiceAccount {
  const annotations = isJsonObject(metadata) ? metadata['annotations'] : undefined;
  return {
    annotations: new Map(
      Object.entries(isJsonObject(annotations) ? annotations : {}).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string',
      ),
    ),
    imagePullSecrets: namesIn(imagePullSecrets),
  };
}

/** The names of a list of object references, as `imagePullSecrets` is one. */
export function namesIn(references: unknown): string[] {
  const listed: readonly unknown[] = Array.isArray(references) ? references : [];
  return listed
    .map((one) => (isJsonObject(one) ? one['name'] : undefined))
    .filter((name) => typeof name === 'string');
}

/** Whose token is asked for, to whom it shall speak, and the pod that it is bound to. */
export interface TokenWish {
  readonly namespace: string;
  readonly serviceAccount: string;
  /** The API server's own where it is left out. */
  readonly audience?: string | undefined;
  readonly pod?: { readonly name: string; readonly uid: string } | undefined;
}

/** As short as the API server grants. */
const LIFETIME_SECONDS = 600;

/**
 * A new token of a service account, asked for as the kubelet does (TokenRequest, authentication.k8s.io/v1;
 * Kubernetes pkg/kubelet/token). Throws an ApiError or a Failure.
 */
export async function requestToken(client: ApiClient, wish: TokenWish): Promise<string> {
  const { namespace, serviceAccount, audience, pod } = wish;
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${serviceAccount}/token`;
  const { kind, status } = await client.post(path, {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    spec: {
      audiences: audience === undefined ? [] : [audience],
      expirationSeconds: LIFETIME_SECONDS,
      ...(pod && { boundObjectRef: { kind: 'Pod', apiVersion: 'v1', ...pod } }),
    },
  });
  if (kind !== 'TokenRequest') throw unexpectedKind(path, kind, 'TokenRequest');
  const token = isJsonObject(status) ? status['token'] : undefined;
  if (typeof token === 'string') return token;
  throw new Failure(
    `${quote(path)} is answered without a token; check that --api-server names a Kubernetes API server`,
  );
}
