import { isJsonObject, type JsonObject } from '../../diagnostics/json.ts';
import { qualifiedNameErrors, subdomainErrors } from '../../kubelet/qualified-name.ts';
import { type FieldError, type FieldPath, invalid, required, tooLong } from './field-error.ts';

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
 * What is wrong with the name, labels, annotations and finalizers of an object. Source of the rules:
 * apimachinery, ValidateObjectMeta; most kinds' names are DNS subdomains.
 */
export function metadataErrors(
  metadata: JsonObject,
  errorsOfName: NameErrors = subdomainErrors,
): readonly FieldError[] {
  return [...nameErrors(metadata['name'], errorsOfName), ...changeableMetadataErrors(metadata)];
}

/** The same for an update, where the name is the stored one's. */
export function changeableMetadataErrors(metadata: JsonObject): readonly FieldError[] {
  return [
    ...labelErrors(metadata['labels']),
    ...annotationErrors(metadata['annotations']),
    ...finalizerErrors(metadata['finalizers']),
  ];
}

function nameErrors(name: unknown, errorsOfName: NameErrors): readonly FieldError[] {
  const path = ['metadata', 'name'];
  if (typeof name !== 'string' || name === '') {
    return [required(path, 'name or generateName is required')];
  }
  return errorsOfName(name).map((rule) => invalid(path, name, rule));
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

function finalizerErrors(finalizers: unknown): readonly FieldError[] {
  const names: readonly unknown[] = Array.isArray(finalizers) ? finalizers : [];
  return names
    .filter((name) => typeof name === 'string')
    .flatMap((name) =>
      qualifiedNameErrors(name).map((rule) => invalid(['metadata', 'finalizers'], name, rule)),
    );
}

function textsOf(map: unknown): readonly [key: string, value: string][] {
  if (!isJsonObject(map)) return [];
  return Object.entries(map).map(([key, value]) => [key, String(value)]);
}
