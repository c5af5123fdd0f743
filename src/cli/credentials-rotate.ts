import type { Command } from 'commander';
import { parseScope } from '../credentials/scope.ts';
import { DEFAULT_DURATION, type StoredCredential } from '../credentials/stored-credential.ts';
import { Failure } from '../diagnostics/errors.ts';
import { quote } from '../diagnostics/quote.ts';
import { CredentialStore, type StoreFile } from '../providers/credential-store.ts';
import { readStoredFile } from '../providers/stored-file.ts';
import {
  decryption,
  storeCommand,
  storeOptions,
  type WriteFlags,
  withWriteOptions,
} from './credentials-options.ts';
import { noCredential } from './credentials-remove.ts';
import { passwordOf, storeCredential } from './store-credential.ts';

/** `pullkey credentials rotate SCOPE`: gives a stored credential another password. */
export function rotateCommand(): Command {
  return withWriteOptions(storeCommand('rotate'))
    .summary('Give a stored credential another password')
    .description(
      'Give a stored credential another password; what no option changes stays as it is. The next pull that the kubelet asks for gets it, without restarting anything.',
    )
    .argument('<scope>', 'HOST[:PORT][/PATH] as it was stored')
    .action(rotate);
}

async function rotate(text: string, flags: WriteFlags): Promise<void> {
  const scope = parseScope(text);
  const store = CredentialStore.open(storeOptions(flags));
  const file = store?.find(scope);
  if (store === undefined || file === undefined) throw noCredential(scope, flags.credroot);
  const { username, duration } = await kept(store, file, flags);
  const password = await passwordOf(username, scope);
  const stored: StoredCredential = { kind: 'password', username, password, duration };
  await storeCredential(() => store, scope, stored, flags.encrypt ?? file.isEncrypted);
}

/** User name and duration as given, else as stored. */
async function kept(
  store: CredentialStore,
  file: StoreFile,
  { username, duration }: WriteFlags,
): Promise<{ readonly username: string; readonly duration: string }> {
  const stored = await readUnlessGiven(store, file, username);
  if (stored?.kind === 'helper') {
    throw new Failure(
      `the password for ${quote(file.scope.text)} is kept by the credential helper ${quote(stored.helper)}; change it there`,
    );
  }
  return {
    username: username ?? stored?.username ?? '',
    duration: duration ?? stored?.duration ?? DEFAULT_DURATION,
  };
}

/** With a user name, a file that can no longer be read is written anew. */
async function readUnlessGiven(
  store: CredentialStore,
  file: StoreFile,
  username: string | undefined,
): Promise<StoredCredential | undefined> {
  try {
    return await readStoredFile(store, file, decryption());
  } catch (error) {
    if (!(error instanceof Failure) || username === undefined) throw error;
    return undefined;
  }
}
