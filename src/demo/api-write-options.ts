import {
  type FieldError,
  forbidden,
  invalid,
  notSupported,
  required,
  tooLong,
} from '../platform/custom-resource/field-error.ts';
import { invalidObject } from './api-status.ts';

/** What a writing request's query says, besides the object. */
export interface WriteOptions {
  /** What becomes of unknown and repeated fields. */
  readonly fieldValidation: FieldValidation;
  readonly dryRun: boolean;
  readonly fieldManager: string;
  /** Server-side apply: take fields from their owners. */
  readonly force: boolean;
}

export type FieldValidation = 'Ignore' | 'Warn' | 'Strict';

const FIELD_VALIDATIONS: readonly FieldValidation[] = ['Ignore', 'Strict', 'Warn'];
const LONGEST_FIELD_MANAGER = 128;
/** What a truth value in a query is not; everything else it is. */
const FALSE: readonly string[] = ['false', '0'];
const APPLY = 'application/apply-patch+yaml';

/** Reads `fieldValidation`, `dryRun`, `fieldManager` and `force`. @throws StatusError 422 for a wrong one. */
export function readWriteOptions(request: Request, kind: OptionsKind): WriteOptions {
  const query = new URL(request.url).searchParams;
  const isApply = mediaTypeOf(request) === APPLY;
  const fieldValidation = query.get('fieldValidation') || 'Warn';
  const known = FIELD_VALIDATIONS.find((one) => one === fieldValidation);
  const errors = [
    ...(kind === 'PatchOptions' ? patchErrors(query, isApply) : []),
    ...fieldManagerErrors(query.get('fieldManager') ?? ''),
    ...dryRunErrors(query),
    ...(known === undefined
      ? [notSupported(['fieldValidation'], fieldValidation, ['', ...FIELD_VALIDATIONS])]
      : []),
  ];
  if (errors.length > 0) throw invalidObject({ group: 'meta.k8s.io', kind }, '', errors);
  return {
    fieldValidation: known ?? 'Warn',
    dryRun: query.has('dryRun'),
    fieldManager: query.get('fieldManager') || userAgentName(request),
    force: query.has('force') && !FALSE.includes(query.get('force')?.toLowerCase() ?? ''),
  };
}

export type OptionsKind = 'CreateOptions' | 'UpdateOptions' | 'PatchOptions';

/** A request's content type without its parameters. */
export function mediaTypeOf(request: Request): string {
  const [type = ''] = (request.headers.get('content-type') ?? '').split(';');
  return type.trim();
}

function patchErrors(query: URLSearchParams, isApply: boolean): readonly FieldError[] {
  if (isApply) {
    const isNamed = (query.get('fieldManager') ?? '') !== '';
    return isNamed ? [] : [required(['fieldManager'], 'is required for apply patch')];
  }
  return query.has('force')
    ? [forbidden(['force'], 'may not be specified for non-apply patch')]
    : [];
}

function fieldManagerErrors(name: string): readonly FieldError[] {
  const path = ['fieldManager'];
  const unprintable = [...name.matchAll(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu)].map((match) => {
    const code = match[0].codePointAt(0) ?? 0;
    const position = Buffer.byteLength(name.slice(0, match.index));
    const digits = code.toString(16).toUpperCase().padStart(4, '0');
    return invalid(path, name, `invalid character U+${digits} (at position ${position})`);
  });
  const isLong = Buffer.byteLength(name) > LONGEST_FIELD_MANAGER;
  return [...(isLong ? [tooLong(path, LONGEST_FIELD_MANAGER)] : []), ...unprintable];
}

function dryRunErrors(query: URLSearchParams): readonly FieldError[] {
  const values = query.getAll('dryRun');
  return values.every((value) => value === 'All')
    ? []
    : [notSupported(['dryRun'], values, ['All'])];
}

/** Who does not say so is known by the first word of the program's name. */
function userAgentName(request: Request): string {
  return (request.headers.get('user-agent') ?? '').split('/')[0] || 'unknown';
}
