import { positionAt } from '../diagnostics/position.ts';
import { CONFIG_VERSIONS, configStruct } from './config-struct.ts';
import {
  CONFIG_GROUP,
  CONFIG_KIND,
  type CredentialProvider,
  type TokenAttributes,
} from './credential-provider-config.ts';
import {
  type DocumentError,
  type DocumentNode,
  fieldOf,
  isDocumentError,
  itemsOf,
  textOf,
  textsOf,
  withoutRepetitions,
} from './document-tree.ts';
import { parseDuration } from './duration.ts';
import { goQuote } from './go-quote.ts';
import { type DecodingProblem, decodingProblems, repeatedFields } from './go-struct.ts';
import { readJson } from './read-json.ts';
import { readYaml, type YamlDocument } from './read-yaml.ts';
import { typeMetaOf, typeMetaParseError } from './type-meta.ts';

/** One file's providers, with the document they were read from. */
export interface DecodedConfig {
  readonly document: YamlDocument;
  readonly providers: readonly CredentialProvider[];
}

/** Why the kubelet refuses a file: its own words, and each problem with its place. */
export interface DecodingRefusal {
  readonly error: string;
  readonly problems: readonly DecodingProblem[];
}

/**
 * Decodes one CredentialProviderConfig file as the kubelet does, strictly: what begins with `{` must be
 * JSON, the rest YAML; unknown and repeated fields are refused.
 */
export function decodeConfig(text: string): DecodedConfig | DecodingRefusal {
  const isJson = /^\s*\{/.test(text);
  const document = isJson ? jsonDocument(text) : readYaml(text);
  if (isDocumentError(document)) return refusal(document);
  const { root } = document;
  const version = configVersion(root);
  if (typeof version === 'object') return refusal(version);
  return (
    strictRefusal(root, version, isJson ? undefined : text) ?? {
      document,
      providers: itemsOf(root, 'providers').map(providerOf),
    }
  );
}

function jsonDocument(text: string): YamlDocument | DocumentError {
  const root = readJson(text);
  if (!isDocumentError(root)) return { root };
  return { ...root, message: typeMetaParseError(root.message) };
}

function refusal(problem: DecodingProblem): DecodingRefusal {
  return { error: problem.message, problems: [problem] };
}

function configVersion(root: DocumentNode): string | DecodingProblem {
  const meta = typeMetaOf(root);
  const { offset } = root;
  if ('error' in meta) return { message: meta.error, offset };
  const { apiVersion, kind } = meta;
  // Go's message goes on with the whole file, which may hold secrets in `env`.
  if (kind === '') return { message: "Object 'Kind' is missing", offset };
  if (apiVersion === '') return { message: "Object 'apiVersion' is missing", offset };
  const version = CONFIG_VERSIONS.find((one) => apiVersion === `${CONFIG_GROUP}/${one}`);
  if (version !== undefined && kind === CONFIG_KIND) return version;
  const culprit = version === undefined ? 'apiVersion' : 'kind';
  return {
    message: `no kind ${goQuote(kind)} is registered for version ${goQuote(apiVersion)}`,
    offset: fieldOf(root, culprit)?.offset ?? offset,
  };
}

/** Wrong values end the decoding; repeated and unknown fields are told together. */
function strictRefusal(
  root: DocumentNode,
  version: string,
  yamlText: string | undefined,
): DecodingRefusal | undefined {
  // Of a field repeated in YAML, only the last is decoded; JSON is decoded as it stands.
  const decoded = yamlText === undefined ? root : withoutRepetitions(root);
  const { wrongValues, unknownFields } = decodingProblems(decoded, configStruct(version));
  const repeated = repeatedFields(root).map(({ path, nameOffset }) => ({
    message: `duplicate field "${path}"`,
    offset: nameOffset,
  }));
  const problems = [...wrongValues, ...repeated, ...unknownFields].sort(byOffset);
  if (problems.length === 0) return undefined;
  const strict =
    yamlText === undefined
      ? [...repeated, ...unknownFields].sort(byOffset).map(({ message }) => message)
      : [...yamlRepetitions(root, yamlText), ...unknownFields.map(({ message }) => message)];
  const error = wrongValues[0]?.message ?? `strict decoding error: ${strict.join(', ')}`;
  return { error, problems };
}

function byOffset(one: DecodingProblem, other: DecodingProblem): number {
  return one.offset - other.offset;
}

/** The YAML library tells all repetitions in one message, with the line of the value. */
function yamlRepetitions(root: DocumentNode, text: string): readonly string[] {
  const lines = repeatedFields(root).map(({ name, value }) => {
    const { line } = positionAt(text, value.offset);
    return `\n  line ${line}: key ${goQuote(name)} already set in map`;
  });
  return lines.length === 0 ? [] : [`yaml: unmarshal errors:${lines.join('')}`];
}

function providerOf(node: DocumentNode): CredentialProvider {
  const duration = parseDuration(textOf(node, 'defaultCacheDuration'));
  const attributes = fieldOf(node, 'tokenAttributes');
  return {
    name: textOf(node, 'name'),
    matchImages: textsOf(node, 'matchImages'),
    ...(typeof duration === 'bigint' ? { defaultCacheDuration: duration } : {}),
    apiVersion: textOf(node, 'apiVersion'),
    args: textsOf(node, 'args'),
    env: itemsOf(node, 'env').map((variable) => ({
      name: textOf(variable, 'name'),
      value: textOf(variable, 'value'),
    })),
    ...(attributes === undefined ? {} : { tokenAttributes: tokenAttributesOf(attributes) }),
  };
}

function tokenAttributesOf(node: DocumentNode): TokenAttributes {
  const required = fieldOf(node, 'requireServiceAccount');
  return {
    serviceAccountTokenAudience: textOf(node, 'serviceAccountTokenAudience'),
    cacheType: textOf(node, 'cacheType'),
    ...(required === undefined
      ? {}
      : { requireServiceAccount: required.type === 'boolean' && required.value === true }),
    requiredServiceAccountAnnotationKeys: textsOf(node, 'requiredServiceAccountAnnotationKeys'),
    optionalServiceAccountAnnotationKeys: textsOf(node, 'optionalServiceAccountAnnotationKeys'),
  };
}
