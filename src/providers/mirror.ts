import { type CleanUp, removeLeftover, removeStaleFiles, withdraw } from '../authfile/clean-up.ts';
import { ensureAuthDirectory, isRealDirectory } from '../authfile/directory.ts';
import { encodeAuths } from '../authfile/entry.ts';
import { mergeAuths } from '../authfile/merge.ts';
import { authFilePath, directoryOf } from '../authfile/path.ts';
import { type Publication, type Published, publish } from '../authfile/publish.ts';
import { chooseCredentials } from '../credentials/choose.ts';
import { targetOf } from '../credentials/match.ts';
import { decodePullSecret } from '../credentials/pull-secret.ts';
import { Failure } from '../diagnostics/errors.ts';
import { map, some } from '../diagnostics/lists.ts';
import { parseReference } from '../image/reference.ts';
import type { CredentialProviderRequest } from '../kubelet/request.ts';
import type { CredentialProviderResponse } from '../kubelet/response.ts';
import { readTokenClaims } from '../kubernetes/token.ts';
import { endpointsOf } from '../registries/endpoints.ts';
import { findRegistry } from '../registries/find.ts';
import { decodeGlobalAuths, namespacedAuths, withCredential } from './auths.ts';
import type { MirrorOptions } from './mirror-options.ts';
import type { MirrorPlan, Outcome, PlannedEndpoint } from './mirror-plan.ts';
import { PULL_SECRETS_ANNOTATION } from './pull-secrets.ts';
import type { World } from './world.ts';

type Draft = { -readonly [Field in keyof MirrorPlan]: MirrorPlan[Field] };

/**
 * Decides what one pull needs: image → mirrors and remaps → namespace → Secrets → credentials → auth
 * file. Reads the world, changes nothing. A failure ends the plan as its `failure`, beside all that had
 * been found by then; only defects of this program are thrown. `beforeWait` gets what is known when only
 * the API server's answer is missing; it must not throw.
 */
export async function plan(
  request: CredentialProviderRequest,
  world: World,
  beforeWait: (draft: MirrorPlan) => void = () => undefined,
): Promise<MirrorPlan> {
  const draft: Draft = {
    apiVersion: request.apiVersion,
    image: request.image,
    outcome: 'failed',
    endpoints: [],
  };
  try {
    draft.outcome = await decide(draft, request, world, beforeWait);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    draft.failure = error;
  }
  return draft;
}

async function decide(
  draft: Draft,
  request: CredentialProviderRequest,
  world: World,
  beforeWait: (draft: MirrorPlan) => void,
): Promise<Outcome> {
  const { name } = parseReference(request.image);
  const token = request.serviceAccountToken;
  if (token === undefined) return 'no-token';
  const identity = readTokenClaims(token);
  draft.identity = identity;
  draft.authFilePath = authFilePath(world.authDir, identity.namespace, request.image);

  draft.registries = world.loadRegistries();
  if (draft.registries.files.length === 0) return 'no-registries-conf';
  draft.registry = findRegistry(draft.registries, name);
  if (draft.registry === undefined) return 'no-mirror';
  draft.endpoints = endpointsOf(draft.registry, name);
  if (draft.registry.blocked) return 'blocked';
  if (!some(draft.endpoints, (one) => leadsElsewhere(one, name))) return 'no-mirror';

  const annotation = request.serviceAccountAnnotations.get(PULL_SECRETS_ANNOTATION);
  const reader = world.findSecrets(token);
  draft.server = reader.server;
  const reading = reader.read(identity, annotation);
  beforeWait(draft);
  draft.secrets = await reading;
  return compose(draft, name, world);
}

function leadsElsewhere(endpoint: PlannedEndpoint, image: string): boolean {
  return endpoint.kind === 'mirror' || endpoint.reference !== image;
}

/** The auth file's content from the Secrets and the global auth file. */
function compose(draft: Draft, name: string, world: World): Outcome {
  const references = map(draft.endpoints, (endpoint) => endpoint.reference);
  const isNamed = draft.secrets?.source !== 'namespace';
  const secrets = draft.secrets?.secrets ?? [];
  const targets = map(new Set([...references, name]), targetOf);
  const choice = chooseCredentials(
    map(secrets, (secret) => decodePullSecret(secret, isNamed)),
    targets,
  );
  const global = decodeGlobalAuths(world.readGlobalAuths());
  const { auths, leftOut } = mergeAuths(global.auths, namespacedAuths(choice), references);
  draft.choice = choice;
  const keys = map(global.auths, ([key]) => key);
  draft.global = { path: world.globalAuthFile, keys, unusable: global.unusable, leftOut };
  draft.endpoints = map(draft.endpoints, (endpoint) => withCredential(endpoint, auths, choice));
  draft.auths = auths;
  return auths.size === 0 ? 'no-credentials' : 'write';
}

/** What was done on the node for a plan. */
export interface Applied {
  readonly published?: Published;
  readonly cleanUp?: CleanUp;
}

/**
 * Does on the node what the plan says: publishes the auth file, or removes one of its name that an
 * earlier run left. `startedAt` tells the start of this process in milliseconds since the epoch. Throws the
 * plan's failure, or a Failure of its own; then nothing is left half-written.
 */
export async function apply(
  { outcome, failure, authFilePath: path, auths }: MirrorPlan,
  options: MirrorOptions & Pick<Publication, 'deadline'>,
  startedAt: () => number,
): Promise<Applied> {
  if (failure !== undefined) throw failure;
  if (path === undefined) return {};
  // What is looked at must be what is written to, however the flag spells it.
  const directory = directoryOf(path);
  if (outcome !== 'write' || auths === undefined) {
    if (!isRealDirectory(directory)) return {};
    return { cleanUp: removeLeftover(path, startedAt()) };
  }
  ensureAuthDirectory(directory);
  const cleanUp = removeStaleFiles(directory, options.staleAfter);
  const published = await publish(path, encodeAuths(auths), options);
  return { cleanUp, published };
}

/** Takes back what `apply` published, for a kubelet that has not got the answer; undefined where that is nothing. */
export function takeBack(
  { authFilePath: path }: MirrorPlan,
  { published }: Applied,
): CleanUp | undefined {
  if (path === undefined || published?.own === undefined) return undefined;
  return withdraw(path, published.own);
}

/**
 * The answer to the kubelet. It must not cache it, because CRI-O takes the file away at each pull. An
 * `auth` with an empty user is no credential, but makes the kubelet record the image as pulled for this
 * service account, so that another namespace cannot start it without a credential of its own.
 */
export function respond(
  { apiVersion, image, choice }: MirrorPlan,
  { imageAccess }: Pick<MirrorOptions, 'imageAccess'>,
): CredentialProviderResponse {
  const isPrivate = choice !== undefined && choice.chosen.size > 0;
  const response = { apiVersion, cacheKeyType: 'Image', cacheDuration: '0s' } as const;
  if (!isPrivate || imageAccess === 'node') return response;
  return { ...response, auth: { [image]: { username: '', password: '' } } };
}
