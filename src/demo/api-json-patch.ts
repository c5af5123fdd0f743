import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type JsonObject } from '../diagnostics/json.ts';

/** A JSON patch whose operation does not fit the document. */
export class PatchError extends Error {}

/**
 * Applies a JSON patch (RFC 6902) to a copy of a document, as leniently as the API server: a missing
 * field is null, indexes count from the end if negative. @throws PatchError where an operation fails.
 * Source of the rules: evanphx/json-patch v4.
 */
export function jsonPatch(document: unknown, operations: readonly unknown[]): unknown {
  const holder = { root: structuredClone(document) };
  for (const operation of operations) apply(holder, isJsonObject(operation) ? operation : {});
  return holder.root;
}

interface Holder {
  root: unknown;
}

function apply(holder: Holder, operation: JsonObject): void {
  const run = OPERATIONS.get(operation['op']);
  if (run === undefined) throw new PatchError(`unknown operation ${operation['op']}`);
  run(holder, operation);
}

const OPERATIONS: ReadonlyMap<unknown, (holder: Holder, operation: JsonObject) => void> = new Map([
  ['add', (holder, { path, value = null }) => add(place(holder, path), value)],
  ['remove', (holder, { path }) => remove(place(holder, path))],
  ['replace', replace],
  ['move', move],
  ['copy', copy],
  ['test', test],
]);

function move(holder: Holder, operation: JsonObject): void {
  const from = place(holder, operation['from']);
  const moved = get(from);
  remove(from);
  add(place(holder, operation['path']), moved);
}

function copy(holder: Holder, operation: JsonObject): void {
  const copied = structuredClone(get(place(holder, operation['from'])));
  add(place(holder, operation['path']), copied);
}

/** A field or an item, which need not be there yet. */
interface Place {
  readonly parent: JsonObject | unknown[];
  readonly step: string;
}

/** Follows a JSON pointer (RFC 6901); what stands before its first slash does not count. */
function place(holder: Holder, pointer: unknown): Place {
  if (typeof pointer !== 'string') throw new PatchError('a pointer is missing');
  const steps = pointer.split('/').map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = steps.pop() ?? '';
  if (steps.length === 0) throw new PatchError('a pointer has no slash');
  let parent = container(holder.root);
  for (const step of steps.slice(1)) parent = container(get({ parent, step }));
  return { parent, step: last };
}

function container(value: unknown): JsonObject | unknown[] {
  if (Array.isArray(value) || isJsonObject(value)) return value;
  throw new PatchError('there is nothing');
}

function get({ parent, step }: Place): unknown {
  if (Array.isArray(parent)) return parent[indexIn(parent, step, parent.length)];
  return Object.hasOwn(parent, step) ? parent[step] : null;
}

function add({ parent, step }: Place, value: unknown): void {
  if (Array.isArray(parent)) {
    const index = step === '-' ? parent.length : indexIn(parent, step, parent.length + 1);
    parent.splice(index, 0, value);
  } else {
    setField(parent, step, value);
  }
}

function remove({ parent, step }: Place): void {
  if (Array.isArray(parent)) parent.splice(indexIn(parent, step, parent.length), 1);
  else if (!Object.hasOwn(parent, step)) throw new PatchError(`there is no ${step}`);
  else Reflect.deleteProperty(parent, step);
}

function replace(holder: Holder, { path, value = null }: JsonObject): void {
  if (path === '') {
    holder.root = container(value);
    return;
  }
  const { parent, step } = place(holder, path);
  if (Array.isArray(parent)) parent[indexIn(parent, step, parent.length)] = value;
  else setField(parent, step, value);
}

function test(holder: Holder, { path, value = null }: JsonObject): void {
  const found = path === '' ? holder.root : get(place(holder, path));
  if (!isDeepStrictEqual(found, value)) throw new PatchError('a tested value is another one');
}

function setField(parent: JsonObject, step: string, value: unknown): void {
  Object.defineProperty(parent, step, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

/** A negative index counts from the end of so many places. */
function indexIn(list: readonly unknown[], step: string, places: number): number {
  const index = /^[+-]?[0-9]+$/.test(step) ? Number(step) : Number.NaN;
  if (index >= -places && index < places) return index < 0 ? index + places : index;
  throw new PatchError(`a list of ${list.length} has no place ${JSON.stringify(step)}`);
}
