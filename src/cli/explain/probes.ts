import { findAuthEntry } from '../../authfile/merge.ts';
import { Failure } from '../../diagnostics/errors.ts';
import type { RegistryCredential } from '../../distribution/credential.ts';
import { type ProbeAnswer, probe } from '../../distribution/probe.ts';
import { CERTIFICATE_DIRECTORIES, trustFor } from '../../distribution/trust.ts';
import { type ImageReference, parseReference } from '../../image/reference.ts';
import type { MirrorPlan } from '../../providers/mirror-plan.ts';
import type { EndpointPart } from './explanation.ts';

/** How endpoints are asked. */
export interface ProbeSettings {
  /** For all of them together, in milliseconds. */
  readonly timeout: number;
  /** Where the registries' certificates are, in place of CRI-O's directories. */
  readonly certificatesDir?: string | undefined;
  /** Told before the asking begins, and with `undefined` after it. */
  readonly onProgress: (text: string | undefined) => void;
}

const LONGEST_REQUEST_MS = 10_000;

/**
 * Asks every endpoint that CRI-O would ask for the image, all at once, with the credential that the auth file
 * would give it. One answer for each endpoint; undefined for those that are not asked.
 */
export async function probeEndpoints(
  { auths = new Map() }: MirrorPlan,
  endpoints: readonly EndpointPart[],
  image: ImageReference,
  settings: ProbeSettings,
): Promise<(ProbeAnswer | undefined)[]> {
  const signal = AbortSignal.timeout(settings.timeout);
  const asked = endpoints.filter(({ stop }) => stop === undefined).length;
  settings.onProgress(`asking ${asked} of ${endpoints.length} endpoints …`);
  const answers = await Promise.all(
    endpoints.map(({ stop, reference, insecure }) => {
      if (stop !== undefined) return undefined;
      const { name, domain, path } = parseReference(reference);
      const auth = findAuthEntry(name, auths)?.[1];
      const credential = auth === undefined ? undefined : credentialOf(auth);
      const timeoutMs = Math.min(settings.timeout, LONGEST_REQUEST_MS);
      const options = { host: domain, insecure, credential, signal, timeoutMs };
      const ask = () =>
        probe(
          { ...options, ...trustFor(domain, directories(settings)) },
          path,
          image.digest ?? image.tag ?? 'latest',
        );
      return unlessMisconfigured(ask);
    }),
  );
  settings.onProgress(undefined);
  return answers;
}

function directories({ certificatesDir }: ProbeSettings): readonly string[] {
  return certificatesDir === undefined ? CERTIFICATE_DIRECTORIES : [certificatesDir];
}

/** A broken certificate file of one registry must not hide the others' answers. */
async function unlessMisconfigured(ask: () => Promise<ProbeAnswer>): Promise<ProbeAnswer> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { result: 'tls', status: undefined, text: error.message };
  }
}

function credentialOf({
  auth,
  identityToken,
}: {
  readonly auth: string;
  readonly identityToken?: string;
}): RegistryCredential | undefined {
  if (identityToken !== undefined) return { identityToken };
  const pair = Buffer.from(auth, 'base64').toString();
  const colon = pair.indexOf(':');
  // An empty pair is anonymous to CRI-O too.
  if (colon === -1 || pair === ':') return undefined;
  return { username: pair.slice(0, colon), password: pair.slice(colon + 1) };
}
