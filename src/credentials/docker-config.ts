import { isJsonObject } from '../diagnostics/json.ts';
import { type KeyringEntry, keyringEntries, lookupKeyOf } from '../kubelet/keyring.ts';
import { matchImage } from '../kubelet/match-images.ts';
import { type Credential, decodeEntry, type Unusable } from './credential.ts';
import { isHelperName } from './stored-credential.ts';

const MOST_ENTRIES = 10_000;

/** Docker's config.json, decoded; an entry of `auths` that cannot be used says why and hides no neighbour. */
export interface DockerConfig {
  readonly auths: ReadonlyMap<string, Credential | Unusable>;
  readonly credHelpers: ReadonlyMap<string, string>;
  /** The helper for every registry that has nothing of its own. */
  readonly credsStore?: string;
}

/** What a config.json holds for an image. */
export type DockerConfigEntry =
  | ({ readonly kind: 'password' } & Password & Filed)
  | ({ readonly kind: 'helper'; readonly helper: string } & Filed)
  | ({ readonly kind: 'store'; readonly helper: string } & Filed)
  /** Only entries that hold nothing usable. */
  | { readonly kind: 'unusable'; readonly key: string; readonly problem: string };

/** How an entry is filed. */
interface Filed {
  /** The path of its key; empty for the whole registry. */
  readonly path: string;
  /** Whether any key is for a part of the image's registry only. */
  readonly hasPaths: boolean;
}

interface Password {
  readonly username: string;
  readonly password: string;
}

/** Decodes `auths`, `credHelpers` and `credsStore` of a config.json. */
export function decodeDockerConfig(document: unknown): DockerConfig | Unusable {
  if (!isJsonObject(document)) return { problem: 'is no JSON object' };
  const { auths = {}, credHelpers = {}, credsStore = '' } = document;
  if (!isJsonObject(auths) || !isJsonObject(credHelpers)) {
    return { problem: 'has an auths or credHelpers that is no object' };
  }
  if (Object.keys(auths).length + Object.keys(credHelpers).length > MOST_ENTRIES) {
    return { problem: `has more than ${MOST_ENTRIES} entries` };
  }
  const helpers = Object.entries(credHelpers).filter(isNamedHelper);
  if (
    helpers.length < Object.keys(credHelpers).length ||
    typeof credsStore !== 'string' ||
    (credsStore !== '' && !isHelperName(credsStore))
  ) {
    return { problem: 'names a credential helper that cannot be one' };
  }
  return {
    auths: new Map(Object.entries(auths).map(([key, entry]) => [key, decodeEntry(entry)])),
    credHelpers: new Map(helpers),
    ...(credsStore === '' ? {} : { credsStore }),
  };
}

function isNamedHelper(entry: [string, unknown]): entry is [string, string] {
  return typeof entry[1] === 'string' && isHelperName(entry[1]);
}

/**
 * What a config.json gives for an image: a helper of `credHelpers`, else a usable entry of `auths`, else
 * the `credsStore`. Keys are compared as the kubelet compares them, and its first one is taken.
 */
export function findInDockerConfig(
  config: DockerConfig,
  image: string,
): DockerConfigEntry | undefined {
  const { auths, credHelpers, credsStore } = config;
  const hasPaths = [...auths.keys(), ...credHelpers.keys()].some((key) => isForPart(key, image));
  const [helper] = keyringEntries(image, credHelpers);
  if (helper !== undefined) {
    return { kind: 'helper', helper: helper.value, path: pathOf(helper.lookupKey), hasPaths };
  }
  const entries = keyringEntries(image, auths);
  for (const { lookupKey, value } of entries) {
    const password = passwordOf(value);
    if (!('problem' in password)) {
      return { kind: 'password', ...password, path: pathOf(lookupKey), hasPaths };
    }
  }
  if (credsStore !== undefined) return { kind: 'store', helper: credsStore, path: '', hasPaths };
  return unusable(entries);
}

function unusable(
  entries: readonly KeyringEntry<Credential | Unusable>[],
): DockerConfigEntry | undefined {
  const [first] = entries;
  if (first === undefined) return undefined;
  const result = passwordOf(first.value);
  const problem = 'problem' in result ? result.problem : '';
  return { kind: 'unusable', key: first.lookupKey, problem };
}

function isForPart(key: string, image: string): boolean {
  const [host = '', ...path] = (lookupKeyOf(key) ?? '').split('/');
  return path.length > 0 && matchImage(host, image).matched;
}

function pathOf(lookupKey: string): string {
  return lookupKey.split('/').slice(1).join('/');
}

/** User name and password in UTF-8, as an answer to the kubelet needs them. */
function passwordOf(value: Credential | Unusable): Password | Unusable {
  if ('problem' in value) return value;
  if (value.auth === '')
    return { problem: 'holds only an identity token, which the kubelet cannot use' };
  const text = utf8(Buffer.from(value.auth, 'base64'));
  if (text === undefined) return { problem: 'holds bytes that are not UTF-8' };
  return { username: value.username, password: text.slice(value.username.length + 1) };
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
