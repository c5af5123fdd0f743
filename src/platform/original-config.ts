import {
  asJson,
  type DocumentNode,
  fieldOf,
  isDocumentError,
  itemsOf,
  textOf,
  textsOf,
} from '../kubelet/document-tree.ts';
import { formatDuration, parseDuration } from '../kubelet/duration.ts';
import {
  decodingProblems,
  GO_BOOLEAN,
  GO_DURATION,
  GO_STRING,
  GO_STRINGS,
  type GoStruct,
  type GoType,
  goStruct,
} from '../kubelet/go-struct.ts';
import { readYaml } from '../kubelet/read-yaml.ts';
import type { YamlValue } from './go-yaml.ts';

/** A kubelet's credential provider file as the machine-config-operator carries it over. */
export interface OriginalConfig {
  readonly apiVersion: string;
  readonly kind: string;
  readonly providers: readonly OriginalProvider[];
}

/** A provider with the fields that the operator knows; others are lost. */
export interface OriginalProvider {
  readonly [field: string]: YamlValue | undefined;
  readonly name: string;
  readonly matchImages: readonly string[] | null;
}

/**
 * Reads the file that a platform has already, as the machine-config-operator does, which is not strict:
 * names in any case, numbers where text belongs, unknown fields. Returns its error where it cannot.
 * Source of the rule: pkg/controller/container-runtime-config, credProviderConfigObject.
 */
export function readOriginalConfig(text: string): OriginalConfig | { readonly error: string } {
  const document = readYaml(text);
  if (isDocumentError(document))
    return failed(`error converting YAML to JSON: ${inItsWords(document.message)}`);
  const root = lenient(asJson(document.root), CONFIG);
  const [wrong] = decodingProblems(root, CONFIG).wrongValues;
  if (wrong !== undefined) {
    return failed(`error unmarshaling JSON: while decoding JSON: ${wrong.message}`);
  }
  return {
    apiVersion: textOr(root, 'apiVersion', 'kubelet.config.k8s.io/v1'),
    kind: textOr(root, 'kind', 'CredentialProviderConfig'),
    providers: itemsOf(root, 'providers').map(providerOf),
  };
}

/** The operator's own YAML library begins one sentence in a different way. */
function inItsWords(message: string): string {
  return message.replace(/^unsupported/, 'Unsupported');
}

function failed(reason: string): { readonly error: string } {
  return { error: `error unmarshalling credential provider config: ${reason}` };
}

const TOKEN_ATTRIBUTES = goStruct('containerruntimeconfig.serviceAccountTokenAttributesVersioned', {
  serviceAccountTokenAudience: GO_STRING,
  cacheType: GO_STRING,
  requireServiceAccount: GO_BOOLEAN,
  requiredServiceAccountAnnotationKeys: GO_STRINGS,
  optionalServiceAccountAnnotationKeys: GO_STRINGS,
});

const PROVIDER = goStruct('containerruntimeconfig.credentialProviderWithTag', {
  name: GO_STRING,
  matchImages: GO_STRINGS,
  defaultCacheDuration: GO_DURATION,
  apiVersion: GO_STRING,
  args: GO_STRINGS,
  env: listOf(goStruct('config.ExecEnvVar', { Name: GO_STRING, Value: GO_STRING })),
  tokenAttributes: TOKEN_ATTRIBUTES,
});

const CONFIG = goStruct('containerruntimeconfig.credentialProviderConfigWithVersion', {
  apiVersion: GO_STRING,
  kind: GO_STRING,
  providers: { is: 'list', goName: `[]*${PROVIDER.goName}`, of: PROVIDER },
});

function listOf(type: GoStruct): GoType {
  return { is: 'list', goName: `[]${type.goName}`, of: type };
}

/** The document as encoding/json sees it: fields by their proper names, numbers and booleans as text where text is asked for. */
function lenient(node: DocumentNode, type: GoType): DocumentNode {
  if (node.type === 'array' && type.is === 'list') {
    return { ...node, items: node.items.map((item) => lenient(item, type.of)) };
  }
  if (node.type === 'object' && type.is === 'struct') {
    const fields = node.fields.flatMap((field) => {
      const known = knownField(field.name, type);
      if (known === undefined) return [];
      return [{ ...field, name: known.name, value: lenient(field.value, known.type) }];
    });
    return { ...node, fields };
  }
  const isWord = node.type === 'boolean' || node.type === 'number';
  return isWord && type.is === 'string'
    ? { type: 'string', value: String(node.value), offset: node.offset }
    : node;
}

function knownField(
  written: string,
  { fields }: GoStruct,
): { readonly name: string; readonly type: GoType } | undefined {
  const exact = fields.get(written);
  if (exact !== undefined) return { name: written, type: exact };
  for (const [name, type] of fields) {
    if (name.toLowerCase() === written.toLowerCase()) return { name, type };
  }
  return undefined;
}

function textOr(node: DocumentNode, name: string, preset: string): string {
  return fieldOf(node, name) === undefined ? preset : textOf(node, name);
}

function providerOf(node: DocumentNode): OriginalProvider {
  const duration = parseDuration(textOf(node, 'defaultCacheDuration'));
  const attributes = fieldOf(node, 'tokenAttributes');
  return {
    name: textOf(node, 'name'),
    matchImages: fieldOf(node, 'matchImages') === undefined ? null : textsOf(node, 'matchImages'),
    defaultCacheDuration: typeof duration === 'bigint' ? formatDuration(duration) : undefined,
    apiVersion: textOf(node, 'apiVersion'),
    args: unlessEmpty(textsOf(node, 'args')),
    // Go's field names, because the operator's type has no others; the kubelet then refuses the file.
    env: unlessEmpty(
      itemsOf(node, 'env').map((variable) => ({
        Name: textOf(variable, 'Name'),
        Value: textOf(variable, 'Value'),
      })),
    ),
    tokenAttributes: attributes === undefined ? undefined : tokenAttributesOf(attributes),
  };
}

function tokenAttributesOf(node: DocumentNode): YamlValue {
  const required = fieldOf(node, 'requireServiceAccount');
  return {
    serviceAccountTokenAudience: textOf(node, 'serviceAccountTokenAudience'),
    cacheType: textOf(node, 'cacheType'),
    requireServiceAccount:
      required === undefined ? null : required.type === 'boolean' && required.value === true,
    requiredServiceAccountAnnotationKeys: unlessEmpty(
      textsOf(node, 'requiredServiceAccountAnnotationKeys'),
    ),
    optionalServiceAccountAnnotationKeys: unlessEmpty(
      textsOf(node, 'optionalServiceAccountAnnotationKeys'),
    ),
  };
}

function unlessEmpty<Item>(items: readonly Item[]): readonly Item[] | undefined {
  return items.length === 0 ? undefined : items;
}
