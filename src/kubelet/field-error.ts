import type { DocumentPath } from './document-tree.ts';
import { goQuote } from './go-quote.ts';

/** A rule that a provider's entry breaks: the place in the entry, and the kubelet's sentence. */
export interface FieldError {
  readonly path: DocumentPath;
  readonly message: string;
}

/** The wordings of Kubernetes' field errors (apimachinery, validation/field). */
export function required(path: DocumentPath, detail = ''): FieldError {
  return fieldError(path, 'Required value', detail);
}

export function forbidden(path: DocumentPath, detail: string): FieldError {
  return fieldError(path, 'Forbidden', detail);
}

/** `shown` is the value as JSON prints it. */
export function invalid(path: DocumentPath, shown: string, detail: string): FieldError {
  return fieldError(path, `Invalid value: ${shown}`, detail);
}

export function duplicate(path: DocumentPath, value: string): FieldError {
  return fieldError(path, `Duplicate value: ${goQuote(value)}`, '');
}

export function unsupported(
  path: DocumentPath,
  value: string,
  supported: readonly string[],
): FieldError {
  const allowed = supported.map((one) => goQuote(one)).join(', ');
  return fieldError(path, `Unsupported value: ${goQuote(value)}`, `supported values: ${allowed}`);
}

/** The kubelet names fields only, so that every provider's path reads the same. */
function fieldError(path: DocumentPath, what: string, detail: string): FieldError {
  const fields = ['providers', ...path.filter((step) => typeof step === 'string')].join('.');
  return { path, message: `${fields}: ${what}${detail === '' ? '' : `: ${detail}`}` };
}
