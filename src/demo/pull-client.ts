import { existsSync } from 'node:fs';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { RegistryClient } from '../distribution/client.ts';
import { RegistryError, type RegistryErrorReason } from '../distribution/registry-error.ts';
import { parseReference } from '../image/reference.ts';
import { type FoundCredential, lookUpCredential } from './auth-file-lookup.ts';
import { fetchImage } from './fetch-image.ts';

/** One place to try, as registries.conf makes them of an image: mirrors first, then the location itself. */
export interface PullSource {
  readonly reference: string;
  /** Any certificate, or plain HTTP. */
  readonly insecure: boolean;
}

export interface PullRequest {
  readonly image: string;
  readonly sources: readonly PullSource[];
  /** What `takeAuthFile` gave; without one the pull is anonymous. */
  readonly authFile?: string | undefined;
  /** For each request; 30 seconds by default. */
  readonly timeoutMs?: number;
}

/** What happened at one source. */
export interface PullAttempt {
  readonly reference: string;
  readonly result: 'pulled' | RegistryErrorReason;
  /** `200`, or the reason in the registry's words: `unauthorized: authentication required`. */
  readonly outcome: string;
  /** Which key of the auth file gave the credential; undefined for an anonymous attempt. */
  readonly credentialKey: string | undefined;
  readonly username: string | undefined;
  /** Of the image's manifest for this platform, once pulled. */
  readonly digest?: string;
  readonly layers?: number;
  /** Manifest, config and layers together. */
  readonly bytes?: number;
}

export interface PullResult {
  readonly image: string;
  /** The attempt that succeeded, always the last. */
  readonly pulled: PullAttempt | undefined;
  /** In the order they were made. */
  readonly attempts: readonly PullAttempt[];
}

/**
 * Takes the auth file of one pull as CRI-O does (server/image_pull.go): moves
 * `<namespace>-<sha256 of the image>.json` to a name of its own under `in-use/`, so that no other pull
 * uses it. Gives the new path; undefined where no file waits.
 * @param image exactly as the credential provider was asked for it: without tag and digest
 * @throws the system's error where the file goes between the look and the move: that fails the pull
 */
export async function takeAuthFile(
  authDir: string,
  namespace: string,
  image: string,
): Promise<string | undefined> {
  const base = `${namespace}-${Bun.SHA256.hash(image, 'hex')}`;
  const waiting = join(authDir, `${base}.json`);
  if (!existsSync(waiting)) return undefined;
  const inUse = join(authDir, 'in-use');
  await mkdir(inUse, { mode: 0o700, recursive: true });
  const taken = join(inUse, `${base}-${crypto.randomUUID()}.json`);
  await rename(waiting, taken);
  return taken;
}

/**
 * Pulls an image as CRI-O does: source after source until one gives it, with the auth file's credential
 * for each. Content is verified and thrown away; removing the auth file is left to the caller.
 */
export async function pullImage(request: PullRequest): Promise<PullResult> {
  const { image, sources, authFile } = request;
  const auths = authFile === undefined ? '{}' : await readFile(authFile, 'utf8');
  const attempts: PullAttempt[] = [];
  for (const source of sources) {
    const attempt = await tryPull(source, auths, request.timeoutMs);
    attempts.push(attempt);
    if (attempt.result === 'pulled') return { image, pulled: attempt, attempts };
  }
  return { image, pulled: undefined, attempts };
}

async function tryPull(
  { reference, insecure }: PullSource,
  auths: string,
  timeoutMs: number | undefined,
): Promise<PullAttempt> {
  const { name, domain: host, path, digest, tag = 'latest' } = parseReference(reference);
  const found = lookUpCredential(auths, name);
  const shown = { reference, credentialKey: found?.key, username: usernameOf(found) };
  const credential = found?.credential;
  try {
    const client = new RegistryClient({ host, insecure, credential, timeoutMs });
    const image = await fetchImage(client, path, digest ?? tag);
    return { ...shown, result: 'pulled', outcome: '200', ...image };
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    return { ...shown, result: error.reason, outcome: error.summary };
  }
}

function usernameOf(found: FoundCredential | undefined): string | undefined {
  if (found === undefined || 'identityToken' in found.credential) return undefined;
  return found.credential.username;
}
