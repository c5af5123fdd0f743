import { writeFileSync } from 'node:fs';
import { encodeAuths } from '../../../src/authfile/entry.ts';
import { readGlobalAuthFile } from '../../../src/authfile/global.ts';
import { mergeAuths } from '../../../src/authfile/merge.ts';
import { authFilePath } from '../../../src/authfile/path.ts';
import { chooseCredentials } from '../../../src/credentials/choose.ts';
import { targetOf } from '../../../src/credentials/match.ts';
import { decodePullSecret } from '../../../src/credentials/pull-secret.ts';
import { Failure } from '../../../src/diagnostics/errors.ts';
import { decodeGlobalAuths, namespacedAuths } from '../../../src/providers/auths.ts';
import { type ModelEntry, type ModelSecret, modelAuths } from '../../support/credential-model.ts';
import { withTemporaryDirectory } from '../../support/temporary-directory.ts';
import type { ConformanceCase } from '../suite.ts';

interface AuthFileCase extends ConformanceCase {
  readonly secrets: readonly ModelSecret[] | null;
  readonly globalAuth: string | null;
  readonly namespace: string;
  readonly image: string;
  readonly mirrors: readonly string[];
  readonly quirk?: string;
  readonly expected: Result;
}

interface Result {
  readonly auths?: Readonly<Record<string, ModelEntry>>;
  readonly file?: string;
  readonly error?: string;
}

/** One auth file: the recorded content, or, where we differ on purpose, what the independent model says. */
export function checkAuthFile(recorded: ConformanceCase): string | undefined {
  const one = recorded as AuthFileCase;
  const ours = withTemporaryDirectory((directory) => build(one, directory));
  const expected = one.quirk === undefined ? contract(one.expected) : modelled(one);
  if (Bun.deepEquals(ours, expected)) return undefined;
  return `expected ${JSON.stringify(expected)}, got ${JSON.stringify(ours)}`;
}

function build(one: AuthFileCase, directory: string): Result {
  try {
    const path = authFilePath('/etc/crio/auth', one.namespace, one.image);
    const globalFile = `${directory}/config.json`;
    if (one.globalAuth !== null) writeFileSync(globalFile, one.globalAuth);
    const references = referencesOf(one);
    const choice = chooseCredentials(
      (one.secrets ?? []).map((secret) => decodePullSecret(secret, false)),
      [...references, one.image].map(targetOf),
    );
    const global = decodeGlobalAuths(readGlobalAuthFile(globalFile));
    const { auths } = mergeAuths(global.auths, namespacedAuths(choice), references);
    if (auths.size === 0) return {};
    const written = JSON.parse(encodeAuths(auths)) as { auths: Record<string, ModelEntry> };
    return { auths: written.auths, file: path.slice(path.lastIndexOf('/') + 1) };
  } catch (error) {
    if (error instanceof Failure) return { error: 'refused' };
    throw error;
  }
}

/** Ours has no file and no error where the original finds nothing to write. */
function contract(expected: Result): Result {
  if (expected.error === undefined) return expected;
  return expected.error.includes('no auths found') ? {} : { error: 'refused' };
}

function modelled(one: AuthFileCase): Result {
  if (one.namespace === '' || one.image === '') return { error: 'refused' };
  const auths = modelAuths(one.secrets ?? [], one.globalAuth, referencesOf(one), one.image);
  if (auths === 'malformed') return { error: 'refused' };
  if (Object.keys(auths).length === 0) return {};
  const digest = new Bun.CryptoHasher('sha256').update(one.image).digest('hex');
  return { auths, file: `${one.namespace}-${digest}.json` };
}

/** The cases name mirrors of the image's whole registry, and the primary itself. */
function referencesOf({ image, mirrors }: AuthFileCase): string[] {
  const slash = image.indexOf('/');
  const rest = slash === -1 ? '' : image.slice(slash);
  return [...mirrors.map((mirror) => mirror + rest), image];
}
