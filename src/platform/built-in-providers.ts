/** What a platform puts on its nodes by itself. */
export interface BuiltInProvider {
  /** The kubelet's credential provider file. */
  readonly configFile: string;
  /** That file as the machine-config-operator's template has it, to the letter. */
  readonly config: string;
}

const CONFIG_DIR = '/etc/kubernetes/credential-providers';
const HEAD = 'apiVersion: kubelet.config.k8s.io/v1\nkind: CredentialProviderConfig\nproviders:\n';

const ECR = `${HEAD}  - name: ecr-credential-provider
    matchImages:
      - "*.dkr.ecr.*.amazonaws.com"
      - "*.dkr.ecr.*.amazonaws.com.cn"
      - "*.dkr.ecr-fips.*.amazonaws.com"
      - "*.dkr.ecr.us-iso-east-1.c2s.ic.gov"
      - "*.dkr.ecr.us-isob-east-1.sc2s.sgov.gov"
    defaultCacheDuration: "12h"
    apiVersion: credentialprovider.kubelet.k8s.io/v1
`;

const ACR = `${HEAD}  - name: acr-credential-provider
    apiVersion: credentialprovider.kubelet.k8s.io/v1
    defaultCacheDuration: "10m"
    matchImages:
      - "*.azurecr.io"
      - "*.azurecr.cn"
      - "*.azurecr.de"
      - "*.azurecr.us"
    args:
      - /etc/kubernetes/cloud.conf
`;

const GCR = `${HEAD}  - name: gcr-credential-provider
    apiVersion: credentialprovider.kubelet.k8s.io/v1
    matchImages:
      - "gcr.io"
      - "*.gcr.io"
      - "*.pkg.dev"
      - "container.cloud.google.com"
    defaultCacheDuration: "1m"
    args:
      - get-credentials
      - --v=3
`;

const BUILT_IN: ReadonlyMap<string, BuiltInProvider> = new Map([
  ['AWS', { configFile: `${CONFIG_DIR}/ecr-credential-provider.yaml`, config: ECR }],
  ['Azure', { configFile: `${CONFIG_DIR}/acr-credential-provider.yaml`, config: ACR }],
  ['GCP', { configFile: `${CONFIG_DIR}/gcr-credential-provider.yaml`, config: GCR }],
]);

/** The kubelet's file on platforms that bring no credential provider. */
export const GENERIC_CONFIG_FILE = `${CONFIG_DIR}/generic-credential-provider.yaml`;

/** A platform's own credential provider; most have none. */
export function builtInProvider(platform: string): BuiltInProvider | undefined {
  return BUILT_IN.get(platform);
}

/** The kubelet's credential provider file on a platform. */
export function configFileOf(platform: string): string {
  return builtInProvider(platform)?.configFile ?? GENERIC_CONFIG_FILE;
}

/** The files of all platforms that bring a credential provider. */
export function builtInConfigFiles(): readonly string[] {
  return [...BUILT_IN.values()].map(({ configFile }) => configFile);
}
