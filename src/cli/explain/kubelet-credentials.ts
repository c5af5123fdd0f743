import { decodePullSecret, type PullSecret, type Secret } from '../../credentials/pull-secret.ts';
import { Failure } from '../../diagnostics/errors.ts';
import type { ApiClient } from '../../kubernetes/client.ts';
import { getPullSecrets } from '../../kubernetes/secrets.ts';

/** The pull secrets that the kubelet itself reads for a pod. */
export interface ImagePullSecrets {
  /** The API server copies a service account's names into pods that have none of their own. */
  readonly of: 'pod' | 'service-account';
  readonly names: readonly string[];
}

/** The same, read; those that gave nothing with the reason. */
export interface ReadPullSecrets extends ImagePullSecrets {
  readonly secrets: readonly PullSecret[];
  readonly unread: readonly { readonly name: string; readonly reason: string }[];
}

/**
 * Reads pull secrets: what the plan has read already is not read again, the rest is asked for as the
 * kubelet, where that is possible. What cannot be read is told, not thrown.
 */
export async function readImagePullSecrets(
  wanted: ImagePullSecrets,
  known: readonly Secret[],
  asKubelet: { readonly client: ApiClient; readonly namespace: string } | undefined,
): Promise<ReadPullSecrets> {
  const found = known.filter(({ name }) => wanted.names.includes(name));
  const missing = wanted.names.filter((name) => !found.some((secret) => secret.name === name));
  const read = await readMissing(missing, asKubelet);
  const secrets = [...found, ...read.secrets];
  return {
    ...wanted,
    secrets: wanted.names
      .flatMap((name) => secrets.find((secret) => secret.name === name) ?? [])
      .map((secret) => decodePullSecret(secret, true)),
    unread: read.skipped,
  };
}

async function readMissing(
  names: readonly string[],
  asKubelet: { readonly client: ApiClient; readonly namespace: string } | undefined,
): Promise<{ secrets: readonly Secret[]; skipped: ReadPullSecrets['unread'] }> {
  const unread = (reason: string) => ({
    secrets: [],
    skipped: names.map((name) => ({ name, reason })),
  });
  if (names.length === 0) return unread('');
  if (asKubelet === undefined) return unread('it is not among the Secrets read');
  try {
    return await getPullSecrets(asKubelet.client, asKubelet.namespace, names);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return unread(error.message);
  }
}
