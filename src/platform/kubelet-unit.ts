import { builtInProvider, GENERIC_CONFIG_FILE } from './built-in-providers.ts';

/** The directory of plugins on an OpenShift node, where it is read-only; ours elsewhere too. */
export const PLUGIN_DIR = '/usr/libexec/kubelet-image-credential-provider-plugins';

/** The variable of OpenShift's kubelet.service by which a drop-in adds the flags. */
export const FLAGS_VARIABLE = 'KUBELET_CRIO_IMAGE_CREDENTIAL_PROVIDER_FLAGS';

/** Where the machine-config-operator puts that drop-in. */
export const DROP_IN_FILE =
  '/etc/systemd/system/kubelet.service.d/40-kubelet-crio-image-credential-provider.conf';

/** The drop-in that makes the kubelet read the generic file, in the machine-config-operator's words. */
export const OPENSHIFT_DROP_IN = `[Service]
# Prepends the credential provider flags to the existing Kubelet arguments
Environment="${FLAGS_VARIABLE}=${providerFlags(GENERIC_CONFIG_FILE, PLUGIN_DIR)}"
`;

/** The kubelet's two flags for credential providers. */
export function providerFlags(configFile: string, pluginDir: string): string {
  return (
    `--image-credential-provider-bin-dir=${pluginDir} ` +
    `--image-credential-provider-config=${configFile}`
  );
}

const ON_PREMISES: readonly string[] = ['BareMetal', 'Nutanix', 'OpenStack', 'VSphere', 'oVirt'];

/**
 * The line of a pool's kubelet.service that concerns credential providers; undefined where there is
 * none. A custom pool has the unit of workers. Source: the machine-config-operator's templates.
 */
export function kubeletUnitLine(platform: string, pool: string): string | undefined {
  const builtIn = builtInProvider(platform);
  const parts = [
    ...(builtIn === undefined ? [] : [providerFlags(builtIn.configFile, PLUGIN_DIR)]),
    ...(pool === 'arbiter' || ON_PREMISES.includes(platform) ? [`$${FLAGS_VARIABLE}`] : []),
  ];
  return parts.length === 0 ? undefined : parts.join(' ');
}

/** Whether the kubelet of a pool reads the file that is rendered for its platform. */
export function readsRenderedConfig(platform: string, pool: string): boolean {
  return kubeletUnitLine(platform, pool) !== undefined;
}

/** The MachineConfig that carries the operator's own files for a pool. */
export function templateMachineConfig(pool: string): string {
  return `00-${pool === 'master' || pool === 'arbiter' ? pool : 'worker'}`;
}
