import { Failure } from '../diagnostics/errors.ts';
import { probe } from '../distribution/probe.ts';
import { RegistryError } from '../distribution/registry-error.ts';
import { trustFor } from '../distribution/trust.ts';
import { tryCredential } from '../distribution/try-credential.ts';
import { parseReference } from '../image/reference.ts';
import type { Repository } from '../image/repository.ts';
import { type FilePlan, type FoundCredential, plan } from './file.ts';
import type { FileWorld } from './file-world.ts';

/** Whether a registry takes the credential that the plugin would answer for an image. */
export type Verdict =
  /** It does. */
  | 'works'
  /** It says no. */
  | 'refused'
  /** It asks for none, so nothing is known. */
  | 'not-asked-for'
  /** There is no credential, or the registry could not be asked. */
  | 'unknown';

export interface CredentialCheck {
  readonly verdict: Verdict;
  readonly username?: string;
  /** The file that the credential is from. */
  readonly path?: string;
  /** Why it is not `works`. */
  readonly reason?: string;
}

/** How a credential is tried. */
export interface Trial {
  /** Any certificate will do, and plain HTTP. */
  readonly insecure: boolean;
  /** Also for the right to pull the image itself. */
  readonly pull: boolean;
}

/** Tries the credential that the plugin would answer for an image at the image's registry. */
export async function checkCredential(
  image: string,
  world: FileWorld,
  trial: Trial,
): Promise<CredentialCheck> {
  const decided = await plan(
    { apiVersion: '', image, serviceAccountAnnotations: new Map() },
    world,
  );
  const { found, repository } = decided;
  if (found === undefined || repository === undefined) return withoutCredential(decided);
  const { username, path } = found;
  return { username, path, ...(await verdictOn(found, repository, image, trial)) };
}

function withoutCredential({ failure }: FilePlan): CredentialCheck {
  return { verdict: 'unknown', reason: failure?.message ?? '' };
}

type Judgement = Pick<CredentialCheck, 'verdict' | 'reason'>;

async function verdictOn(
  { username, password }: FoundCredential,
  { host, colonPort, path }: Repository,
  image: string,
  { insecure, pull }: Trial,
): Promise<Judgement> {
  const registry = host + colonPort;
  const route = { insecure, ...trustFor(registry) };
  const credential = { username, password };
  try {
    const reception = await tryCredential(registry, route, credential);
    if (reception === 'not-asked-for') {
      return { verdict: reception, reason: 'the registry asks for no credential' };
    }
    if (!pull) return { verdict: 'works' };
    const tag = parseReference(image).tag ?? 'latest';
    const { result, text } = await probe({ ...route, host: registry, credential }, path, tag);
    // Who may not pull is told so before anybody says that there is no such tag.
    if (result === 'found' || result === 'not-found') return { verdict: 'works' };
    return { verdict: result === 'no-right' ? 'refused' : 'unknown', reason: text };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { verdict: isRefusal(error) ? 'refused' : 'unknown', reason: error.message };
  }
}

function isRefusal(error: Failure): boolean {
  return error instanceof RegistryError && ['unauthorized', 'denied'].includes(error.reason);
}
