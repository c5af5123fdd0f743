import { Command, InvalidArgumentError, Option } from 'commander';
import { HELPER_RULE, isHelperName, problemOfDuration } from '../credentials/stored-credential.ts';
import { type Deadline, deadlineIn } from '../diagnostics/deadline.ts';
import { DEFAULT_CREDENTIAL_ROOT, type StoreOptions } from '../providers/credential-store.ts';
import type { FileWorld } from '../providers/file-world.ts';
import { decryptCredential } from '../providers/systemd-creds.ts';

const TIMEOUT_MS = 30_000;

/** The options of every command of the store, as commander gives them. */
export interface StoreFlags {
  readonly credroot: string;
  readonly allowInsecurePermissions?: boolean;
}

/** The options of the commands that write a credential. */
export interface WriteFlags extends StoreFlags {
  readonly username?: string;
  readonly duration?: string;
  /** Undefined: as it was, or encrypted where systemd-creds is installed. */
  readonly encrypt?: boolean;
}

/** A command on the store, with the options that say where it is. */
export function storeCommand(name: string): Command {
  return new Command(name)
    .option('--credroot <directory>', 'the store of credentials', DEFAULT_CREDENTIAL_ROOT)
    .option('--allow-insecure-permissions', 'use files that others can read or write');
}

/** Adds the options of a command that writes a credential. */
export function withWriteOptions(command: Command): Command {
  return command
    .option('--username <name>', 'user name; the password is typed, or sent to standard input')
    .option('--duration <duration>', 'how long the kubelet may keep it, such as 12h', durationText)
    .addOption(new Option('--encrypt', 'encrypt it with systemd-creds; the default where that is'))
    .addOption(new Option('--no-encrypt', 'store it in plain text'));
}

export function storeOptions(flags: StoreFlags): StoreOptions {
  return {
    credentialRoot: flags.credroot,
    allowInsecurePermissions: flags.allowInsecurePermissions ?? false,
  };
}

/** For a program that a command starts. */
export function commandDeadline(): Deadline {
  return deadlineIn(TIMEOUT_MS);
}

/** How a command decrypts files of the store. */
export function decryption(): Pick<FileWorld, 'decrypt'> {
  return {
    decrypt: (scope, sealed, path) => decryptCredential(scope, sealed, path, commandDeadline()),
  };
}

/** The value of `--helper`. */
export function helperName(text: string): string {
  if (isHelperName(text)) return text;
  throw new InvalidArgumentError(`Expected the ${HELPER_RULE}.`);
}

function durationText(text: string): string {
  const problem = problemOfDuration(text);
  if (problem !== undefined) throw new InvalidArgumentError(`It ${problem}.`);
  return text;
}
