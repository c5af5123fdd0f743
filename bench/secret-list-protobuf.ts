import type { BenchSecret, ManagedFields } from './secrets.ts';

const MAGIC = Uint8Array.of(0x6b, 0x38, 0x73, 0x00);
const LENGTH_DELIMITED = 2;

/** A list's own metadata. */
export interface ListMetadata {
  readonly resourceVersion: string;
  readonly continue?: string;
}

/**
 * A SecretList in the API server's binary form, which Go's client asks for: the field numbers are those of
 * k8s.io/api/core/v1/generated.proto and apimachinery's, inside a runtime.Unknown after the magic `k8s\0`.
 */
export function secretListProtobuf(
  secrets: readonly BenchSecret[],
  metadata: ListMetadata,
): Uint8Array {
  const typeMeta = message([text(1, 'v1'), text(2, 'SecretList')]);
  const list = message([
    field(1, message([text(2, metadata.resourceVersion), text(3, metadata.continue ?? '')])),
    ...secrets.map((secret) => field(2, secretMessage(secret))),
  ]);
  return message([MAGIC, field(1, typeMeta), field(2, list)]);
}

function secretMessage({ metadata, data, type }: BenchSecret): Uint8Array {
  const objectMeta = message([
    text(1, metadata.name),
    text(3, metadata.namespace),
    text(5, metadata.uid),
    text(6, metadata.resourceVersion),
    field(8, timeMessage(metadata.creationTimestamp)),
    ...metadata.managedFields.map((one) => field(17, managedFieldsMessage(one))),
  ]);
  const entries = Object.entries(data).map(([key, value]) =>
    field(2, message([text(1, key), field(2, Buffer.from(value, 'base64'))])),
  );
  return message([field(1, objectMeta), ...entries, text(3, type)]);
}

function managedFieldsMessage(fields: ManagedFields): Uint8Array {
  return message([
    text(1, fields.manager),
    text(2, fields.operation),
    text(3, fields.apiVersion),
    field(4, timeMessage(fields.time)),
    text(6, fields.fieldsType),
    field(7, text(1, JSON.stringify(fields.fieldsV1))),
  ]);
}

function timeMessage(time: string): Uint8Array {
  return message([Uint8Array.of(1 << 3), varint(Date.parse(time) / 1000)]);
}

function text(number: number, value: string): Uint8Array {
  return field(number, Buffer.from(value));
}

function field(number: number, content: Uint8Array): Uint8Array {
  return message([varint((number << 3) | LENGTH_DELIMITED), varint(content.length), content]);
}

function message(parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Uint8Array.of(...bytes, rest);
}
