import type { Command } from 'commander';
import { parseScope, type Scope } from '../credentials/scope.ts';
import { DEFAULT_DURATION, type StoredCredential } from '../credentials/stored-credential.ts';
import { Failure, UsageError } from '../diagnostics/errors.ts';
import { quote } from '../diagnostics/quote.ts';
import { shellWord } from '../diagnostics/shell-word.ts';
import { CredentialStore } from '../providers/credential-store.ts';
import { openOrCreateStore } from '../providers/store-edit.ts';
import { findSystemdCreds } from '../providers/systemd-creds.ts';
import {
  helperName,
  storeCommand,
  storeOptions,
  type WriteFlags,
  withWriteOptions,
} from './credentials-options.ts';
import { passwordOf, storeCredential } from './store-credential.ts';

interface AddFlags extends WriteFlags {
  readonly helper?: string;
}

/** `pullkey credentials add SCOPE`: stores a credential that is not there yet. */
export function addCommand(): Command {
  return withWriteOptions(storeCommand('add'))
    .summary('Store a credential')
    .description(
      'Store a credential for a registry or a part of it. The password is typed, or sent to standard input, whose final newline is not part of it.',
    )
    .argument('<scope>', 'HOST[:PORT][/PATH], such as registry.example.org/team-a')
    .option('--helper <name>', 'ask docker-credential-NAME, instead of a password', helperName)
    .action(add);
}

async function add(text: string, flags: AddFlags): Promise<void> {
  const scope = parseScope(text);
  if ((flags.username === undefined) === (flags.helper === undefined)) {
    throw new UsageError('give either --username, or --helper for a credential helper');
  }
  const existing = CredentialStore.open(storeOptions(flags))?.find(scope);
  if (existing !== undefined) {
    throw new Failure(
      `there is a credential for ${quote(scope.text)} already, in ${quote(existing.path)}; ` +
        `change it with: pullkey credentials rotate ${shellWord(scope.text)}`,
    );
  }
  const stored = await credentialOf(scope, flags);
  const encrypt = stored.kind === 'password' && findSystemdCreds() !== undefined;
  const open = () => openOrCreateStore(storeOptions(flags));
  await storeCredential(open, scope, stored, flags.encrypt ?? encrypt);
}

async function credentialOf(
  scope: Scope,
  { username = '', helper, duration = DEFAULT_DURATION }: AddFlags,
): Promise<StoredCredential> {
  if (helper !== undefined) return { kind: 'helper', helper, duration };
  return { kind: 'password', username, password: await passwordOf(username, scope), duration };
}
