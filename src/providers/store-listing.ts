import { lstatSync, readdirSync, type Stats } from 'node:fs';
import type { Credential, Unusable } from '../credentials/credential.ts';
import { parseScope, type Scope } from '../credentials/scope.ts';
import type { StoredCredential } from '../credentials/stored-credential.ts';
import { Failure } from '../diagnostics/errors.ts';
import { quote } from '../diagnostics/quote.ts';
import { systemReason } from '../diagnostics/system-reason.ts';
import { type CredentialStore, ENDINGS } from './credential-store.ts';
import { readDockerConfig } from './docker-config-file.ts';
import type { SourceKind } from './file.ts';
import type { FileWorld } from './file-world.ts';
import { readStoredFile } from './stored-file.ts';

const MOST_FILES = 10_000;
const DEEPEST = 32;

/** A credential of the store, or a file that should be one. */
export interface ListedCredential {
  readonly path: string;
  readonly stats: Stats;
  readonly kind: SourceKind;
  /** A key of Docker's config.json may hold wildcards; absent where a file's name is no scope. */
  readonly scope?: string;
  readonly username?: string;
  /** The credential helper that is asked. */
  readonly helper?: string;
  readonly duration?: string;
  /** Why the plugin does not use it. */
  readonly problem?: string;
}

/**
 * The credentials of the store by path, each file read and decrypted as the plugin would; what cannot be
 * used says why. Throws a Failure for a directory that cannot be read, or too many files.
 */
export async function listStore(
  store: CredentialStore,
  world: Pick<FileWorld, 'decrypt'>,
): Promise<readonly ListedCredential[]> {
  const paths: string[] = [];
  collect(store.root, 0, paths);
  const listed: ListedCredential[] = [];
  for (const path of paths.sort()) {
    if (path === store.dockerConfigPath) listed.push(...(await listDockerConfig(store)));
    else listed.push(await inspect(store, path, world));
  }
  return listed;
}

function collect(directory: string, depth: number, paths: string[]): void {
  for (const entry of entriesOf(directory)) {
    const path = `${directory}/${entry.name}`;
    if (entry.isDirectory() && depth < DEEPEST) collect(path, depth + 1, paths);
    else if (ENDINGS.some((ending) => entry.name.endsWith(ending))) paths.push(path);
    if (paths.length > MOST_FILES) {
      throw new Failure(
        `${quote(directory)} holds more than ${MOST_FILES} credential files; remove what is not needed`,
      );
    }
  }
}

function entriesOf(directory: string) {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    throw new Failure(
      `cannot read the directory ${quote(directory)}: ${systemReason(error)}; make it readable for root`,
    );
  }
}

async function inspect(
  store: CredentialStore,
  path: string,
  world: Pick<FileWorld, 'decrypt'>,
): Promise<ListedCredential> {
  const kind = path.endsWith('.cred') ? 'encrypted' : 'plain';
  const origin = { path, stats: lstatSync(path), kind } as const;
  const scope = scopeOf(path.slice(store.root.length + 1));
  if (scope === undefined) {
    return { ...origin, problem: 'its name is no scope in lower case; rename or remove it' };
  }
  const named = { ...origin, scope: scope.text };
  const used = store.find(scope);
  if (used === undefined || used.path !== path) {
    return { ...named, problem: `it is hidden by ${quote(used?.path ?? '')}; remove one of them` };
  }
  try {
    return { ...named, ...shownOf(await readStoredFile(store, used, world)) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { ...named, problem: error.message };
  }
}

/** All but the password. */
function shownOf(stored: StoredCredential): Partial<ListedCredential> {
  const { duration } = stored;
  return stored.kind === 'helper'
    ? { helper: stored.helper, duration }
    : { username: stored.username, duration };
}

/** Each key of Docker's config.json; the file itself where it cannot be used. */
async function listDockerConfig(store: CredentialStore): Promise<readonly ListedCredential[]> {
  const path = store.dockerConfigPath;
  const origin = { path, stats: lstatSync(path), kind: 'docker-config' } as const;
  try {
    const { auths, credHelpers, credsStore } = await readDockerConfig(store);
    const listed: ListedCredential[] = [];
    for (const [scope, entry] of auths) listed.push({ ...origin, scope, ...entryOf(entry) });
    for (const [scope, helper] of credHelpers) listed.push({ ...origin, scope, helper });
    if (credsStore !== undefined) listed.push({ ...origin, helper: credsStore });
    return listed;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return [{ ...origin, problem: error.message }];
  }
}

function entryOf(entry: Credential | Unusable): Partial<ListedCredential> {
  return 'problem' in entry ? { problem: `it ${entry.problem}` } : { username: entry.username };
}

/** Only as the plugin would spell it. */
function scopeOf(name: string): Scope | undefined {
  const text = name.replace(/\.(?:cred|json)$/, '');
  try {
    const scope = parseScope(text);
    return scope.text === text ? scope : undefined;
  } catch {
    return undefined;
  }
}
