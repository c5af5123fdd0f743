import { findInDockerConfig } from '../credentials/docker-config.ts';
import { DEFAULT_DURATION } from '../credentials/stored-credential.ts';
import { Failure } from '../diagnostics/errors.ts';
import { quote } from '../diagnostics/quote.ts';
import type { Repository } from '../image/repository.ts';
import { CredentialNotFound } from './credential-helper.ts';
import type { CredentialStore, StoreFile } from './credential-store.ts';
import { readDockerConfig } from './docker-config-file.ts';
import type { FoundCredential } from './file.ts';
import type { FileWorld } from './file-world.ts';
import { readStoredFile } from './stored-file.ts';

/**
 * The credential of a scope's file, or of the helper that it names; whether the registry has other scopes
 * is for the caller to say. Throws a Failure.
 */
export async function fromStoredFile(
  store: CredentialStore,
  file: StoreFile,
  repository: Repository,
  world: FileWorld,
): Promise<FoundCredential> {
  const stored = await readStoredFile(store, file, world);
  const { duration } = stored;
  const origin = {
    path: file.path,
    kind: file.isEncrypted ? 'encrypted' : 'plain',
    scopePath: file.scope.path,
    hasSiblings: false,
    duration,
  } as const;
  if (stored.kind === 'password') {
    return { ...origin, username: stored.username, password: stored.password };
  }
  const given = await world.askHelper(stored.helper, authorityOf(repository));
  return { ...origin, ...given, helper: stored.helper };
}

/** The credential that Docker's config.json in the store has for an image; undefined where it has none. */
export async function fromDockerConfig(
  store: CredentialStore,
  repository: Repository,
  world: FileWorld,
): Promise<FoundCredential | undefined> {
  if (!store.hasDockerConfig()) return undefined;
  const path = store.dockerConfigPath;
  const config = await readDockerConfig(store);
  const entry = findInDockerConfig(config, `${authorityOf(repository)}/${repository.path}`);
  if (entry === undefined) return undefined;
  if (entry.kind === 'unusable') {
    throw new Failure(
      `cannot use the credential file ${quote(path)}: its entry ${quote(entry.key)} ${entry.problem}; mend it`,
    );
  }
  const origin = {
    path,
    kind: 'docker-config',
    scopePath: entry.path,
    hasSiblings: entry.hasPaths,
    duration: DEFAULT_DURATION,
  } as const;
  if (entry.kind === 'password') {
    return { ...origin, username: entry.username, password: entry.password };
  }
  const given = await askListed(entry, repository, world);
  return given === undefined ? undefined : { ...origin, ...given, helper: entry.helper };
}

/** That the store for everything has nothing for a registry is no fault. */
async function askListed(
  { kind, helper }: { readonly kind: 'helper' | 'store'; readonly helper: string },
  repository: Repository,
  world: FileWorld,
) {
  try {
    return await world.askHelper(helper, authorityOf(repository));
  } catch (error) {
    if (kind === 'store' && error instanceof CredentialNotFound) return undefined;
    throw error;
  }
}

function authorityOf({ host, colonPort }: Repository): string {
  return host + colonPort;
}
