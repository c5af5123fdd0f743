import type { JsonObject } from '../../diagnostics/json.ts';
import { isDocumentError } from '../../kubelet/document-tree.ts';
import { readJson } from '../../kubelet/read-json.ts';
import { type FieldError, invalid, required } from '../../platform/custom-resource/field-error.ts';
import type { BuiltInKind } from './built-in-kind.ts';
import { FLAG, mapOf, objectAt, struct, TEXT } from './schema-parts.ts';

/** Which key a type asks for, and that its content is JSON. */
const JSON_KEYS: ReadonlyMap<unknown, string> = new Map([
  ['kubernetes.io/dockerconfigjson', '.dockerconfigjson'],
  ['kubernetes.io/dockercfg', '.dockercfg'],
]);

const KEY = '[-._a-zA-Z0-9]+';
const KEY_RULE =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' " +
  "(e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', " +
  `regex used for validation is '${KEY}')`;

/** Source of the rules: kubernetes, pkg/apis/core/validation, ValidateSecret. */
export const SECRET: BuiltInKind = {
  schema: struct('v1.Secret', {
    data: mapOf({ type: 'string', format: 'byte' }),
    stringData: mapOf(TEXT),
    type: TEXT,
    immutable: FLAG,
  }),
  errors: (secret) => {
    const data = dataOf(secret);
    return [...keyErrors(data), ...jsonErrors(secret, data)];
  },
};

/** `stringData` wins over `data`. */
function dataOf(secret: JsonObject): ReadonlyMap<string, string> {
  const decoded = Object.entries(objectAt(secret, 'data')).map(([key, value]): [string, string] => [
    key,
    Buffer.from(String(value), 'base64').toString(),
  ]);
  const texts = Object.entries(objectAt(secret, 'stringData'));
  return new Map([
    ...decoded,
    ...texts.map(([key, value]): [string, string] => [key, String(value)]),
  ]);
}

function keyErrors(data: ReadonlyMap<string, string>): readonly FieldError[] {
  return [...data.keys()]
    .filter((key) => !new RegExp(`^${KEY}$`).test(key))
    .map((key) => invalid([`data[${key}]`], key, KEY_RULE));
}

function jsonErrors(secret: JsonObject, data: ReadonlyMap<string, string>): readonly FieldError[] {
  const key = JSON_KEYS.get(secret['type']);
  if (key === undefined) return [];
  const path = [`data[${key}]`];
  const content = data.get(key);
  if (content === undefined) return [required(path)];
  const document = readJson(content);
  return isDocumentError(document)
    ? [invalid(path, '<secret contents redacted>', document.message)]
    : [];
}
