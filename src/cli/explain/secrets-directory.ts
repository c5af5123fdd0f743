import { readdirSync } from 'node:fs';
import { join } from 'node:path/posix';
import type { Secret } from '../../credentials/pull-secret.ts';
import { Failure } from '../../diagnostics/errors.ts';
import { isJsonObject, type JsonObject } from '../../diagnostics/json.ts';
import { quote } from '../../diagnostics/quote.ts';
import { readRegularFile, unreadableReason } from '../../diagnostics/read-file.ts';
import { systemReason, wordsWithCode } from '../../diagnostics/system-reason.ts';
import { utf8Text } from '../../diagnostics/utf8.ts';
import type { NamespaceSecrets } from '../../providers/pull-secrets.ts';

const LISTED_TYPE = 'kubernetes.io/dockerconfigjson';

/**
 * The Secrets of a namespace from files instead of the API server: `*.yaml`, `*.yml` and `*.json` of a
 * directory, each with Secrets or lists of them; one without a namespace counts as well. They come in the
 * API server's order, by name; with names (of the annotation), in theirs. Throws a Failure that names the
 * file, and nothing of its content.
 */
export function readSecretsDirectory(
  directory: string,
  namespace: string,
  names: readonly string[] | undefined,
): NamespaceSecrets {
  const all = filesIn(directory).flatMap(secretsIn).filter(isIn(namespace)).map(secretOf);
  if (names !== undefined) return named(all, names);
  const sorted = all.sort((one, other) => (one.name < other.name ? -1 : 1));
  return {
    source: 'namespace',
    secrets: sorted.filter(({ type }) => type === LISTED_TYPE),
    skipped: sorted
      .filter(({ type }) => type !== LISTED_TYPE)
      .map(({ name, type }) => ({
        name,
        reason: `its type is ${quote(type)}, not ${LISTED_TYPE}, and so it is not listed`,
      })),
  };
}

function named(all: readonly Secret[], names: readonly string[]): NamespaceSecrets {
  const found = names.map((name) => all.find((secret) => secret.name === name) ?? name);
  return {
    source: 'annotation',
    secrets: found.filter((one) => typeof one !== 'string'),
    skipped: found
      .filter((one) => typeof one === 'string')
      .map((name) => ({ name, reason: 'it does not exist' })),
  };
}

function filesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => /\.(?:ya?ml|json)$/.test(name))
      .sort()
      .map((name) => join(directory, name));
  } catch (error) {
    throw unusable(directory, `it cannot be read: ${systemReason(error)}`);
  }
}

function secretsIn(file: string): JsonObject[] {
  return documentsIn(file).flatMap((document) => {
    if (!isJsonObject(document)) return [];
    const { kind, items } = document;
    if (kind === 'Secret') return [document];
    if ((kind !== 'List' && kind !== 'SecretList') || !Array.isArray(items)) return [];
    // The items of a SecretList have no kind of their own.
    return items
      .filter(isJsonObject)
      .filter((item) => item['kind'] === 'Secret' || item['kind'] === undefined);
  });
}

/** JSON is YAML; of several documents the parser makes a list. */
function documentsIn(file: string): unknown[] {
  const text = textOf(file);
  try {
    const parsed: unknown = Bun.YAML.parse(text);
    return Array.isArray(parsed) ? parsed : [parsed];
  } catch {
    // The parser's message may quote a Secret.
    throw unusable(file, 'it is no valid YAML or JSON');
  }
}

function textOf(file: string): string {
  const bytes = bytesOf(file);
  if (bytes === undefined) throw unusable(file, `it cannot be read: ${wordsWithCode('ENOENT')}`);
  return utf8Text(bytes);
}

function bytesOf(file: string): Uint8Array | undefined {
  try {
    return readRegularFile(file);
  } catch (error) {
    throw unusable(file, `it cannot be read: ${unreadableReason(error)}`);
  }
}

function isIn(namespace: string) {
  return ({ metadata }: JsonObject): boolean => {
    const own = isJsonObject(metadata) ? metadata['namespace'] : undefined;
    return own === undefined || own === namespace;
  };
}

/** `stringData` becomes `data`, as when it is created. */
function secretOf({ metadata, type, data, stringData }: JsonObject): Secret {
  const name = isJsonObject(metadata) ? metadata['name'] : undefined;
  const plainData = Object.entries(isJsonObject(stringData) ? stringData : {}).map(
    ([key, value]) => [key, Buffer.from(String(value)).toString('base64')],
  );
  return {
    name: typeof name === 'string' ? name : '',
    type: typeof type === 'string' ? type : 'Opaque',
    data: { ...(isJsonObject(data) ? data : {}), ...Object.fromEntries(plainData) },
  };
}

function unusable(path: string, reason: string): Failure {
  return new Failure(
    `cannot use ${quote(path)} as --secrets: ${reason}; give a directory with Secrets as *.yaml or *.json`,
  );
}
