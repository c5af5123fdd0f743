import {
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  type Stats,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { Scope } from '../credentials/scope.ts';
import type { StoredCredential } from '../credentials/stored-credential.ts';
import { DEFAULT_DURATION } from '../credentials/stored-credential.ts';
import { errorCode, Failure } from '../diagnostics/errors.ts';
import { quote } from '../diagnostics/quote.ts';
import { systemReason } from '../diagnostics/system-reason.ts';
import { CredentialStore, ENDINGS, type StoreOptions } from './credential-store.ts';
import { refuseExposure } from './store-permissions.ts';

const PRIVATE_DIRECTORY = 0o700;
const DIRECTORY = 0o755;
const PRIVATE_FILE = 0o600;
const CREATE_PRIVATE =
  constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/** Opens the store, which is created with mode 0700 where it is missing. Throws a Failure. */
export function openOrCreateStore(options: StoreOptions): CredentialStore {
  try {
    // The directories above it are not ours to close to others; nobody else may write them, whatever the umask.
    mkdirSync(dirname(options.credentialRoot), { recursive: true, mode: DIRECTORY });
    makeDirectory(options.credentialRoot);
  } catch (error) {
    throw unwritable(options.credentialRoot, error);
  }
  const store = CredentialStore.open(options);
  if (store !== undefined) return store;
  throw new Failure(
    `the credential root ${quote(options.credentialRoot)} has just gone; try again`,
  );
}

function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { mode: PRIVATE_DIRECTORY });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST' || !statSync(path).isDirectory()) throw error;
  }
}

/** The text of a file that decodes to a credential; a duration that is the default is left out. */
export function encodeStoredCredential(stored: StoredCredential): string {
  const { duration } = stored;
  const fields =
    stored.kind === 'helper'
      ? { credHelper: stored.helper }
      : { username: stored.username, password: stored.password };
  return `${JSON.stringify({ ...fields, ...(duration === DEFAULT_DURATION ? {} : { duration }) })}\n`;
}

/**
 * Writes a scope's file, 0600, and removes the one of the other kind: a reader sees the old credential
 * or the new one, complete. Throws a Failure; then the old one is still there.
 */
export function writeStoreFile(
  store: CredentialStore,
  scope: Scope,
  content: string | Uint8Array,
  ending: (typeof ENDINGS)[number],
): string {
  const path = store.pathOf(scope, ending);
  try {
    makeDirectories(store, scope);
    replaceFile(path, content);
    for (const other of ENDINGS) {
      if (other !== ending) unlinkIfThere(store.pathOf(scope, other));
    }
    return path;
  } catch (error) {
    throw error instanceof Failure ? error : unwritable(path, error);
  }
}

/** Removes the files of a scope, and directories that are empty then; whether there were any. Throws a Failure. */
export function removeStoreFiles(store: CredentialStore, scope: Scope): boolean {
  for (const directory of directoriesOf(store, scope)) {
    refuseOther(directory, lstatSync(directory, { throwIfNoEntry: false }));
  }
  let removed = false;
  for (const ending of ENDINGS) {
    const path = store.pathOf(scope, ending);
    try {
      removed = unlinkIfThere(path) || removed;
    } catch (error) {
      throw unwritable(path, error);
    }
  }
  if (removed) removeEmptyDirectories(store, scope);
  return removed;
}

/** Below the root, each a real directory that is ours alone. */
function makeDirectories(store: CredentialStore, scope: Scope): void {
  for (const directory of directoriesOf(store, scope)) {
    mkdirSync(directory, { recursive: true, mode: PRIVATE_DIRECTORY });
    const found = lstatSync(directory);
    refuseOther(directory, found);
    if (!store.allowInsecurePermissions) refuseExposure(directory, found);
  }
}

/** The directories between the root and a scope's files, from the root on. */
function directoriesOf(store: CredentialStore, { text }: Scope): string[] {
  const components = text.split('/').slice(0, -1);
  return components.map((_, index) => [store.root, ...components.slice(0, index + 1)].join('/'));
}

/** Refuses what is there in the place of a directory, such as a link out of the store. */
function refuseOther(directory: string, found: Stats | undefined): void {
  if (found === undefined || found.isDirectory()) return;
  const what = found.isSymbolicLink() ? 'a link' : 'no directory';
  throw new Failure(`${quote(directory)} is ${what}; replace it by a real directory`);
}

/** Synced before it gets its name, so that a crash leaves no empty credential. */
function replaceFile(path: string, content: string | Uint8Array): void {
  const slash = path.lastIndexOf('/') + 1;
  const temporary = `${path.slice(0, slash)}.${crypto.randomUUID()}.tmp`;
  try {
    const file = openSync(temporary, CREATE_PRIVATE, PRIVATE_FILE);
    try {
      // The umask may have taken bits.
      fchmodSync(file, PRIVATE_FILE);
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    unlinkIfThere(temporary);
    throw error;
  }
}

function unlinkIfThere(path: string): boolean {
  try {
    unlinkSync(path);
    return true;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) return false;
    throw error;
  }
}

function removeEmptyDirectories(store: CredentialStore, scope: Scope): void {
  for (const directory of directoriesOf(store, scope).reverse()) {
    try {
      rmdirSync(directory);
    } catch {
      // It holds other scopes.
      return;
    }
  }
}

function unwritable(path: string, error: unknown): Failure {
  return new Failure(
    `cannot write ${quote(path)}: ${systemReason(error)}; run as root, on a file system that is writable and not full`,
  );
}
