import {
  type FieldError,
  forbidden,
  notSupported,
  required,
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
const APPLY = 'application/apply-patch+yaml';

/** Reads `fieldValidation`, `dryRun`, `fieldManager` and `force`. @throws StatusError 422 for a wrong one. */
export function readWriteOptions(request: Request, kind: OptionsKind): WriteOptions {
  const query = new URL(request.url).searchParams;
  const isApply = mediaTypeOf(request) === APPLY;
  const fieldValidation = query.get('fieldValidation') || 'Warn';
  const known = FIELD_VALIDATIONS.find((one) => one === fieldValidation);
  const errors = [
    ...(kind === 'PatchOptions' ? patchErrors(query, isApply) : []),
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
    force: query.get('force') === 'true',
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
