import type { Deadline } from '../../diagnostics/deadline.ts';
import type { Failure } from '../../diagnostics/errors.ts';
import type { CredentialProviderRequest } from '../../kubelet/request.ts';
import { annotatedNames } from '../../providers/pull-secrets.ts';
import { nodeWorld, type World } from '../../providers/world.ts';
import type { KubeletFacts } from './kubelet-facts.ts';
import type { PluginSettings } from './plugin-options.ts';
import { readSecretsDirectory } from './secrets-directory.ts';

/** What all pulls of one run of the command share. */
export interface Setting extends PluginSettings {
  readonly kubelet: KubeletFacts;
  readonly deadline: Deadline;
  /** Secrets are read from here instead of the API server. */
  readonly secretsDir?: string | undefined;
}

/** The node as the plugin meets it; `tokenProblem` is why no Secrets can be read, if that is known already. */
export function worldOf({ options, deadline, secretsDir }: Setting, tokenProblem?: Failure): World {
  const world = nodeWorld(options, deadline);
  if (secretsDir !== undefined) {
    return {
      ...world,
      findSecrets: () => ({
        read: async ({ namespace }, annotation) =>
          readSecretsDirectory(
            secretsDir,
            namespace,
            annotation === undefined ? undefined : annotatedNames(annotation),
          ),
      }),
    };
  }
  if (tokenProblem === undefined) return world;
  return { ...world, findSecrets: () => ({ read: () => Promise.reject(tokenProblem) }) };
}

/** The request that the kubelet would send for an image. */
export function requestFor(
  { kubelet }: Setting,
  image: string,
  token: string | undefined,
  annotations: ReadonlyMap<string, string> = new Map(),
): CredentialProviderRequest {
  return {
    apiVersion: kubelet.plugin?.provider.apiVersion ?? 'credentialprovider.kubelet.k8s.io/v1',
    image,
    ...(token === undefined ? {} : { serviceAccountToken: token }),
    serviceAccountAnnotations: annotations,
  };
}
