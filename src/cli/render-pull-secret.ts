import { Command } from 'commander';
import { pullSecretDocument } from '../platform/pull-secret.ts';
import { labelValue, nameValue } from './option-values.ts';
import { outputFormat } from './output-format.ts';
import { readPassword } from './password-input.ts';
import { printDocuments } from './print-documents.ts';
import { registryOption, usernameOption } from './pull-secret-options.ts';

interface Options {
  readonly name: string;
  readonly namespace: string;
  readonly registry: string;
  readonly username: string;
  readonly output: string;
}

/** `pullkey render pull-secret`: a namespace's credential for a mirror. */
export function renderPullSecretCommand(): Command {
  return new Command('pull-secret')
    .summary("a namespace's credential for a mirror; the password comes from standard input")
    .description(
      'Print a Secret with the credential for one registry, its password from standard input.',
    )
    .option('--name <name>', 'of the Secret', nameValue, 'mirror-pull')
    .requiredOption('--namespace <name>', 'of the Secret and its pods', labelValue)
    .addOption(registryOption().makeOptionMandatory())
    .addOption(usernameOption().makeOptionMandatory())
    .addOption(outputFormat('yaml', 'json'))
    .action(({ output, ...secret }: Options) => {
      printDocuments([pullSecretDocument({ ...secret, password: readPassword() })], output);
    });
}
