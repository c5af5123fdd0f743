import { goTypeOf } from './go-types.ts';
import { isNullScalar, resolveScalar } from './scalars.ts';
import { type Fields, type Shape, type StructShape, type ValueOf, zeroValue } from './shapes.ts';
import {
  keyText,
  type MapEntry,
  type MapNode,
  type ScalarNode,
  type SourceNode,
} from './source-node.ts';
import { type Remark, SourceProblem } from './source-problem.ts';
import type { SourceText } from './source-text.ts';
import type { Dialect } from './versions.ts';

/** Of the packages only those that a shape names. */
type Names = Pick<Dialect, 'base' | 'goPackages'>;

/** The oldest base specification, enough to read variant and version. */
const HEADER_NAMES: Names = {
  base: 0,
  goPackages: { base: '', config: 'config', fcos: '', openshift: '' },
};

/**
 * Reads a document by a shape, as yaml.v3 decodes into Go structs: keys that the shape does not name are
 * passed over, null leaves a field empty, list items that are null are dropped, merge keys (`<<`) count
 * less than a mapping's own. Throws a SourceProblem that names every value of a wrong type and every key
 * given twice.
 */
export function decode<F extends Fields>(
  shape: StructShape<F>,
  root: SourceNode | undefined,
  source: SourceText,
  names: Names = HEADER_NAMES,
): ValueOf<StructShape<F>> {
  const decoder = new Decoder(source, names);
  const value = root === undefined ? undefined : decoder.decode(shape, root);
  decoder.throwProblems();
  // The decoder builds what the shape describes; the compiler cannot follow it there.
  return (value ?? zeroValue(shape)) as ValueOf<StructShape<F>>;
}

class Decoder {
  readonly #source: SourceText;
  readonly #names: Names;
  readonly #problems: Remark[] = [];

  constructor(source: SourceText, names: Names) {
    this.#source = source;
    this.#names = names;
  }

  throwProblems(): void {
    if (this.#problems.length === 0) return;
    const lines = this.#problems
      .slice(0, MOST_PROBLEMS)
      .map(({ offset, message }) => `\n  line ${this.#lineOf(offset)}: ${message}`);
    throw new SourceProblem(`unmarshal errors:${lines.join('')}`, this.#problems);
  }

  /** The value of a node; undefined for null, and where a problem was noted. */
  decode(shape: Shape, node: SourceNode): unknown {
    if (shape.kind === 'optional') return this.decode(shape.of, node);
    if (node.kind === 'alias') return this.decode(shape, node.target);
    if (shape.kind === 'unsupported') return holdsAnything(node, shape.empty);
    if (node.kind === 'scalar' && isNullScalar(node)) return undefined;
    switch (shape.kind) {
      case 'struct':
        return node.kind === 'map' ? this.#struct(shape, node) : this.#mismatch(shape, node);
      case 'labels':
        return node.kind === 'map' ? this.#labels(node) : this.#mismatch(shape, node);
      case 'list':
        if (node.kind !== 'list') return this.#mismatch(shape, node);
        return node.items
          .map((item) => this.decode(shape.of, item))
          .filter((value) => value !== undefined);
      default:
        return node.kind === 'scalar' ? this.#scalar(shape, node) : this.#mismatch(shape, node);
    }
  }

  #struct(shape: StructShape, node: MapNode): unknown {
    const given = new Map<string, unknown>();
    for (const { key, value } of this.#entries(node)) {
      const name = keyText(key);
      const field = fieldOf(shape, name, this.#names.base);
      if (field !== undefined) given.set(name, this.decode(field, value));
    }
    return Object.fromEntries(
      Object.entries(shape.fields).map(([name, field]) => [
        name,
        given.get(name) ?? zeroValue(field),
      ]),
    );
  }

  #labels(node: MapNode): ReadonlyMap<string, string> {
    const pairs = this.#entries(node).map(({ key, value }): [string, string] => {
      const decoded = this.decode({ kind: 'text' }, value);
      return [keyText(key), typeof decoded === 'string' ? decoded : ''];
    });
    return new Map(pairs);
  }

  /** A mapping's own entries, then those merged into it that it does not have. */
  #entries(node: MapNode): MapEntry[] {
    if (this.#hasDuplicates(node)) return [];
    const entries = node.entries.filter(({ key }) => !isMergeKey(key));
    const merge = node.entries.findLast(({ key }) => isMergeKey(key));
    const taken = new Set(entries.map(({ key }) => keyText(key)));
    for (const merged of merge === undefined ? [] : mergedMaps(merge.value)) {
      for (const entry of this.#entries(merged)) {
        if (taken.has(keyText(entry.key))) continue;
        taken.add(keyText(entry.key));
        entries.push(entry);
      }
    }
    return entries;
  }

  #hasDuplicates(node: MapNode): boolean {
    const before = this.#problems.length;
    const first = new Map<string, SourceNode>();
    for (const { key } of node.entries) {
      const id = `${key.kind} ${keyText(key)}`;
      const earlier = first.get(id);
      if (earlier === undefined) {
        first.set(id, key);
        continue;
      }
      const line = this.#lineOf(earlier.offset);
      const message = `mapping key ${JSON.stringify(keyText(key))} already defined at line ${line}`;
      this.#problems.push({ offset: key.offset, message });
    }
    return this.#problems.length > before;
  }

  #scalar(shape: Shape, node: ScalarNode): unknown {
    const { tag, value } = resolveScalar(node);
    switch (shape.kind) {
      case 'text':
        return tag === '!!binary' ? new TextDecoder().decode(bytesOf(node)) : node.value;
      case 'content':
        return tag === '!!binary' ? bytesOf(node) : new TextEncoder().encode(node.value);
      case 'integer':
        if (typeof value !== 'number' || !(value <= LARGEST_INT64)) break;
        return Math.trunc(value);
      case 'boolean': {
        const truth = typeof value === 'string' ? OLD_BOOLEANS.get(value) : value;
        if (typeof truth === 'boolean') return truth;
      }
    }
    return this.#mismatch(shape, node);
  }

  #mismatch(shape: Shape, node: SourceNode): undefined {
    if (node.kind === 'map' && this.#hasDuplicates(node)) return;
    const shown = node.kind === 'scalar' ? ` \`${shortened(node.value)}\`` : '';
    const type = goTypeOf(shape, this.#names.goPackages);
    const message = `cannot unmarshal ${tagOf(node)}${shown} into ${type}`;
    this.#problems.push({ offset: node.offset, message });
  }

  #lineOf(offset: number): number {
    return this.#source.positionOf(offset).line;
  }
}

const LARGEST_INT64 = 2 ** 63;
/** Of these the last sentence tells no more. */
const MOST_PROBLEMS = 1000;
const LONGEST_SHOWN = 10;

/** YAML 1.1's booleans are taken where a boolean is wanted. */
const OLD_BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON'].map((word) => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF'].map((word) => [word, false] as const),
]);

/** The field of a key, where the base specification has it. */
export function fieldOf(shape: StructShape, name: string, base: number): Shape | undefined {
  if (!Object.hasOwn(shape.fields, name)) return undefined;
  const field = shape.fields[name];
  return (field?.since ?? 0) <= base ? field : undefined;
}

function isMergeKey(key: SourceNode): boolean {
  if (key.kind !== 'scalar' || key.value !== '<<') return false;
  return key.tag === undefined ? key.isPlain : key.tag === '!!merge';
}

function mergedMaps(value: SourceNode): MapNode[] {
  const targets = value.kind === 'list' ? value.items : [value];
  return targets.map((one) => {
    const target = one.kind === 'alias' ? one.target : one;
    if (target.kind === 'map') return target;
    const message = 'map merge requires map or sequence of maps as the value';
    throw new SourceProblem(message, [{ offset: one.offset, message }]);
  });
}

function holdsAnything(node: SourceNode, empty: 'list' | 'map'): true | undefined {
  if (node.kind === 'alias') return holdsAnything(node.target, empty);
  if (node.kind === 'scalar') return isNullScalar(node) ? undefined : true;
  const count = node.kind === 'map' ? node.entries.length : node.items.length;
  return count === 0 && node.kind === empty ? undefined : true;
}

function bytesOf(node: ScalarNode): Uint8Array {
  const base64 = node.value.replace(/[\r\n]/g, '');
  if (base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) {
    const message = '!!binary value contains invalid base64 data';
    throw new SourceProblem(message, [{ offset: node.offset, message }]);
  }
  return Uint8Array.fromBase64(base64);
}

function tagOf(node: SourceNode): string {
  if (node.tag !== undefined) return node.tag;
  if (node.kind === 'scalar') return resolveScalar(node).tag;
  return node.kind === 'map' ? '!!map' : '!!seq';
}

function shortened(value: string): string {
  return value.length > LONGEST_SHOWN ? `${value.slice(0, LONGEST_SHOWN - 3)}...` : value;
}
