import type { GoPackage, Shape } from './shapes.ts';

/** What Butane's messages call the type of a shape: `int`, `[]v0_6.File`, `v4_20.Metadata`. */
export function goTypeOf(shape: Shape, packages: Readonly<Record<GoPackage, string>>): string {
  switch (shape.kind) {
    case 'optional':
      return goTypeOf(shape.of, packages);
    case 'struct':
      return `${packages[shape.goPackage]}.${shape.goType}`;
    case 'list':
      return shape.goType === undefined
        ? `[]${goTypeOf(shape.of, packages)}`
        : `${packages.base}.${shape.goType}`;
    case 'labels':
      return 'map[string]string';
    case 'integer':
      return 'int';
    case 'boolean':
      return 'bool';
    case 'text':
      return shape.goType === undefined ? 'string' : `${packages.base}.${shape.goType}`;
    default:
      return 'string';
  }
}
