import { IGNITION_ROOT, type IgnitionRoot } from './config.ts';
import type { Origins } from './origins.ts';
import type { Shape } from './shapes.ts';
import type { Path } from './source-node.ts';
import { isStructValue, listOf } from './walk.ts';

/** What decides where a resolved value is looked for in the config. */
export interface PathMapOptions {
  readonly origins: Origins;
  /** The base specification. */
  readonly base: number;
  /** Whether the Ignition config is wrapped in a MachineConfig. */
  readonly isWrapped: boolean;
}

/**
 * Maps paths of the resolved Ignition config back to the config. Butane has no way back from values that
 * are empty, and then tells the path inside the MachineConfig and points at the top; so do we, that people
 * find the message they search for.
 */
export function pathMap(root: IgnitionRoot, options: PathMapOptions): (path: Path) => Path {
  const { origins, base, isWrapped } = options;
  const isKnown = base === 3 ? isCopied : isTranscribed;
  return (path) => {
    const origin = origins.find(path);
    if (origin !== undefined) return origin;
    if (!Object.hasOwn(IGNITION_ROOT.fields, path[0] ?? '')) return path;
    const { shape, value } = valueAt(root, path);
    return !isWrapped || isKnown(shape, value) ? path : inMachineConfig(path);
  };
}

/** Where a value of the Ignition config lies in the MachineConfig. */
export function inMachineConfig(path: Path): Path {
  return ['spec', 'config', ...path];
}

function valueAt(root: IgnitionRoot, path: Path): { shape: Shape; value: unknown } {
  let shape: Shape = IGNITION_ROOT;
  let value: unknown = root;
  for (const step of path) {
    if (shape.kind === 'optional') shape = shape.of;
    if (shape.kind === 'list' && typeof step === 'number') {
      shape = shape.of;
      value = listOf(value)[step];
    } else if (shape.kind === 'struct' && isStructValue(value)) {
      const field: Shape | undefined = shape.fields[step];
      if (field === undefined) break;
      shape = field;
      value = value[step];
    }
  }
  return { shape, value };
}

/** Up to base 0.3 fields are copied as they are; only what is null, or holds nothing at all, is lost. */
function isCopied(shape: Shape, value: unknown): boolean {
  if (shape.kind === 'text') return true;
  if (shape.kind !== 'struct') return value !== undefined;
  return HAS_OWN_COPY.includes(shape.goType) || isFilled(shape, value);
}

const HAS_OWN_COPY = ['File', 'Directory', 'Link'];

/** Later versions merge configs, and only what is filled is on the record of that. */
function isTranscribed(shape: Shape, value: unknown): boolean {
  if (shape.kind === 'list') return listOf(value).some((item) => isTranscribed(shape.of, item));
  if (shape.kind !== 'struct') return shape.kind === 'text' ? value !== '' : value !== undefined;
  return (
    isStructValue(value) && fieldsOf(shape, value).some(([field, one]) => isTranscribed(field, one))
  );
}

function isFilled(shape: Shape, value: unknown): boolean {
  if (shape.kind === 'text') return value !== '';
  if (shape.kind !== 'struct') return value !== undefined;
  return (
    isStructValue(value) && fieldsOf(shape, value).some(([field, one]) => isFilled(field, one))
  );
}

function fieldsOf(
  shape: Shape & { kind: 'struct' },
  value: Readonly<Record<string, unknown>>,
): [Shape, unknown][] {
  return Object.entries(shape.fields).map(([name, field]) => [field, value[name]]);
}
