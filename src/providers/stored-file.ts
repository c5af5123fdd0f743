import { decodeStoredCredential, type StoredCredential } from '../credentials/stored-credential.ts';
import type { CredentialStore, StoreFile } from './credential-store.ts';
import type { FileWorld } from './file-world.ts';
import { brokenFile, parseJsonFile } from './json-file.ts';

const ANEW = 'write it anew with pullkey credentials';

/** Reads, decrypts and decodes the file of a scope; asks no helper. Throws a Failure that names the file. */
export async function readStoredFile(
  store: CredentialStore,
  { path, scope, isEncrypted }: StoreFile,
  { decrypt }: Pick<FileWorld, 'decrypt'>,
): Promise<StoredCredential> {
  const content = store.read(path);
  const document = isEncrypted ? await decrypt(scope, content, path) : content;
  const file = { path, remedy: isEncrypted ? ANEW : `mend it or ${ANEW}` };
  const stored = decodeStoredCredential(await parseJsonFile(document, file));
  if ('problem' in stored) throw brokenFile(file, stored.problem);
  return stored;
}
