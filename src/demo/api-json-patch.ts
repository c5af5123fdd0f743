import { isDeepStrictEqual } from 'node:util';
import { isJsonObject } from '../diagnostics/json.ts';

/** A JSON patch whose operation does not fit the document. */
export class PatchError extends Error {}

/** Applies a JSON patch (RFC 6902) to a copy of a document. @throws PatchError where an operation fails. */
export function jsonPatch(document: unknown, operations: readonly unknown[]): unknown {
  const holder = { root: structuredClone(document) };
  for (const operation of operations) apply(holder, operation);
  return holder.root;
}

interface Holder {
  root: unknown;
}

function apply(holder: Holder, operation: unknown): void {
  if (!isJsonObject(operation)) throw new PatchError('an operation is no object');
  const { op, value } = operation;
  const path = stepsOf(operation['path']);
  switch (op) {
    case 'add':
      add(holder, path, value);
      break;
    case 'remove':
      remove(holder, path);
      break;
    case 'replace':
      valueAt(holder, path);
      replace(holder, path, value);
      break;
    case 'move': {
      const from = stepsOf(operation['from']);
      const moved = valueAt(holder, from);
      remove(holder, from);
      add(holder, path, moved);
      break;
    }
    case 'copy':
      add(holder, path, structuredClone(valueAt(holder, stepsOf(operation['from']))));
      break;
    case 'test':
      if (!isDeepStrictEqual(valueAt(holder, path), value)) {
        throw new PatchError('a tested value is another one');
      }
      break;
    default:
      throw new PatchError(`unknown operation ${JSON.stringify(op)}`);
  }
}

/** The steps of a JSON pointer (RFC 6901), below the holder's `root`. */
function stepsOf(pointer: unknown): readonly string[] {
  if (typeof pointer !== 'string') throw new PatchError('a pointer is missing');
  const [start, ...steps] = pointer.split('/');
  if (start !== '') throw new PatchError('a pointer does not begin with a slash');
  return ['root', ...steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))];
}

function valueAt(holder: Holder, path: readonly string[]): unknown {
  let value: unknown = holder;
  for (const step of path) value = childOf(value, step);
  return value;
}

function childOf(parent: unknown, step: string): unknown {
  if (Array.isArray(parent)) return parent[indexOf(parent, step, parent.length - 1)];
  if (isJsonObject(parent) && Object.hasOwn(parent, step)) return parent[step];
  throw new PatchError(`there is no ${JSON.stringify(step)}`);
}

function add(holder: Holder, path: readonly string[], value: unknown): void {
  const { parent, step } = placeOf(holder, path);
  if (Array.isArray(parent)) {
    const index = step === '-' ? parent.length : indexOf(parent, step, parent.length);
    parent.splice(index, 0, value);
  } else {
    setField(parent, step, value);
  }
}

function replace(holder: Holder, path: readonly string[], value: unknown): void {
  const { parent, step } = placeOf(holder, path);
  if (Array.isArray(parent)) parent[indexOf(parent, step, parent.length - 1)] = value;
  else setField(parent, step, value);
}

function remove(holder: Holder, path: readonly string[]): void {
  const { parent, step } = placeOf(holder, path);
  childOf(parent, step);
  if (Array.isArray(parent)) parent.splice(indexOf(parent, step, parent.length - 1), 1);
  else if (isJsonObject(parent)) Reflect.deleteProperty(parent, step);
}

function placeOf(
  holder: Holder,
  path: readonly string[],
): { readonly parent: unknown; readonly step: string } {
  return { parent: valueAt(holder, path.slice(0, -1)), step: path.at(-1) ?? '' };
}

function setField(parent: unknown, step: string, value: unknown): void {
  if (!isJsonObject(parent)) throw new PatchError(`${JSON.stringify(step)} has no object above it`);
  Object.defineProperty(parent, step, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

function indexOf(list: readonly unknown[], step: string, last: number): number {
  const index = /^(?:0|[1-9][0-9]*)$/.test(step) ? Number(step) : -1;
  if (index >= 0 && index <= last) return index;
  throw new PatchError(`a list of ${list.length} has no place ${JSON.stringify(step)}`);
}
