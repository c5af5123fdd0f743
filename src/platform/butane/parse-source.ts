import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  Parser,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { quote } from '../../diagnostics/quote.ts';
import type { MapEntry, SourceNode } from './source-node.ts';
import { SourceProblem } from './source-problem.ts';
import type { SourceText } from './source-text.ts';
import { syntaxProblem, TOO_DEEP } from './syntax-problem.ts';

/** The most that a config may hold, in characters, as written and once its aliases are written out. */
export const LARGEST_CONFIG = 10 * 1024 * 1024;

const TOO_MUCH_ALIASING = `aliases written out, the config has more than ${LARGEST_CONFIG / 2 ** 20} MiB`;
const STANDARD_TAGS = 'tag:yaml.org,2002:';
/** What YAML allows in a stream; the parser itself is more lenient. */
const FORBIDDEN =
  /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u;

/**
 * Reads the first YAML document of a text; undefined where it holds nothing. Later documents are not
 * looked at, as by Butane. Throws a SourceProblem for what is no YAML, for aliases to unknown anchors or
 * around themselves, and for aliases that would blow the config up beyond `LARGEST_CONFIG`.
 */
export function parseSource(source: SourceText): SourceNode | undefined {
  if (source.invalidAt !== undefined) throw problem(source.invalidAt, 'invalid UTF-8');
  const forbidden = source.text.search(FORBIDDEN);
  if (forbidden !== -1) {
    throw problem(forbidden, 'control characters are not allowed');
  }
  try {
    return readFirstDocument(source);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw problem(0, TOO_DEEP);
  }
}

function readFirstDocument(source: SourceText): SourceNode | undefined {
  const document = firstDocument(source.text);
  if (document === undefined) return undefined;
  const [error] = document.errors;
  if (error !== undefined) throw syntaxProblem(source, error, document.errors);
  const root = document.contents;
  return root === null ? undefined : new Reader().read(root, { props: [], end: root.range[0] });
}

function firstDocument(text: string): Document.Parsed | undefined {
  const composer = new Composer({
    // Butane's rules for numbers, booleans and duplicate keys are not YAML 1.2's.
    schema: 'failsafe',
    uniqueKeys: false,
    resolveKnownTags: false,
    keepSourceTokens: true,
    prettyErrors: false,
  });
  for (const document of composer.compose(new Parser().parse(text))) return document;
  return undefined;
}

/** What stands before a node: anchor, tag and indicator, and where the last of them ends. */
interface Before {
  readonly props: readonly CST.SourceToken[];
  readonly end: number;
}

class Reader {
  readonly #anchors = new Map<string, SourceNode>();
  readonly #open = new Set<string>();
  readonly #sizes = new Map<SourceNode, number>();

  read(node: Node | null, before: Before): SourceNode {
    const anchor = node !== null && 'anchor' in node ? node.anchor : undefined;
    if (anchor !== undefined) this.#open.add(anchor);
    const { result, size } = this.#convert(node, before);
    this.#sizes.set(result, size);
    if (size > LARGEST_CONFIG) {
      throw new SourceProblem('document contains excessive aliasing', [
        { offset: result.offset, message: TOO_MUCH_ALIASING },
      ]);
    }
    if (anchor !== undefined) {
      this.#open.delete(anchor);
      this.#anchors.set(anchor, result);
    }
    return result;
  }

  #convert(node: Node | null, before: Before): { result: SourceNode; size: number } {
    const offset = startOf(node, before);
    const tag = node === null ? undefined : shortTag(node.tag);
    if (isMap(node)) {
      const entries = this.#entriesOf(node);
      const size = entries.reduce(
        (sum, { key, value }) => sum + this.#size(key) + this.#size(value),
        1,
      );
      // The key may have an anchor of its own, and with it begins before the mapping's token.
      const start = Math.min(offset, entries[0]?.key.offset ?? offset);
      return { result: { kind: 'map', entries, offset: start, tag }, size };
    }
    if (isSeq(node)) {
      const items = this.#itemsOf(node);
      const size = items.reduce((sum, item) => sum + this.#size(item), 1);
      return { result: { kind: 'list', items, offset, tag }, size };
    }
    if (isAlias(node)) {
      const target = this.#targetOf(node.source, offset);
      return {
        result: { kind: 'alias', name: node.source, target, offset, tag },
        size: this.#size(target),
      };
    }
    const value = isScalar(node) ? String(node.value ?? '') : '';
    const isPlain = !isScalar(node) || node.type === 'PLAIN';
    return { result: { kind: 'scalar', value, isPlain, offset, tag }, size: value.length + 1 };
  }

  #entriesOf(map: YAMLMap): MapEntry[] {
    return map.items.map((pair) => {
      const { srcToken } = pair;
      const key = this.read(asNode(pair.key), beforeOf(srcToken?.start, map.range?.[0] ?? 0));
      const value = this.read(asNode(pair.value), beforeOf(srcToken?.sep, key.offset));
      return { key, value };
    });
  }

  #itemsOf(list: YAMLSeq): SourceNode[] {
    const token = list.srcToken;
    const items = token !== undefined && 'items' in token ? token.items : [];
    return list.items.map((item, index) => {
      return this.read(asNode(item), beforeOf(items[index]?.start, list.range?.[0] ?? 0));
    });
  }

  #targetOf(name: string, offset: number): SourceNode {
    if (this.#open.has(name)) throw problem(offset, `anchor '${name}' value contains itself`);
    const target = this.#anchors.get(name);
    if (target === undefined) throw problem(offset, `unknown anchor '${name}' referenced`);
    return target;
  }

  #size(node: SourceNode): number {
    return this.#sizes.get(node) ?? 0;
  }
}

function asNode(value: unknown): Node | null {
  if (value === null || value === undefined) return null;
  if (isScalar(value) || isMap(value) || isSeq(value) || isAlias(value)) return value;
  throw new TypeError(`unexpected YAML node: ${quote(String(value))}`);
}

function beforeOf(tokens: readonly CST.SourceToken[] | undefined, start: number): Before {
  const indicator = tokens?.findLastIndex(({ type }) => type.endsWith('-ind')) ?? -1;
  const last = tokens?.[indicator];
  return {
    props: (tokens ?? []).slice(indicator + 1),
    end: last === undefined ? start : last.offset + last.source.length,
  };
}

/** A node begins with its anchor or tag; an empty one sits right behind the indicator before it. */
function startOf(node: Node | null, { props, end }: Before): number {
  const prop = props.find(({ type }) => type === 'anchor' || type === 'tag');
  if (prop !== undefined) return prop.offset;
  const isEmpty = node === null || (isScalar(node) && node.type === 'PLAIN' && node.value === '');
  return isEmpty ? end : (node.range?.[0] ?? end);
}

function shortTag(tag: string | undefined): string | undefined {
  if (tag === '!') return undefined;
  return tag?.startsWith(STANDARD_TAGS) ? `!!${tag.slice(STANDARD_TAGS.length)}` : tag;
}

function problem(offset: number, message: string): SourceProblem {
  return new SourceProblem(message, [{ offset, message }]);
}
