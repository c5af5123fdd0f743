/**
 * The part of a CustomResourceDefinition's schema that our kinds use (apiextensions.k8s.io/v1), and what
 * built-in kinds need besides.
 */
export interface StructuralSchema {
  /** `any` is a value that is known and not described. */
  readonly type: 'object' | 'array' | 'string' | 'integer' | 'boolean' | 'any';
  readonly format?: 'date-time' | 'int64' | 'byte';
  /** Of a built-in kind: Go's name of an object's or number's type, as decoding errors print it. */
  readonly goName?: string;
  readonly properties?: Readonly<Record<string, StructuralSchema>>;
  /** Of a map: what its values are. */
  readonly additionalProperties?: StructuralSchema;
  /** `x-kubernetes-preserve-unknown-fields`: fields that are not described are kept as they are. */
  readonly preserveUnknownFields?: true;
  readonly required?: readonly string[];
  readonly minProperties?: number;
  readonly items?: StructuralSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly listType?: 'set' | 'map';
  readonly listMapKey?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly rules?: readonly ValidationRule[];
}

/** One of `x-kubernetes-validations`: its CEL text, and the same as a function. */
export interface ValidationRule {
  readonly rule: string;
  readonly message: string;
  /** Called only with a value of the schema's type. */
  readonly holds: (self: unknown) => boolean;
}

/** A kind that the API server keeps by a CustomResourceDefinition; cluster-scoped, with a status. */
export interface CustomResource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly schema: StructuralSchema;
}
