/** How a plugin has fared since the kubelet was started. */
export interface PluginMetrics {
  readonly plugin: string;
  readonly errors: number;
  readonly runs: number;
  /** Of all runs together. */
  readonly seconds: number;
}

/** Source: k8s.io/kubernetes pkg/credentialprovider/plugin/metrics.go. */
const ERRORS = 'kubelet_credential_provider_plugin_errors_total';
const DURATION = 'kubelet_credential_provider_plugin_duration';

const SAMPLE = /^(\w+)\{(?:[^}]*,)?plugin_name="([^"]*)"[^}]*\} (\S+)/gm;

/** Reads what a kubelet's metrics tell of its plugins, by their names; none for those that never ran. */
export function pluginMetrics(text: string): readonly PluginMetrics[] {
  const samples = [...text.matchAll(SAMPLE)].map(([, name = '', plugin = '', value]) => ({
    name,
    plugin,
    value: Number(value),
  }));
  const total = (plugin: string, name: string): number =>
    samples
      .filter((sample) => sample.plugin === plugin && sample.name === name)
      .reduce((sum, { value }) => sum + value, 0);
  const known = samples.filter(({ name }) => name.startsWith(DURATION) || name === ERRORS);
  return [...new Set(known.map(({ plugin }) => plugin))].sort().map((plugin) => ({
    plugin,
    errors: total(plugin, ERRORS),
    runs: total(plugin, `${DURATION}_count`),
    seconds: total(plugin, `${DURATION}_sum`),
  }));
}
