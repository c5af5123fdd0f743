import {
  GO_ANYTHING,
  GO_BOOLEAN,
  GO_BYTES,
  GO_STRING,
  type GoStruct,
  type GoType,
  goStruct,
} from '../../kubelet/go-struct.ts';
import { OBJECT_META } from '../../platform/custom-resource/object-meta.ts';
import type { StructuralSchema } from '../../platform/custom-resource/structural-schema.ts';

/** The Go struct that the API server decodes an object of a built-in kind into. */
export function goStructOf({ goName = '', properties = {} }: StructuralSchema): GoStruct {
  return goStruct(goName, {
    apiVersion: GO_STRING,
    kind: GO_STRING,
    metadata: OBJECT_META,
    ...fieldTypes(properties),
  });
}

function fieldTypes(
  properties: Readonly<Record<string, StructuralSchema>>,
): Readonly<Record<string, GoType>> {
  const types = Object.entries(properties).map(([name, schema]) => [name, goTypeOf(schema)]);
  return Object.fromEntries(types);
}

const ANY: StructuralSchema = { type: 'any' };

function goTypeOf(schema: StructuralSchema): GoType {
  switch (schema.type) {
    case 'any':
      return GO_ANYTHING;
    case 'boolean':
      return GO_BOOLEAN;
    case 'integer':
      return { is: 'integer', goName: schema.goName ?? 'int64' };
    case 'string':
      return schema.format === 'byte' ? GO_BYTES : GO_STRING;
    case 'array': {
      const of = goTypeOf(schema.items ?? ANY);
      return { is: 'list', goName: `[]${of.goName}`, of };
    }
    case 'object':
      return objectType(schema);
  }
}

function objectType({ goName = '', properties, additionalProperties }: StructuralSchema): GoType {
  if (additionalProperties === undefined) return goStruct(goName, fieldTypes(properties ?? {}));
  const of = goTypeOf(additionalProperties);
  return { is: 'map', goName: `map[string]${of.goName}`, of };
}
