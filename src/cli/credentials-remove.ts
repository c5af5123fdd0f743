import type { Command } from 'commander';
import { parseScope, type Scope } from '../credentials/scope.ts';
import { Failure } from '../diagnostics/errors.ts';
import { writeAll } from '../diagnostics/output.ts';
import { quote } from '../diagnostics/quote.ts';
import { CredentialStore } from '../providers/credential-store.ts';
import { removeStoreFiles } from '../providers/store-edit.ts';
import { type StoreFlags, storeCommand, storeOptions } from './credentials-options.ts';

/** `pullkey credentials remove SCOPE`: takes a credential out of the store. */
export function removeCommand(): Command {
  return storeCommand('remove')
    .summary('Remove a credential')
    .description(
      'Remove a stored credential. The kubelet may keep the answer that it has for its duration.',
    )
    .argument('<scope>', 'HOST[:PORT][/PATH] as it was stored')
    .action(remove);
}

function remove(text: string, flags: StoreFlags): void {
  const scope = parseScope(text);
  const store = CredentialStore.open(storeOptions(flags));
  if (store === undefined || !removeStoreFiles(store, scope)) {
    throw noCredential(scope, flags.credroot);
  }
  writeAll(2, `Removed the credential for ${scope.text}\n`);
}

/** The failure of a command on a scope that is not stored. */
export function noCredential(scope: Scope, credentialRoot: string): Failure {
  return new Failure(
    `there is no credential for ${quote(scope.text)} in ${quote(credentialRoot)}; see: pullkey credentials list`,
  );
}
