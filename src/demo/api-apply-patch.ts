import { isJsonObject, type JsonObject } from '../diagnostics/json.ts';
import type { StructuralSchema } from '../platform/custom-resource/structural-schema.ts';
import {
  type Element,
  elementsOf,
  type FieldSet,
  fieldsOf,
  withAncestors,
} from './api-field-set.ts';

/** Who set which fields of one object, by the manager's name and operation. */
export type FieldOwners = ReadonlyMap<string, FieldSet>;

export interface Application {
  readonly object: JsonObject;
  readonly owners: FieldOwners;
  /** Fields with another value than their owner's. */
  readonly conflicts: readonly { readonly owner: string; readonly field: string }[];
}

export interface ApplyRequest {
  readonly live: JsonObject;
  readonly config: JsonObject;
  readonly schema: StructuralSchema | undefined;
  readonly owners: FieldOwners;
  readonly manager: string;
}

/**
 * Server-side apply: the live object with the configuration's fields, without those that the manager
 * applied before and nobody else owns. Source of the rule: structured-merge-diff, merge.Updater.
 */
export function applyConfiguration(request: ApplyRequest): Application {
  const { live, config, schema, owners, manager } = request;
  const own: FieldSet = new Set(fieldsOf(config, schema).keys());
  const claimed = new Map(owners).set(manager, own);
  const merged = merge(live, config, schema);
  const kept = withAncestors([...claimed.values()].flatMap((fields) => [...fields]));
  const object = pruned(objectOf(merged), schema, withAncestors(owners.get(manager) ?? []), kept);
  const { changed, removed } = changes(live, object, schema);
  const conflicts = [...owners]
    .filter(([owner]) => owner !== manager)
    .flatMap(([owner, fields]) =>
      [...fields.intersection(changed)].map((field) => ({ owner, field })),
    );
  return { object, owners: disowned(claimed, manager, changed.union(removed)), conflicts };
}

/**
 * The merged object without what the manager applied last and nobody keeps. What would be left of it as
 * an empty list goes too, with the objects around it.
 */
function pruned(
  merged: JsonObject,
  schema: StructuralSchema | undefined,
  last: FieldSet,
  kept: FieldSet,
): JsonObject {
  const all = placesOf(merged, schema);
  const remaining = (dropped: FieldSet): JsonObject =>
    objectOf(without(merged, schema, '', dropped));
  const others = placesOf(remaining(last), schema);
  const owned = placesOf(remaining(all.difference(others.union(kept))), schema);
  return remaining(all.difference(owned).intersection(last));
}

function placesOf(object: JsonObject, schema: StructuralSchema | undefined): FieldSet {
  return withAncestors(fieldsOf(object, schema).keys());
}

function objectOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** Who owns what after an update: what changed is the manager's now, what is gone is nobody's. */
export function ownersAfterUpdate(
  before: JsonObject,
  after: JsonObject,
  schema: StructuralSchema | undefined,
  { owners, manager }: Pick<ApplyRequest, 'owners' | 'manager'>,
): FieldOwners {
  const { changed, removed } = changes(before, after, schema);
  const own = (owners.get(manager) ?? new Set()).union(changed).difference(removed);
  return disowned(new Map(owners).set(manager, own), manager, changed.union(removed));
}

function disowned(owners: FieldOwners, manager: string, fields: FieldSet): FieldOwners {
  return new Map(
    [...owners].map(([owner, owned]) => [
      owner,
      owner === manager ? owned : owned.difference(fields),
    ]),
  );
}

function changes(
  before: JsonObject,
  after: JsonObject,
  schema: StructuralSchema | undefined,
): { readonly changed: FieldSet; readonly removed: FieldSet } {
  const old = fieldsOf(before, schema);
  const fresh = fieldsOf(after, schema);
  const changed = [...fresh].filter(([path, value]) => old.get(path) !== value);
  return {
    changed: new Set(changed.map(([path]) => path)),
    removed: new Set([...old.keys()].filter((path) => !fresh.has(path))),
  };
}

function merge(live: unknown, config: unknown, schema: StructuralSchema | undefined): unknown {
  const ours = elementsOf(live, schema);
  const theirs = elementsOf(config, schema);
  if (config === null && ours !== undefined && ours.length > 0) return live;
  if (ours === undefined || theirs === undefined || Array.isArray(live) !== Array.isArray(config)) {
    return config;
  }
  const liveByStep = new Map(ours.map((one) => [one.step, one]));
  const configByStep = new Map(theirs.map((one) => [one.step, one]));
  const value = (step: string): unknown => {
    const [mine, theirOwn] = [liveByStep.get(step), configByStep.get(step)];
    if (mine === undefined) return theirOwn?.value;
    return theirOwn === undefined ? mine.value : merge(mine.value, theirOwn.value, mine.schema);
  };
  if (Array.isArray(live)) return mergedOrder(ours, theirs).map(value);
  const names = new Set([...liveByStep.keys(), ...configByStep.keys()]);
  return Object.fromEntries([...names].map((step) => [step.slice(1), value(step)]));
}

/** Shared items in the configuration's order, each live item before what followed it. */
function mergedOrder(live: readonly Element[], config: readonly Element[]): readonly string[] {
  const [ours, theirs] = [live.map(({ step }) => step), config.map(({ step }) => step)];
  const waiting = theirs.filter((step) => ours.includes(step));
  const order: string[] = [];
  let [left, right] = [0, 0];
  const take = (step: string): void => {
    order.push(step);
    right += 1;
    if (waiting[0] === step) waiting.shift();
  };
  while (left < ours.length || right < theirs.length) {
    const [mine, theirOwn] = [ours[left], theirs[right]];
    if (mine !== undefined && mine === theirOwn) {
      left += 1;
      take(mine);
    } else if (mine !== undefined && !theirs.includes(mine)) {
      left += 1;
      order.push(mine);
    } else if (
      mine !== undefined &&
      (order.includes(mine) || (theirOwn !== undefined && waiting[0] !== mine))
    ) {
      left += 1;
    } else if (theirOwn !== undefined) {
      take(theirOwn);
    }
  }
  return order;
}

function without(
  value: unknown,
  schema: StructuralSchema | undefined,
  path: string,
  dropped: FieldSet,
): unknown {
  const elements = elementsOf(value, schema);
  if (elements === undefined) return value;
  const kept = elements
    .filter(({ step }) => !dropped.has(path + step))
    .map(
      (one) =>
        [one.step.slice(1), without(one.value, one.schema, path + one.step, dropped)] as const,
    );
  return Array.isArray(value) ? kept.map(([, item]) => item) : Object.fromEntries(kept);
}
