import { authoritiesOf, type Scope, scopesOf } from '../credentials/scope.ts';
import { Failure } from '../diagnostics/errors.ts';
import { quote } from '../diagnostics/quote.ts';
import { parseRepository, type Repository } from '../image/repository.ts';
import type { CredentialProviderRequest } from '../kubelet/request.ts';
import type { CredentialProviderResponse, ResponseCredential } from '../kubelet/response.ts';
import type { CredentialStore, StoreFile } from './credential-store.ts';
import { fromDockerConfig, fromStoredFile } from './file-source.ts';
import type { FileWorld } from './file-world.ts';

/** How a credential is kept: in plain text, encrypted, or in Docker's config.json. */
export type SourceKind = 'plain' | 'encrypted' | 'docker-config';

/** A credential for an image, and where it is from. */
export interface FoundCredential extends ResponseCredential {
  readonly path: string;
  readonly kind: SourceKind;
  /** The credential helper that gave it. */
  readonly helper?: string;
  /** The part of the registry that it is for, such as `team-a`; empty for all of it. */
  readonly scopePath: string;
  /** Whether there are others for parts of the same registry. */
  readonly hasSiblings: boolean;
  /** How long the kubelet may keep it: a Go duration. */
  readonly duration: string;
}

/** What the plugin decided for one pull. */
export interface FilePlan {
  readonly apiVersion: string;
  readonly image: string;
  /** The image's registry; absent where the image names none. */
  readonly repository?: Repository | undefined;
  /** The scopes that were looked for, in order. */
  readonly tried: readonly Scope[];
  readonly found?: FoundCredential | undefined;
  /** Why there is no answer. */
  readonly failure?: Failure | undefined;
}

type Draft = { -readonly [Field in keyof FilePlan]: FilePlan[Field] } & { tried: Scope[] };

/**
 * Decides what one pull needs: image → scopes → file → decrypted, or asked of a helper → credential. A
 * failure ends the plan as its `failure`, beside all that had been found by then; only defects of this
 * program are thrown.
 */
export async function plan(
  request: CredentialProviderRequest,
  world: FileWorld,
): Promise<FilePlan> {
  const draft: Draft = { apiVersion: request.apiVersion, image: request.image, tried: [] };
  try {
    draft.repository = parseRepository(request.image);
    refuseBareIpv6(draft.repository);
    draft.found = await find(draft, draft.repository, world);
    if (draft.found === undefined) {
      draft.failure = new Failure(`${draft.repository.host} is an unknown source`);
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    draft.failure = error;
  }
  return draft;
}

/** The kubelet reads the brackets of a host without port as a set of characters, so no key would match. */
function refuseBareIpv6({ host, colonPort, path }: Repository): void {
  if (!host.startsWith('[') || colonPort !== '') return;
  throw new Failure(
    `the kubelet matches no credential with the registry ${quote(host)}, an IPv6 address without port; ` +
      `name the image with the port, as ${host}:443/${path}`,
  );
}

async function find(
  draft: Draft,
  repository: Repository,
  world: FileWorld,
): Promise<FoundCredential | undefined> {
  const store = world.openStore();
  if (store === undefined) return undefined;
  const withPaths = authoritiesOf(repository).filter((one) => store.hasScopesBelow(one));
  const file = firstFile(store, scopesOf(repository, withPaths), draft.tried);
  const found =
    file === undefined
      ? await fromDockerConfig(store, repository, world)
      : await fromStoredFile(store, file, repository, world);
  return found && { ...found, hasSiblings: found.hasSiblings || withPaths.length > 0 };
}

function firstFile(
  store: CredentialStore,
  scopes: readonly Scope[],
  tried: Scope[],
): StoreFile | undefined {
  for (const scope of scopes) {
    tried.push(scope);
    const file = store.find(scope);
    if (file !== undefined) return file;
  }
  return undefined;
}

/**
 * The answer to the kubelet; throws the plan's failure. A credential for a part of a registry is cached
 * for its image only, and so is one beside such others: kept for the whole registry, the kubelet would
 * hand it to their images too.
 */
export function respond({
  apiVersion,
  repository,
  found,
  failure,
}: FilePlan): CredentialProviderResponse {
  if (failure !== undefined) throw failure;
  if (found === undefined || repository === undefined) throw new Error('a plan without outcome');
  const { username, password, duration, scopePath, hasSiblings } = found;
  return {
    apiVersion,
    cacheKeyType: scopePath !== '' || hasSiblings ? 'Image' : 'Registry',
    cacheDuration: duration,
    auth: { [answerKey(repository, scopePath)]: { username, password } },
  };
}

/** The image's registry as written, because the kubelet compares hosts by case. */
function answerKey({ host, colonPort }: Repository, scopePath: string): string {
  const authority = host + colonPort;
  // The kubelet takes such a beginning of a key's path for an API version, and drops it.
  const isMisread = /^v[12]\//.test(scopePath);
  return scopePath === '' || isMisread ? authority : `${authority}/${scopePath}`;
}
