import { Command } from 'commander';
import type { Environment } from '../providers/credential-helper.ts';
import { addCommand } from './credentials-add.ts';
import { checkCommand } from './credentials-check.ts';
import { listCommand } from './credentials-list.ts';
import { removeCommand } from './credentials-remove.ts';
import { rotateCommand } from './credentials-rotate.ts';

/** `pullkey credentials`: the store that generic-credential-provider answers from. */
export function credentialsCommand(environment: Environment): Command {
  return new Command('credentials')
    .description('Keep the credentials that generic-credential-provider answers from')
    .addCommand(addCommand())
    .addCommand(listCommand())
    .addCommand(removeCommand())
    .addCommand(rotateCommand())
    .addCommand(checkCommand(environment));
}
