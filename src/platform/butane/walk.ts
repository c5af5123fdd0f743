import type { Fields, Shape, StructShape, ValueOf } from './shapes.ts';
import type { Path } from './source-node.ts';

/** Called for each struct of a value, from the top, in the order of the fields. */
export type Visitor = (shape: StructShape, value: StructValue, path: Path) => void;

/** A struct whose fields are looked at by their shape. */
export type StructValue = Readonly<Record<string, unknown>>;

/** Walks over every struct of a value, as Butane and Ignition validate theirs. */
export function walk(shape: Shape, value: unknown, path: Path, visit: Visitor): void {
  if (shape.kind === 'list') {
    for (const [index, item] of listOf(value).entries()) {
      walk(shape.of, item, [...path, index], visit);
    }
  }
  if (shape.kind !== 'struct' || !isStructValue(value)) return;
  visit(shape, value, path);
  for (const [name, field] of Object.entries(shape.fields)) {
    walk(field, value[name], [...path, name], visit);
  }
}

/** What a rule about one kind of struct is told: its value, and its path to report on. */
export type Rule<V> = (value: V, path: Path) => void;

/** Rules by the shape they are about, for use as a visitor. */
export class Rules {
  readonly #rules = new Map<object, Rule<never>>();

  /** Adds the rule of a shape. */
  on<F extends Fields>(shape: StructShape<F>, rule: Rule<ValueOf<StructShape<F>>>): this {
    this.#rules.set(shape, rule);
    return this;
  }

  /** Applies the rule of a struct, where there is one. */
  readonly visit: Visitor = (shape, value, path) => {
    // Whoever is registered under a shape takes that shape's values.
    this.#rules.get(shape)?.(value as never, path);
  };
}

/** A list's items; none for a list that is not given. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Whether a value is a struct's. */
export function isStructValue(value: unknown): value is StructValue {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array) &&
    !(value instanceof Map)
  );
}
