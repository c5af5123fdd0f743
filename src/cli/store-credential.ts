import type { Scope } from '../credentials/scope.ts';
import type { StoredCredential } from '../credentials/stored-credential.ts';
import { writeAll } from '../diagnostics/output.ts';
import { plain } from '../diagnostics/plain.ts';
import { quote } from '../diagnostics/quote.ts';
import type { CredentialStore } from '../providers/credential-store.ts';
import { encodeStoredCredential, writeStoreFile } from '../providers/store-edit.ts';
import { encryptCredential } from '../providers/systemd-creds.ts';
import { commandDeadline } from './credentials-options.ts';
import { askPassword } from './password-input.ts';

/** Asks for the password of a user for a scope. */
export function passwordOf(username: string, scope: Scope): Promise<string> {
  return askPassword(`Password of ${quote(username)} for ${scope.text}`);
}

/**
 * Writes a credential into a store, and says on standard error where it is. The store is opened, or made,
 * only once there is something to write.
 */
export async function storeCredential(
  openStore: () => CredentialStore,
  scope: Scope,
  stored: StoredCredential,
  encrypt: boolean,
): Promise<void> {
  const text = encodeStoredCredential(stored);
  const content = encrypt ? await encryptCredential(scope, text, commandDeadline()) : text;
  const path = writeStoreFile(openStore(), scope, content, encrypt ? '.cred' : '.json');
  writeAll(2, `Stored ${what(stored, encrypt)} for ${scope.text} in ${plain(path)}\n`);
}

function what(stored: StoredCredential, encrypt: boolean): string {
  if (stored.kind === 'helper') return `the credential helper ${quote(stored.helper)}`;
  return `the credential of ${quote(stored.username)} ${encrypt ? 'encrypted' : 'in plain text'}`;
}
