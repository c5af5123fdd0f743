import { IGNITION_ROOT, type IgnitionRoot, type OpenShift } from './config.ts';
import type { Report } from './report.ts';
import type { Shape, StructShape } from './shapes.ts';
import type { Path } from './source-node.ts';
import { isStructValue, listOf, type StructValue, walk } from './walk.ts';

const DUPLICATE = 'duplicate entry defined';

/** Lists whose keys must differ from those of their siblings as well. */
const SHARED: Readonly<Record<string, string>> = {
  directories: 'node',
  files: 'node',
  links: 'node',
  should_exist: 'kernel argument',
  should_not_exist: 'kernel argument',
};

/** Lists in which the same may stand twice. */
const IGNORED = ['append'];

/** Reports list entries of the same key (coreos/ignition, config/validate.ValidateDups). */
export function checkDuplicates(root: IgnitionRoot, report: Report): void {
  walk(IGNITION_ROOT, root, [], (shape, value, path) => checkStruct(shape, value, path, report));
}

/** The same for the lists of the openshift section. */
export function checkOpenShiftDuplicates(openshift: OpenShift, report: Report): void {
  for (const name of ['kernel_arguments', 'extensions'] as const) {
    checkList(openshift[name] ?? [], new Set(), ['openshift', name], report);
  }
}

function checkStruct(shape: StructShape, value: StructValue, path: Path, report: Report): void {
  const seen = new Map<string, Set<string>>();
  for (const [name, field] of Object.entries(shape.fields)) {
    if (field.kind !== 'list' || IGNORED.includes(name)) continue;
    const group = SHARED[name] ?? name;
    const keys = seen.get(group) ?? new Set<string>();
    seen.set(group, keys);
    const entries = listOf(value[name]).map((item) => keyOf(field.of, item));
    checkList(entries, keys, [...path, name], report);
  }
}

function checkList(
  entries: readonly string[],
  seen: Set<string>,
  path: Path,
  report: Report,
): void {
  for (const [index, entry] of entries.entries()) {
    if (seen.has(entry)) report.error([...path, index], DUPLICATE);
    seen.add(entry);
  }
}

function keyOf(shape: Shape, item: unknown): string {
  const key = shape.kind === 'struct' && isStructValue(item) ? item[shape.key ?? ''] : item;
  return typeof key === 'string' ? key : '';
}
