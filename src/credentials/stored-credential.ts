import { isJsonObject, type JsonObject } from '../diagnostics/json.ts';
import { quote } from '../diagnostics/quote.ts';
import { parseDuration } from '../kubelet/duration.ts';
import type { Unusable } from './credential.ts';

/** How long the kubelet may keep a credential whose file does not say so. */
export const DEFAULT_DURATION = '0h5m0s';

/** What a file of the store says, decoded; `duration` as the kubelet reads it. */
export type StoredCredential = (Password | Helper) & { readonly duration: string };

interface Password {
  readonly kind: 'password';
  readonly username: string;
  readonly password: string;
}

interface Helper {
  readonly kind: 'helper';
  readonly helper: string;
}

const HELPER_NAME = /^[a-z0-9._-]+$/;

/**
 * Decodes a file of the store: `{"username","password","duration"}` or `{"credHelper","duration"}`. A
 * missing user name or password is empty; other fields are ignored. The problem never quotes a value.
 */
export function decodeStoredCredential(document: unknown): StoredCredential | Unusable {
  if (!isJsonObject(document)) return { problem: 'is no JSON object' };
  for (const name of ['username', 'password', 'duration', 'credHelper']) {
    const value = document[name] ?? '';
    if (typeof value !== 'string') return { problem: `has a ${name} that is no string` };
  }
  const duration = stringOf(document, 'duration');
  const problem = duration === undefined ? undefined : problemOfDuration(duration);
  if (problem !== undefined) return { problem };
  const named = credentialOf(document);
  return 'problem' in named ? named : { ...named, duration: duration ?? DEFAULT_DURATION };
}

function credentialOf(document: JsonObject): Password | Helper | Unusable {
  const username = stringOf(document, 'username') ?? '';
  const password = stringOf(document, 'password') ?? '';
  const helper = stringOf(document, 'credHelper');
  if (helper === undefined) return { kind: 'password', username, password };
  if (!isHelperName(helper)) return { problem: `has a credHelper that is no name: ${HELPER_RULE}` };
  if (username !== '' || password !== '') {
    return { problem: 'has both a credHelper and a user name or password; keep one' };
  }
  return { kind: 'helper', helper };
}

/** What a helper's name may be, for messages. */
export const HELPER_RULE =
  'NAME of a program docker-credential-NAME, of a-z, 0-9, ".", "_" and "-"';

/** Whether a text is the NAME of a program `docker-credential-NAME`. */
export function isHelperName(text: string): boolean {
  return HELPER_NAME.test(text);
}

/** Why a text is no `duration`, to be read after "it"; undefined where it is one. */
export function problemOfDuration(text: string): string | undefined {
  const parsed = parseDuration(text);
  if (typeof parsed === 'bigint' && parsed >= 0n) return undefined;
  return `has the duration ${quote(text)}, which the kubelet cannot use; write one such as 90s, 0h5m0s or 12h`;
}

function stringOf(document: JsonObject, name: string): string | undefined {
  const value = document[name];
  return typeof value === 'string' ? value : undefined;
}
