import { isJsonObject, type JsonObject } from '../diagnostics/json.ts';
import { map } from '../diagnostics/lists.ts';
import { utf8Text } from '../diagnostics/utf8.ts';
import { type Credential, decodeEntry, type Unusable } from './credential.ts';

const MOST_ENTRIES = 10_000;

/** A Secret as the API server gives it; the values of `data` are base64. */
export interface Secret {
  readonly name: string;
  readonly type: string;
  readonly data: JsonObject;
}

/** One entry of a pull secret: its key as written, and its credential or why there is none. */
export interface PullSecretEntry {
  readonly secret: string;
  readonly key: string;
  readonly credential: Credential | Unusable;
}

/** A decoded pull secret; `problem` tells why the Secret as a whole gives nothing. */
export interface PullSecret {
  readonly name: string;
  readonly entries: readonly PullSecretEntry[];
  readonly problem?: string;
}

const DOCKER_CONFIG_JSON = 'kubernetes.io/dockerconfigjson';
const DOCKERCFG = 'kubernetes.io/dockercfg';

/**
 * Decodes a pull secret. A Secret or entry that cannot be used says why and hides no neighbour. The old
 * type `kubernetes.io/dockercfg` is read only where somebody named the Secret.
 */
export function decodePullSecret(secret: Secret, isNamed: boolean): PullSecret {
  const auths = authsOf(secret, isNamed);
  if (typeof auths === 'string') return { name: secret.name, entries: [], problem: auths };
  const entries = Object.entries(auths);
  if (entries.length > MOST_ENTRIES) {
    const problem = `it has ${entries.length} entries, at most ${MOST_ENTRIES} are read`;
    return { name: secret.name, entries: [], problem };
  }
  return {
    name: secret.name,
    entries: map(entries, ([key, entry]) => ({
      secret: secret.name,
      key,
      credential: decodeEntry(entry),
    })),
  };
}

/** The registry entries by key, or why there are none. */
function authsOf({ type, data }: Secret, isNamed: boolean): JsonObject | string {
  const isOld = type === DOCKERCFG && isNamed;
  if (type !== DOCKER_CONFIG_JSON && !isOld) return 'secret is not a docker config JSON secret';
  const dataKey = isOld ? '.dockercfg' : '.dockerconfigjson';
  const encoded = Object.hasOwn(data, dataKey) ? data[dataKey] : undefined;
  if (typeof encoded !== 'string') return `it does not contain data key "${dataKey}"`;
  const document = parse(encoded);
  if (document === undefined) return 'the docker config JSON is not parsable';
  if (!isJsonObject(document)) return 'the docker config JSON is no object';
  const auths = isOld ? document : (document['auths'] ?? {});
  return isJsonObject(auths) ? auths : 'its auths is no object';
}

/** base64 of JSON. */
function parse(encoded: string): unknown {
  try {
    return JSON.parse(utf8Text(Uint8Array.fromBase64(encoded)));
  } catch {
    // The parser's message may quote a password.
    return undefined;
  }
}
