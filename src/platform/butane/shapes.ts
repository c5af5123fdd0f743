/**
 * What a part of a Butane config may hold. One table of shapes serves decoding, the search for unused
 * keys, the rules and the output; the TypeScript types are derived from it (`ValueOf`).
 */
export type Shape =
  | TextShape
  | ContentShape
  | IntegerShape
  | BooleanShape
  | LabelsShape
  | OptionalShape
  | ListShape
  | StructShape
  | UnsupportedShape;

/** Since which base specification (0.3, 0.5, 0.6, 0.8) there is such a field; before, its key is unknown. */
interface Since {
  readonly since?: number;
}

/** A string that is always written, if only as `""`. `goType` is the type that messages name. */
export interface TextShape extends Since {
  readonly kind: 'text';
  readonly goType?: string;
}

/** The content of a file: bytes, for YAML has `!!binary`. */
export interface ContentShape extends Since {
  readonly kind: 'content';
}

export interface IntegerShape extends Since {
  readonly kind: 'integer';
}

export interface BooleanShape extends Since {
  readonly kind: 'boolean';
}

/** A mapping of any names to strings. */
export interface LabelsShape extends Since {
  readonly kind: 'labels';
}

/** A value that may be left out or null. */
export interface OptionalShape<S extends Shape = Shape> extends Since {
  readonly kind: 'optional';
  readonly of: S;
}

export interface ListShape<S extends Shape = Shape> extends Since {
  readonly kind: 'list';
  readonly of: S;
  readonly goType?: string;
}

/** A mapping of known keys, in the order in which Butane walks and writes them. */
export interface StructShape<F extends Fields = Fields> extends Since {
  readonly kind: 'struct';
  readonly goPackage: GoPackage;
  readonly goType: string;
  readonly fields: F;
  /** The field that must be unique in a list of these. */
  readonly key?: string;
}

/** A section of Butane that this program knows and refuses by name. */
export interface UnsupportedShape extends Since {
  readonly kind: 'unsupported';
  /** As what it may stand there without holding anything. */
  readonly empty: 'list' | 'map';
}

export type GoPackage = 'base' | 'config' | 'fcos' | 'openshift';
export type Fields = Readonly<Record<string, Shape>>;

/** What decoding a shape gives. An unsupported section is `true` where it holds anything. */
export type ValueOf<S> = S extends TextShape
  ? string
  : S extends ContentShape
    ? Uint8Array
    : S extends IntegerShape
      ? number
      : S extends BooleanShape
        ? boolean
        : S extends LabelsShape
          ? ReadonlyMap<string, string> | undefined
          : S extends OptionalShape<infer O>
            ? ValueOf<O> | undefined
            : S extends ListShape<infer E>
              ? readonly ValueOf<E>[] | undefined
              : S extends StructShape<infer F>
                ? { readonly [K in keyof F]: ValueOf<F[K]> }
                : boolean | undefined;

export const text: TextShape = { kind: 'text' };
export const content: ContentShape = { kind: 'content' };
export const integer: IntegerShape = { kind: 'integer' };
export const boolean: BooleanShape = { kind: 'boolean' };
export const labels: LabelsShape = { kind: 'labels' };
export const unsupportedList: UnsupportedShape = { kind: 'unsupported', empty: 'list' };
export const unsupportedStruct: UnsupportedShape = { kind: 'unsupported', empty: 'map' };

/** A string type of its own name, as Go has them. */
export function named(goType: string): TextShape {
  return { kind: 'text', goType };
}

/** A value that may be left out. */
export function optional<S extends Shape>(of: S): OptionalShape<S> {
  return { kind: 'optional', of };
}

/** Any number of values. */
export function list<S extends Shape>(of: S): ListShape<S> {
  return { kind: 'list', of };
}

/** A field that is there from a base specification on. */
export function since<S extends Shape>(base: number, shape: S): S {
  return { ...shape, since: base };
}

/** A struct of the base specification. */
export function struct<F extends Fields>(goType: string, fields: F, key?: string): StructShape<F> {
  const shape: StructShape<F> = { kind: 'struct', goPackage: 'base', goType, fields };
  return key === undefined ? shape : { ...shape, key };
}

/** A struct as it is where the config gives none of its fields. */
export function zeroOf<F extends Fields>(shape: StructShape<F>): ValueOf<StructShape<F>> {
  // Built from the very shape that the type is derived from.
  return zeroValue(shape) as ValueOf<StructShape<F>>;
}

/** What a field holds that the config does not give. */
export function zeroValue(shape: Shape): unknown {
  if (shape.kind === 'text') return '';
  if (shape.kind !== 'struct') return undefined;
  return Object.fromEntries(
    Object.entries(shape.fields).map(([name, field]) => [name, zeroValue(field)]),
  );
}
