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
import { CredentialStore, ENDINGS, type StoreOptions } from './credential-store.ts';
import { refuseExposure } from './store-permissions.ts';

const PRIVATE_DIRECTORY = 0o700;
const PRIVATE_FILE = 0o600;
const CREATE_PRIVATE =
  constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/** Opens the store, which is created with mode 0700 where it is missing. Throws a Failure. */
export function openOrCreateStore(options: StoreOptions): CredentialStore {
  try {
    // The directories above it are not ours to close to others.
    mkdirSync(dirname(options.credentialRoot), { recursive: true });
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
    makeDirectories(store, path);
    replaceFile(path, content);
    for (const other of ENDINGS) {
      if (other !== ending) unlinkIfThere(store.pathOf(scope, other));
    }
    return path;
  } catch (error) {
    throw error instanceof Failure ? error : unwritable(path, error);
  }
}

/** Removes the files of a scope, and directories that are empty then; whether there were any. */
export function removeStoreFiles(store: CredentialStore, scope: Scope): boolean {
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
function makeDirectories(store: CredentialStore, path: string): void {
  const components = path
    .slice(store.root.length + 1)
    .split('/')
    .slice(0, -1);
  let directory = store.root;
  for (const component of components) {
    directory = `${directory}/${component}`;
    mkdirSync(directory, { recursive: true, mode: PRIVATE_DIRECTORY });
    const found = lstatSync(directory);
    if (!found.isDirectory()) {
      throw new Failure(`${quote(directory)} is a link; replace it by a real directory`);
    }
    if (!store.allowInsecurePermissions) refuseExposure(directory, found);
  }
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
  const components = scope.text.split('/').slice(0, -1);
  for (let length = components.length; length > 0; length -= 1) {
    try {
      rmdirSync(`${store.root}/${components.slice(0, length).join('/')}`);
    } catch {
      // It holds other scopes.
      return;
    }
  }
}

function unwritable(path: string, error: unknown): Failure {
  return new Failure(
    `cannot write ${quote(path)} (${errorCode(error) ?? 'unknown reason'}); run as root, on a file system that is writable and not full`,
  );
}
