import { Command, Option } from 'commander';
import { UsageError } from '../diagnostics/errors.ts';
import type { PullSecret } from '../platform/pull-secret.ts';
import { tenantDocuments } from '../platform/tenant.ts';
import { labelValue, nameValue, secretNames } from './option-values.ts';
import { outputFormat } from './output-format.ts';
import { readPassword } from './password-input.ts';
import { printDocuments } from './print-documents.ts';
import { registryOption, usernameOption } from './pull-secret-options.ts';

const COMPONENTS = ['namespace'] as const;

interface Options {
  readonly component: (typeof COMPONENTS)[number];
  readonly namespace?: string;
  readonly serviceAccount: string;
  readonly secret: readonly string[];
  readonly registry?: string;
  readonly username?: string;
  readonly output: string;
}

/** `pullkey render manifests`: whole components, each as one stream. */
export function renderManifestsCommand(): Command {
  return new Command('manifests')
    .summary('everything that a tenant needs, in one stream')
    .description(
      'Print all objects of a component. namespace: the namespace, its service account, its roles and, ' +
        'with --registry and --username, its pull secret, whose password comes from standard input.',
    )
    .addOption(
      new Option('--component <name>', 'what to print').choices(COMPONENTS).default('namespace'),
    )
    .option('--namespace <name>', "the tenant's", labelValue)
    .option('--service-account <name>', "the pods' service account", nameValue, 'default')
    .option('--secret <names...>', 'pull secrets that the pods use', secretNames, [])
    .addOption(registryOption())
    .addOption(usernameOption())
    .addOption(outputFormat('yaml', 'json'))
    .action(render);
}

function render(options: Options): void {
  const { namespace, serviceAccount, secret, output } = options;
  if (namespace === undefined) throw new UsageError('--component namespace needs --namespace NAME');
  const pullSecret = pullSecretOf(options, namespace);
  const secrets = pullSecret === undefined ? secret : [...new Set([pullSecret.name, ...secret])];
  const tenant = { namespace, serviceAccount, secrets };
  const whole = pullSecret === undefined ? tenant : { ...tenant, pullSecret };
  printDocuments(tenantDocuments(whole), output);
}

function pullSecretOf(options: Options, namespace: string): PullSecret | undefined {
  const { registry, username, secret } = options;
  if (registry === undefined && username === undefined) return undefined;
  if (registry === undefined || username === undefined) {
    throw new UsageError('--registry and --username belong together');
  }
  const name = secret[0] ?? 'mirror-pull';
  return { name, namespace, registry, username, password: readPassword() };
}
