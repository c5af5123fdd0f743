import type { JsonObject } from '../diagnostics/json.ts';
import { invalid } from '../platform/custom-resource/field-error.ts';
import { decodePatched } from './api-decode.ts';
import { invalidObject } from './api-status.ts';
import type { Write } from './api-write.ts';

/** @throws StatusError 422 for what is no object any more, and under `Strict` for objections. */
export function patchedObject(
  { resource, options, warnings }: Write,
  json: string,
  ofPatch: readonly string[],
): JsonObject {
  const refused = (why: string): Error =>
    invalidObject({ group: '', kind: '' }, '', [invalid(['patch'], json, why)]);
  const decoded = decodePatched(json, resource);
  if ('error' in decoded) throw refused(decoded.error);
  const objections = [...ofPatch, ...decoded.objections];
  if (options.fieldValidation === 'Strict' && objections.length > 0) {
    throw refused(`strict decoding error: ${objections.join(', ')}`);
  }
  if (options.fieldValidation === 'Warn') for (const one of objections) warnings.add(one);
  return decoded.object;
}
