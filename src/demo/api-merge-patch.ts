import { isJsonObject } from '../diagnostics/json.ts';

/**
 * Applies a JSON merge patch (RFC 7386): null removes a field, an object merges, all else replaces. What
 * it adds loses its nulls too, inside of lists as well. Source of the rule: evanphx/json-patch v4.
 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isJsonObject(target)) return withoutNulls(patch);
  if (!isJsonObject(patch)) return patch;
  const merged = new Map(Object.entries(target));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, mergePatch(merged.get(name), value));
  }
  return Object.fromEntries(merged);
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isJsonObject(value)) return value;
  const fields = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(fields.map(([name, inner]) => [name, withoutNulls(inner)]));
}
