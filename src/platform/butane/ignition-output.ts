import { IGNITION_ROOT, type IgnitionRoot } from './config.ts';
import type { Shape } from './shapes.ts';
import { isStructValue, listOf } from './walk.ts';

/** JSON, its objects' keys in the order in which Go writes the fields. */
export type Json = string | number | boolean | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** A resolved config as an Ignition config of a version: camelCase names, and nothing that is empty. */
export function ignitionConfig(root: IgnitionRoot, version: string): JsonObject {
  const { ignition = {}, ...rest } = objectOf(IGNITION_ROOT, root);
  const header = typeof ignition === 'object' ? ignition : {};
  return { ignition: { ...header, version }, ...rest };
}

function objectOf(shape: Shape, value: unknown): JsonObject {
  if (shape.kind !== 'struct' || !isStructValue(value)) return {};
  const fields = Object.entries(shape.fields).flatMap(([name, field]): [string, Json][] => {
    const json = jsonOf(field, value[name]);
    return json === undefined ? [] : [[camelCase(name), json]];
  });
  return Object.fromEntries(fields);
}

function jsonOf(shape: Shape, value: unknown): Json | undefined {
  switch (shape.kind) {
    case 'optional':
      return jsonOf(shape.of, value);
    case 'struct':
      return isFilled(shape, value) ? objectOf(shape, value) : undefined;
    case 'list': {
      const items = listOf(value).map((item) => itemOf(shape.of, item));
      return items.length === 0 ? undefined : items;
    }
    case 'text':
    case 'integer':
    case 'boolean':
      return isPrimitive(value) ? value : undefined;
    default:
      return undefined;
  }
}

/** List items are written even where they are empty. */
function itemOf(shape: Shape, value: unknown): Json {
  return shape.kind === 'struct' ? objectOf(shape, value) : (jsonOf(shape, value) ?? '');
}

/** Whether a struct holds anything at all; a string that is always written does not count where empty. */
function isFilled(shape: Shape, value: unknown): boolean {
  switch (shape.kind) {
    case 'struct':
      return (
        isStructValue(value) &&
        Object.entries(shape.fields).some(([name, field]) => isFilled(field, value[name]))
      );
    case 'list':
      return listOf(value).length > 0;
    case 'text':
      return value !== '';
    default:
      return value !== undefined;
  }
}

function isPrimitive(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function camelCase(name: string): string {
  return name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}
