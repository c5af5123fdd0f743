import { decodeStoredCredential, type StoredCredential } from '../credentials/stored-credential.ts';
import { Failure } from '../diagnostics/errors.ts';
import { quote } from '../diagnostics/quote.ts';
import type { CredentialStore, StoreFile } from './credential-store.ts';
import type { FileWorld } from './file-world.ts';
import { parseJsonFile } from './json-file.ts';

/** Reads, decrypts and decodes the file of a scope; asks no helper. Throws a Failure that names the file. */
export async function readStoredFile(
  store: CredentialStore,
  { path, scope, isEncrypted }: StoreFile,
  { decrypt }: Pick<FileWorld, 'decrypt'>,
): Promise<StoredCredential> {
  const content = store.read(path);
  const document = isEncrypted ? await decrypt(scope, content, path) : content;
  const stored = decodeStoredCredential(await parseJsonFile(document, path));
  if (!('problem' in stored)) return stored;
  throw new Failure(
    `cannot use the credential file ${quote(path)}: it ${stored.problem}; mend it or write it anew with pullkey credentials`,
  );
}
