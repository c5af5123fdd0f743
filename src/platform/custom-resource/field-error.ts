import { goFloat } from '../../kubelet/go-float.ts';
import { goQuote } from '../../kubelet/go-quote.ts';

/** Steps from an object's root to the value that an error is about; none for the object itself. */
export type FieldPath = readonly (string | number)[];

/** Why the API server refuses a value: what becomes a cause of its `Status`. */
export interface FieldError {
  readonly reason: ErrorReason;
  readonly path: FieldPath;
  /** Without the field's name before it. */
  readonly message: string;
}

export type ErrorReason =
  | 'FieldValueInvalid'
  | 'FieldValueTypeInvalid'
  | 'FieldValueRequired'
  | 'FieldValueNotSupported'
  | 'FieldValueDuplicate'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany';

/** The path as the API server prints it, such as `spec.matchImages[0]`; the root is `<nil>`. */
export function fieldName(path: FieldPath): string {
  return path.length === 0 ? '<nil>' : dotted(path);
}

/** The same where the root has no name at all. */
export function dotted(path: FieldPath): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');
}

// The wordings of apimachinery, validation/field.

export function required(path: FieldPath, detail = ''): FieldError {
  return fieldError('FieldValueRequired', path, 'Required value', detail);
}

export function forbidden(path: FieldPath, detail: string): FieldError {
  return fieldError('FieldValueForbidden', path, 'Forbidden', detail);
}

export function invalid(path: FieldPath, value: unknown, detail: string): FieldError {
  return fieldError('FieldValueInvalid', path, `Invalid value: ${shown(value)}`, detail);
}

/** Without the value, as for a whole object. */
export function invalidObject(path: FieldPath, detail: string): FieldError {
  return fieldError('FieldValueInvalid', path, 'Invalid value', detail);
}

export function typeInvalid(path: FieldPath, value: unknown, detail: string): FieldError {
  return fieldError('FieldValueTypeInvalid', path, `Invalid value: ${shown(value)}`, detail);
}

export function duplicate(path: FieldPath, value: unknown): FieldError {
  return fieldError('FieldValueDuplicate', path, `Duplicate value: ${shown(value)}`, '');
}

export function notSupported(
  path: FieldPath,
  value: unknown,
  supported: readonly string[],
): FieldError {
  const detail = `supported values: ${supported.map((one) => goQuote(one)).join(', ')}`;
  return fieldError('FieldValueNotSupported', path, `Unsupported value: ${shown(value)}`, detail);
}

export function tooLong(path: FieldPath, most: number): FieldError {
  return fieldError('FieldValueTooLong', path, 'Too long', `may not be more than ${most} bytes`);
}

export function tooMany(path: FieldPath, count: number, most: number): FieldError {
  const detail = `must have at most ${most} items`;
  return fieldError('FieldValueTooMany', path, `Too many: ${count}`, detail);
}

function fieldError(
  reason: ErrorReason,
  path: FieldPath,
  what: string,
  detail: string,
): FieldError {
  return { reason, path, message: detail === '' ? what : `${what}: ${detail}` };
}

function shown(value: unknown): string {
  if (typeof value === 'string') return goQuote(value);
  const isLarge = typeof value === 'number' && Math.abs(value) > 2 ** 63;
  return isLarge ? goFloat(value) : JSON.stringify(value);
}
