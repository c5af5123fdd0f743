import { CONFIG_VERSIONS, configStruct } from './config-struct.ts';
import {
  CONFIG_GROUP,
  CONFIG_KIND,
  type CredentialProvider,
  type TokenAttributes,
} from './credential-provider-config.ts';
import {
  asJson,
  childOf,
  type DocumentError,
  type DocumentNode,
  fieldOf,
  isDocumentError,
  itemsOf,
  textOf,
  textsOf,
} from './document-tree.ts';
import { parseDuration } from './duration.ts';
import { goQuote } from './go-quote.ts';
import {
  type DecodingProblem,
  type DecodingProblems,
  decodingProblems,
  type RepeatedField,
  repeatedFields,
} from './go-struct.ts';
import { isOtherKnownKind } from './known-kinds.ts';
import { readJson } from './read-json.ts';
import { readYaml, type YamlDocument } from './read-yaml.ts';
import { typeMetaOf, typeMetaParseError } from './type-meta.ts';
import { strictYamlErrors, yamlRepetitions } from './yaml-repetitions.ts';

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
  const isJson = START_OF_JSON.test(text);
  const document = isJson ? jsonDocument(text) : readYaml(text);
  if (isDocumentError(document)) return refusal(document);
  const { root } = document;
  const decoded = isJson ? root : asJson(root);
  const version = configVersion(decoded);
  if (typeof version === 'object') return refusal(version);
  return (
    strictRefusal(
      root,
      decodingProblems(decoded, configStruct(version)),
      isJson ? undefined : text,
    ) ?? {
      document,
      providers: itemsOf(root, 'providers').map(providerOf),
    }
  );
}

// Go's white space: the byte-order mark is none.
const START_OF_JSON = /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*\{/;

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
  if (/(?:^|\/)$/.test(apiVersion)) return { message: "Object 'apiVersion' is missing", offset };
  const version = CONFIG_VERSIONS.find((one) => apiVersion === `${CONFIG_GROUP}/${one}`);
  if (version !== undefined && kind === CONFIG_KIND) return version;
  if (isOtherKnownKind(apiVersion, kind)) return wrongKind(root, kind);
  const culprit = version === undefined ? 'apiVersion' : 'kind';
  return {
    message: `no kind ${goQuote(kind)} is registered for version ${goQuote(apiVersion.replace(/^\//, ''))}`,
    offset: fieldOf(root, culprit)?.offset ?? offset,
  };
}

/** A known kind is decoded first, which refuses the field that it does not know. */
function wrongKind(root: DocumentNode, kind: string): DecodingProblem {
  const { offset } = fieldOf(root, 'kind') ?? root;
  if (childOf(root, 'providers') === undefined) {
    return { message: `failed to decode ${goQuote(kind)} (wrong Kind)`, offset };
  }
  return { message: 'strict decoding error: unknown field "providers"', offset };
}

/** Wrong values end the decoding; repeated and unknown fields are told together. */
function strictRefusal(
  root: DocumentNode,
  { wrongValues, strictErrors }: DecodingProblems,
  yamlText: string | undefined,
): DecodingRefusal | undefined {
  const repeated = yamlText === undefined ? [] : repeatedFields(root).map(repetition);
  const problems = [...wrongValues, ...repeated, ...strictErrors].sort(byOffset);
  if (problems.length === 0) return undefined;
  const strict = strictErrors.map(({ message }) => message);
  if (yamlText !== undefined) strict.unshift(...strictYamlErrors(yamlRepetitions(root, yamlText)));
  const error = wrongValues[0]?.message ?? `strict decoding error: ${strict.join(', ')}`;
  return { error, problems };
}

function repetition({ path, nameOffset }: RepeatedField): DecodingProblem {
  return { message: `duplicate field "${path}"`, offset: nameOffset };
}

function byOffset(one: DecodingProblem, other: DecodingProblem): number {
  return one.offset - other.offset;
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
