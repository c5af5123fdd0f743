import { Command, Option } from 'commander';
import { UsageError } from '../diagnostics/errors.ts';
import { writeAll } from '../diagnostics/output.ts';
import { quote } from '../diagnostics/quote.ts';
import { kubeadmDropIn } from '../platform/kubeadm-drop-in.ts';
import { OPENSHIFT_DROP_IN, PLUGIN_DIR } from '../platform/kubelet-unit.ts';

interface Options {
  readonly style: 'kubeadm' | 'openshift';
  readonly config: string;
  readonly binDir: string;
}

/** `pullkey render kubelet-drop-in`: how the kubelet learns of its providers. */
export function renderKubeletDropInCommand(): Command {
  return new Command('kubelet-drop-in')
    .summary('a systemd drop-in with the two flags for the kubelet')
    .description(
      'Print a drop-in for kubelet.service with the two flags for credential providers, which no ' +
        'configuration file of the kubelet can hold.',
    )
    .addOption(
      new Option('--style <style>', 'whose kubelet.service it is for')
        .choices(['kubeadm', 'openshift'])
        .default('kubeadm'),
    )
    .option(
      '--config <file>',
      'with --style kubeadm, the CredentialProviderConfig',
      pathValue,
      '/etc/kubernetes/credential-provider-config.yaml',
    )
    .option(
      '--bin-dir <directory>',
      'with --style kubeadm, the directory of all providers’ executables',
      pathValue,
      PLUGIN_DIR,
    )
    .action(({ style, config: configFile, binDir: pluginDir }: Options) => {
      const isOpenshift = style === 'openshift';
      writeAll(1, isOpenshift ? OPENSHIFT_DROP_IN : kubeadmDropIn({ configFile, pluginDir }));
    });
}

/** In a unit file, `%` and blanks would mean something else. */
function pathValue(value: string): string {
  if (/^\/[A-Za-z0-9._/+-]+$/.test(value)) return value;
  throw new UsageError(`${quote(value)} is no absolute path of letters, digits and . _ / + -`);
}
