import { isJsonObject, type JsonObject } from '../../diagnostics/json.ts';
import { compareBytes } from '../../kubelet/byte-order.ts';
import { goQuote } from '../../kubelet/go-quote.ts';
import { qualifiedNameErrors, subdomainErrors } from '../../kubelet/qualified-name.ts';
import {
  type FieldError,
  type FieldPath,
  forbidden,
  invalid,
  required,
  tooLong,
} from './field-error.ts';
import { ownerErrors } from './owner-errors.ts';

const LABEL_VALUE = '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?';
const LABEL_VALUE_RULE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must " +
  "start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', " +
  `regex used for validation is '${LABEL_VALUE}')`;
const LONGEST_LABEL_VALUE = 63;
const MOST_ANNOTATION_BYTES = 256 * 1024;

/** What is wrong with an object's name, a sentence each. */
export type NameErrors = (name: string) => readonly string[];

/**
 * What is wrong with the metadata of a new object. Source of the rules: apimachinery, ValidateObjectMeta;
 * most kinds' names are DNS subdomains.
 */
export function metadataErrors(
  metadata: JsonObject,
  errorsOfName: NameErrors = subdomainErrors,
): readonly FieldError[] {
  return [
    ...generateNameErrors(metadata['generateName']),
    ...nameErrors(metadata['name'], errorsOfName),
    ...changeableMetadataErrors(metadata),
  ];
}

/** The same for what an update may change; the name is the stored one's. */
export function changeableMetadataErrors(metadata: JsonObject): readonly FieldError[] {
  return [...commonErrors(metadata), ...finalizerErrors(metadata['finalizers'])];
}

/**
 * What is wrong with the metadata of a replaced object, whose name is the stored one's. The API server
 * looks more than once, and says so each time. Source of the rules: apiserver, rest.BeforeUpdate.
 */
export function replacedMetadataErrors(
  metadata: JsonObject,
  stored: JsonObject,
): readonly FieldError[] {
  return [
    ...segmentErrors(metadata['generateName']),
    ...changeableMetadataErrors(metadata),
    ...metadataUpdateErrors(metadata, stored),
  ];
}

/** The last of these looks. Source of the rules: apimachinery, ValidateObjectMetaUpdate. */
export function metadataUpdateErrors(
  metadata: JsonObject,
  stored: JsonObject,
): readonly FieldError[] {
  const isGoing = stored['deletionTimestamp'] !== undefined;
  const changed = IMMUTABLE.filter((name) => metadata[name] !== stored[name]);
  return [
    ...(isGoing ? newFinalizerErrors(metadata['finalizers'], stored['finalizers']) : []),
    ...changed.map((name) =>
      invalid(['metadata', name], metadata[name] ?? null, 'field is immutable'),
    ),
    ...commonErrors(metadata),
  ];
}

const IMMUTABLE = ['uid', 'deletionTimestamp', 'deletionGracePeriodSeconds'];

function commonErrors(metadata: JsonObject): readonly FieldError[] {
  return [
    ...labelErrors(metadata['labels']),
    ...annotationErrors(metadata['annotations']),
    ...ownerErrors(metadata['ownerReferences']),
  ];
}

function nameErrors(name: unknown, errorsOfName: NameErrors): readonly FieldError[] {
  const path = ['metadata', 'name'];
  if (typeof name !== 'string' || name === '') {
    return [required(path, 'name or generateName is required')];
  }
  return errorsOfName(name).map((rule) => invalid(path, name, rule));
}

/** It may end in a hyphen, to which more is appended. */
function generateNameErrors(name: unknown): readonly FieldError[] {
  if (typeof name !== 'string') return [];
  const rules = subdomainErrors(name.replace(/^(.*).-$/s, '$1a'));
  return rules.map((rule) => invalid(['metadata', 'generateName'], name, rule));
}

/** Once stored, it must only fit into a path. */
function segmentErrors(name: unknown): readonly FieldError[] {
  if (typeof name !== 'string') return [];
  const rules = ['/', '%']
    .filter((part) => name.includes(part))
    .map((part) => `may not contain '${part}'`);
  return rules.map((rule) => invalid(['metadata', 'generateName'], name, rule));
}

function labelErrors(labels: unknown): readonly FieldError[] {
  const path = ['metadata', 'labels'];
  return textsOf(labels).flatMap(([key, value]) => [
    ...qualifiedNameErrors(key).map((rule) => invalid(path, key, rule)),
    ...labelValueErrors(path, value),
  ]);
}

function labelValueErrors(path: FieldPath, value: string): readonly FieldError[] {
  const rules = [
    ...(value.length > LONGEST_LABEL_VALUE
      ? [`must be no more than ${LONGEST_LABEL_VALUE} bytes`]
      : []),
    ...(new RegExp(`^${LABEL_VALUE}$`).test(value) ? [] : [LABEL_VALUE_RULE]),
  ];
  return rules.map((rule) => invalid(path, value, rule));
}

function annotationErrors(annotations: unknown): readonly FieldError[] {
  const path = ['metadata', 'annotations'];
  const entries = textsOf(annotations);
  const size = entries.reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
    0,
  );
  return [
    ...entries.flatMap(([key]) =>
      qualifiedNameErrors(key.toLowerCase()).map((rule) => invalid(path, key, rule)),
    ),
    ...(size > MOST_ANNOTATION_BYTES ? [tooLong(path, MOST_ANNOTATION_BYTES)] : []),
  ];
}

/** The API server's own finalizers, of which only one can be. */
const BUILT_IN_FINALIZERS: readonly string[] = ['orphan', 'foregroundDeletion'];

function finalizerErrors(finalizers: unknown): readonly FieldError[] {
  const path = ['metadata', 'finalizers'];
  const names = listOfTexts(finalizers);
  const both = BUILT_IN_FINALIZERS.every((name) => names.includes(name));
  const detail = `finalizer ${BUILT_IN_FINALIZERS.join(' and ')} cannot be both set`;
  return [
    ...names.flatMap((name) => qualifiedNameErrors(name).map((rule) => invalid(path, name, rule))),
    ...(both ? [invalid(path, names, detail)] : []),
  ];
}

function newFinalizerErrors(finalizers: unknown, stored: unknown): readonly FieldError[] {
  const names = new Set(listOfTexts(finalizers)).difference(new Set(listOfTexts(stored)));
  if (names.size === 0) return [];
  const list = [...names].sort(compareBytes).map((name) => goQuote(name));
  const detail =
    'no new finalizers can be added if the object is being deleted, found new finalizers ' +
    `[]string{${list.join(', ')}}`;
  return [forbidden(['metadata', 'finalizers'], detail)];
}

/** What a client should be warned of: finalizers that others may name the same. */
export function finalizerWarnings(metadata: JsonObject, stored: JsonObject): readonly string[] {
  const known = [...BUILT_IN_FINALIZERS, 'kubernetes', ...listOfTexts(stored['finalizers'])];
  return [...new Set(listOfTexts(metadata['finalizers']))]
    .filter((name) => !name.includes('/') && !known.includes(name))
    .sort(compareBytes)
    .map(
      (name) =>
        `metadata.finalizers: ${goQuote(name)}: prefer a domain-qualified finalizer name ` +
        `${name.includes('.') ? 'including a path (/) ' : ''}to avoid accidental conflicts with ` +
        'other finalizer writers',
    );
}

function listOfTexts(list: unknown): readonly string[] {
  const items: readonly unknown[] = Array.isArray(list) ? list : [];
  return items.filter((item) => typeof item === 'string');
}

function textsOf(map: unknown): readonly [key: string, value: string][] {
  if (!isJsonObject(map)) return [];
  return Object.entries(map).map(([key, value]) => [key, String(value)]);
}
