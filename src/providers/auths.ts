import type { AuthEntry, Auths } from '../authfile/entry.ts';
import { findAuthEntry } from '../authfile/merge.ts';
import type { Choice } from '../credentials/choose.ts';
import { decodeEntry, decodeGlobalEntry } from '../credentials/credential.ts';
import type { JsonObject } from '../diagnostics/json.ts';
import { map } from '../diagnostics/lists.ts';
import type { Endpoint } from '../registries/endpoints.ts';
import type { PlannedEndpoint } from './mirror-plan.ts';

/** The entries of a global auth file that hold credentials, and why the others do not. */
export interface GlobalEntries {
  readonly auths: Auths;
  readonly unusable: ReadonlyMap<string, string>;
}

/** Decodes a global auth file's entries; one that cannot be used hides no neighbour. */
export function decodeGlobalAuths(raw: JsonObject): GlobalEntries {
  const auths = new Map<string, AuthEntry>();
  const unusable = new Map<string, string>();
  for (const [key, entry] of Object.entries(raw)) {
    const decoded = decodeGlobalEntry(entry);
    if ('problem' in decoded) unusable.set(key, decoded.problem);
    else auths.set(key, decoded);
  }
  return { auths, unusable };
}

/** The namespace's entries as the auth file holds them. */
export function namespacedAuths(choice: Choice): Auths {
  return new Map(map(choice.chosen, ([key, { credential }]) => [key, credential]));
}

/** The endpoint with the credential that containers/image will find for it in the auth file. */
export function withCredential(endpoint: Endpoint, auths: Auths, choice: Choice): PlannedEndpoint {
  const found = findAuthEntry(endpoint.reference, auths);
  if (found === undefined) return endpoint;
  const [key, entry] = found;
  const chosen = choice.chosen.get(key);
  if (chosen !== undefined) {
    const { secret, secretKey, credential } = chosen;
    const origin = { kind: 'secret', secret, secretKey } as const;
    return { ...endpoint, credential: { key, username: credential.username, origin } };
  }
  const decoded = decodeEntry({ auth: entry.auth });
  const username = 'problem' in decoded ? '' : decoded.username;
  return { ...endpoint, credential: { key, username, origin: { kind: 'global' } } };
}
