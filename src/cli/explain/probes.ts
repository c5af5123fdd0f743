import { findAuthEntry } from '../../authfile/merge.ts';
import { deadlineIn } from '../../diagnostics/deadline.ts';
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
  /** Told when the asking begins. */
  readonly onProgress: (text: string) => void;
}

const LONGEST_REQUEST_MS = 10_000;

/**
 * Asks every endpoint that CRI-O would ask for the image, all at once, with the credential that the auth file
 * would give it. One answer for each endpoint; undefined for those that are not asked.
 */
export function probeEndpoints(
  plan: MirrorPlan,
  endpoints: readonly EndpointPart[],
  image: ImageReference,
  settings: ProbeSettings,
): Promise<(ProbeAnswer | undefined)[]> {
  const { signal } = deadlineIn(settings.timeout);
  const asked = endpoints.filter(({ stop }) => stop === undefined).length;
  settings.onProgress(`asking ${asked} of ${endpoints.length} endpoints …`);
  return Promise.all(
    endpoints.map(({ stop, reference, insecure }) => {
      if (stop !== undefined) return undefined;
      const { name, domain, path } = parseReference(reference);
      const credential = credentialFor(name, plan);
      const timeoutMs = Math.min(settings.timeout, LONGEST_REQUEST_MS);
      return unlessMisconfigured(() => {
        const trust = trustFor(domain, directories(settings));
        const options = { host: domain, insecure, credential, signal, timeoutMs, ...trust };
        return probe(options, path, image.digest ?? image.tag ?? 'latest');
      });
    }),
  );
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

/** The credential that containers/image finds in the auth file. */
function credentialFor(name: string, { auths }: MirrorPlan): RegistryCredential | undefined {
  const [, entry] = (auths && findAuthEntry(name, auths)) ?? [];
  if (entry === undefined) return undefined;
  const { auth, identityToken } = entry;
  if (identityToken !== undefined) return { identityToken };
  const pair = Buffer.from(auth, 'base64').toString();
  const colon = pair.indexOf(':');
  // An empty pair is anonymous to CRI-O too.
  if (colon === -1 || pair === ':') return undefined;
  return { username: pair.slice(0, colon), password: pair.slice(colon + 1) };
}
