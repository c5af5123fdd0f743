import { readCredentialProviderConfig } from '../../kubelet/config-files.ts';
import type { CredentialProvider } from '../../kubelet/credential-provider-config.ts';
import type { ConfigVerdict, ProviderPlace } from '../../kubelet/read-config.ts';
import { flagValue, type RunningKubelet, runningKubelets } from '../../kubelet/running-kubelet.ts';
import { MIRROR_PROVIDER } from '../../platform/overlay.ts';

/** What is known of this node's kubelet and its plugins. */
export interface KubeletFacts {
  readonly pid?: number | undefined;
  readonly config?: { readonly path: string; readonly verdict: ConfigVerdict } | undefined;
  /** Why there is no configuration. */
  readonly absence?: 'no-kubelet' | 'several-kubelets' | 'no-flag' | undefined;
  /** The directory of the plugins. */
  readonly binDir?: string | undefined;
  /** Our plugin's entry. */
  readonly plugin?:
    | { readonly provider: CredentialProvider; readonly place: ProviderPlace }
    | undefined;
}

/** What the command line says; what it leaves out is taken from the running kubelet's own. */
export interface KubeletFlags {
  readonly credentialProviderConfig?: string;
  readonly credentialProviderBinDir?: string;
}

/** Finds the kubelet's configuration of plugins and judges it as the kubelet does. */
export function readKubeletFacts(
  { credentialProviderConfig, credentialProviderBinDir }: KubeletFlags,
  running: readonly RunningKubelet[] = runningKubelets(),
): KubeletFacts {
  const kubelet = running.length === 1 ? running[0] : undefined;
  const args = kubelet?.args ?? [];
  const path = credentialProviderConfig ?? flagValue(args, 'image-credential-provider-config');
  const binDir = credentialProviderBinDir ?? flagValue(args, 'image-credential-provider-bin-dir');
  const known = { pid: kubelet?.pid, binDir };
  if (path === undefined) {
    const without = kubelet === undefined ? ('no-kubelet' as const) : ('no-flag' as const);
    return { ...known, absence: running.length > 1 ? 'several-kubelets' : without };
  }
  const verdict = readCredentialProviderConfig(path);
  return { ...known, config: { path, verdict }, plugin: pluginIn(verdict) };
}

/** The entry of our plugin in a configuration that the kubelet accepts. */
export function pluginIn(verdict: ConfigVerdict): KubeletFacts['plugin'] {
  if (!verdict.ok) return undefined;
  const index = verdict.config.providers.findIndex(({ name }) => name === MIRROR_PROVIDER);
  const provider = verdict.config.providers[index];
  const place = verdict.places[index];
  return provider === undefined || place === undefined ? undefined : { provider, place };
}
