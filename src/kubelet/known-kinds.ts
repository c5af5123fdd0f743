import { CONFIG_GROUP, PROVIDER_API_VERSIONS } from './credential-provider-config.ts';

const IMAGE_PULL_KINDS = ['ImagePullIntent', 'ImagePulledRecord'];

const KINDS: ReadonlyMap<string, readonly string[]> = new Map([
  [`${CONFIG_GROUP}/v1alpha1`, IMAGE_PULL_KINDS],
  [
    `${CONFIG_GROUP}/v1beta1`,
    ['KubeletConfiguration', 'SerializedNodeConfigSource', ...IMAGE_PULL_KINDS],
  ],
  ...PROVIDER_API_VERSIONS.map((version): [string, readonly string[]] => [
    version,
    ['CredentialProviderRequest', 'CredentialProviderResponse'],
  ]),
]);

/**
 * Whether the kubelet's decoder knows a kind beside CredentialProviderConfig, none of which has
 * `providers`. Source of the rule: Kubernetes pkg/kubelet/apis/config and k8s.io/kubelet (1.36).
 */
export function isOtherKnownKind(apiVersion: string, kind: string): boolean {
  return KINDS.get(apiVersion)?.includes(kind) ?? false;
}
