import { Command } from 'commander';
import { UsageError } from '../diagnostics/errors.ts';
import { quote } from '../diagnostics/quote.ts';
import { namespaceRbac, nodesRbac } from '../platform/rbac.ts';
import type { RenderedDocument } from '../platform/yaml-document.ts';
import type { Environment } from '../providers/credential-helper.ts';
import { type AudienceOptions, audienceFor, audienceOption } from './audience-option.ts';
import { clusterOption } from './cluster-audiences.ts';
import { labelValue, nameValue, secretNames } from './option-values.ts';
import { outputFormat } from './output-format.ts';
import { printDocuments } from './print-documents.ts';

interface Options extends AudienceOptions {
  readonly namespace?: string;
  readonly serviceAccount: string;
  readonly secret: readonly string[];
  readonly nodes?: true;
  readonly kubernetesVersion?: number;
  readonly output: string;
}

/** The first minor version whose API server needs no rule for service accounts. */
const FIRST_WITHOUT_RULE = 34;

/** `pullkey render rbac`: who may read pull secrets, and for which tokens kubelets may ask. */
export function renderRbacCommand(environment: Environment): Command {
  return new Command('rbac')
    .summary('roles for pull secrets, and for the tokens of all nodes')
    .description(
      "Print the Role by which a namespace's pods may use its pull secrets and, with --nodes, the " +
        'ClusterRole by which kubelets get tokens for the API server; that one is bound once for all nodes.',
    )
    .option('--namespace <name>', 'the namespace of pods and Secrets', labelValue)
    .option('--service-account <name>', "the pods' service account", nameValue, 'default')
    .option('--secret <names...>', 'allow these Secrets only', secretNames, [])
    .option('--nodes', 'also print the role for all nodes')
    .addOption(audienceOption())
    .addOption(clusterOption())
    .option(
      '--kubernetes-version <version>',
      'of the API server; before 1.34, nodes get one rule more',
      minorVersion,
    )
    .addOption(outputFormat('yaml', 'json'))
    .action((options: Options) => render(options, environment));
}

async function render(options: Options, environment: Environment): Promise<void> {
  const { namespace, serviceAccount, secret: secrets } = options;
  if (namespace === undefined && options.nodes === undefined) {
    throw new UsageError('give --namespace NAME, --nodes, or both');
  }
  const documents = [
    ...(namespace === undefined ? [] : namespaceRbac({ namespace, serviceAccount, secrets })),
    ...(options.nodes === undefined ? [] : await nodesDocuments(options, environment)),
  ];
  printDocuments(documents, options.output);
}

async function nodesDocuments(
  options: Options,
  environment: Environment,
): Promise<readonly RenderedDocument[]> {
  const audience = await audienceFor(options, environment);
  const minor = options.kubernetesVersion ?? FIRST_WITHOUT_RULE;
  return nodesRbac({ audience, readsServiceAccounts: minor < FIRST_WITHOUT_RULE });
}

function minorVersion(value: string): number {
  const minor = /^v?1\.([0-9]{1,3})(?:[.+].*)?$/.exec(value)?.[1];
  if (minor !== undefined) return Number(minor);
  throw new UsageError(`--kubernetes-version ${quote(value)} is no version such as 1.33`);
}
