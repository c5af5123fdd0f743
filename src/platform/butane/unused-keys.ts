import { CONFIG, type Config } from './config.ts';
import { fieldOf } from './decode.ts';
import { Report } from './report.ts';
import type { Shape } from './shapes.ts';
import { childOf, keyText, type Path, type SourceNode } from './source-node.ts';
import { isStructValue, listOf } from './walk.ts';

/**
 * Warns of keys that the version does not know (coreos/ignition, config/validate.ValidateUnusedKeys).
 * Behind an alias or under a null nothing can be checked, which is a warning of its own.
 */
export function unusedKeys(config: Config, root: SourceNode, base: number): Report {
  const report = new Report();
  check({ shape: CONFIG, value: config, node: root, path: [] }, base, report);
  return report;
}

interface Place {
  readonly shape: Shape;
  readonly value: unknown;
  readonly node: SourceNode | undefined;
  readonly path: Path;
}

function check({ shape, value, node, path }: Place, base: number, report: Report): void {
  if (shape.kind === 'list') {
    for (const [index, item] of listOf(value).entries()) {
      const place = { node: childOf(node, index), path: [...path, index] };
      check({ shape: shape.of, value: item, ...place }, base, report);
    }
  }
  if (shape.kind !== 'struct' || !isStructValue(value) || node === undefined) return;
  if (node.kind === 'map') {
    for (const name of new Set(node.entries.map(({ key }) => keyText(key)))) {
      if (fieldOf(shape, name, base) === undefined) {
        report.warnOfKey([...path, name], `unused key ${name}`);
      }
    }
  } else {
    report.warn(path, mismatch(path));
  }
  for (const name of Object.keys(shape.fields)) {
    const field = fieldOf(shape, name, base);
    if (field === undefined) continue;
    const place = { node: childOf(node, name), path: [...path, name] };
    check({ shape: field, value: value[name], ...place }, base, report);
  }
}

function mismatch(path: Path): string {
  return `context tree does not match content tree at ${['$', ...path].join('.')}. Line and column reporting may be inconsistent. Unused keys may not be reported`;
}
