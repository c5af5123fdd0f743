import { isJsonObject, type JsonObject } from '../../diagnostics/json.ts';
import { goQuote } from '../../kubelet/go-quote.ts';
import { isDateTime } from './date-time.ts';
import {
  dotted,
  type FieldError,
  type FieldPath,
  invalid,
  notSupported,
  required,
  tooLong,
  tooMany,
  typeInvalid,
} from './field-error.ts';
import type { StructuralSchema } from './structural-schema.ts';

/** The nearest that a JavaScript number comes to the largest int64. */
const FIRST_BEYOND_INT64 = 2 ** 63;

/** A value's place: `path` is how errors name it, `name` how the sentences inside them do. */
interface Place {
  readonly path: FieldPath;
  /** Relative to what is validated: a status alone calls its conditions `conditions[0]`. */
  readonly name: FieldPath;
  readonly root: FieldPath;
}

/**
 * What a value breaks of its schema, in the order and words of the API server; `root` is where the value
 * stands in its object. Source of the rules: kube-openapi, validation/validate.
 */
export function schemaErrors(
  value: unknown,
  schema: StructuralSchema,
  root: FieldPath,
): readonly FieldError[] {
  return valueErrors(value, schema, { path: root, name: [], root });
}

function valueErrors(value: unknown, schema: StructuralSchema, place: Place): FieldError[] {
  return [
    ...typeErrors(value, schema, place),
    ...(typeof value === 'string' ? stringErrors(value, schema, place) : []),
    ...(typeof value === 'number' ? numberErrors(value, schema, place) : []),
    ...(Array.isArray(value) ? arrayErrors(value, schema, place) : []),
    ...enumErrors(value, schema, place),
    ...(isJsonObject(value) ? objectErrors(value, schema, place) : []),
  ];
}

function typeErrors(value: unknown, schema: StructuralSchema, place: Place): FieldError[] {
  const found = typeOf(value);
  if (schema.type === 'any' || found.type === schema.type || isFormattedText(found.type, schema))
    return [];
  const isPlain = schema.format === undefined || ['string', 'array', 'null'].includes(found.type);
  const [expected, got] = isPlain ? [schema.type, found.type] : [schema.format, found.format ?? ''];
  const detail = `${inBody(place)} must be of type ${expected}: "${got}"`;
  return [typeInvalid(place.path, got, detail)];
}

/** A text with a format is left to the format's check, and a list slips through. */
function isFormattedText(found: string, { type, format }: StructuralSchema): boolean {
  return type === 'string' && format !== undefined && (found === 'string' || found === 'array');
}

function typeOf(value: unknown): { readonly type: string; readonly format?: string } {
  if (value === null) return { type: 'null' };
  if (Array.isArray(value)) return { type: 'array' };
  if (typeof value !== 'number') return { type: typeof value };
  return isInt64(value)
    ? { type: 'integer', format: 'int64' }
    : { type: 'number', format: 'float64' };
}

/** What does not fit is a float to the API server. */
function isInt64(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) <= FIRST_BEYOND_INT64;
}

function stringErrors(value: string, schema: StructuralSchema, place: Place): FieldError[] {
  return [...lengthOrPatternError(value, schema, place), ...formatErrors(value, schema, place)];
}

/** The first of them ends the check of the text. */
function lengthOrPatternError(value: string, schema: StructuralSchema, place: Place): FieldError[] {
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern } = schema;
  const length = [...value].length;
  if (length > maxLength) return [tooLong(place.path, maxLength)];
  if (length < minLength) {
    return [
      invalid(place.path, value, `${inBody(place)} should be at least ${minLength} chars long`),
    ];
  }
  if (pattern === undefined || new RegExp(pattern, 'u').test(value)) return [];
  return [invalid(place.path, value, `${inBody(place)} should match '${pattern}'`)];
}

function formatErrors(value: string, { format }: StructuralSchema, place: Place): FieldError[] {
  if (format !== 'date-time' || isDateTime(value)) return [];
  return [
    typeInvalid(place.path, value, `${inBody(place)} must be of type ${format}: ${goQuote(value)}`),
  ];
}

function numberErrors(value: number, schema: StructuralSchema, place: Place): FieldError[] {
  const errors: FieldError[] = [];
  if (schema.type === 'integer' && !isInt64(value)) {
    const { type, format } = schema;
    const detail = `Checked value must be of type ${type} with format ${format} in ${dotted(place.name)}`;
    errors.push(invalid(place.root, '', detail));
  }
  if (schema.minimum !== undefined && value < schema.minimum) {
    const detail = `${inBody(place)} should be greater than or equal to ${schema.minimum}`;
    errors.push(invalid(place.path, value, detail));
  }
  return errors;
}

function arrayErrors(
  value: readonly unknown[],
  schema: StructuralSchema,
  place: Place,
): FieldError[] {
  const { items, minItems = 0, maxItems = Number.POSITIVE_INFINITY } = schema;
  const errors =
    items === undefined
      ? []
      : value.flatMap((item, index) => valueErrors(item, items, inside(place, index)));
  if (value.length < minItems) {
    const detail = `${inBody(place)} should have at least ${minItems} items`;
    errors.push(invalid(place.path, value.length, detail));
  }
  if (value.length > maxItems) errors.push(tooMany(place.path, value.length, maxItems));
  return errors;
}

function enumErrors(value: unknown, schema: StructuralSchema, place: Place): FieldError[] {
  const { enum: allowed } = schema;
  if (allowed === undefined || allowed.some((one) => one === value)) return [];
  return [notSupported(place.path, value, allowed)];
}

function objectErrors(value: JsonObject, schema: StructuralSchema, place: Place): FieldError[] {
  const {
    properties = {},
    additionalProperties,
    minProperties = 0,
    required: needed = [],
  } = schema;
  const size = Object.keys(value).length;
  const errors: FieldError[] = [];
  if (size < minProperties) {
    const detail = `${inBody(place)} should have at least ${minProperties} properties`;
    errors.push(invalid(place.path, size, detail));
  }
  for (const [name, property] of Object.entries(properties)) {
    if (!Object.hasOwn(value, name)) continue;
    errors.push(...valueErrors(value[name], property, inside(place, name)));
  }
  for (const name of Object.keys(value)) {
    if (additionalProperties === undefined || Object.hasOwn(properties, name)) continue;
    errors.push(...valueErrors(value[name], additionalProperties, inside(place, name)));
  }
  const missing = needed.filter((name) => !Object.hasOwn(value, name));
  return [...errors, ...missing.map((name) => required([...place.path, name]))];
}

function inside({ path, name, root }: Place, step: string | number): Place {
  return { path: [...path, step], name: [...name, step], root };
}

function inBody(place: Place): string {
  return `${dotted(place.name)} in body`;
}
