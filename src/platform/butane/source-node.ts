/** A place in a config: field names and list indexes from the top. */
export type Path = readonly (string | number)[];

/** A node of the YAML text, not interpreted yet. Offsets count UTF-16 units from the start of the text. */
export type SourceNode = ScalarNode | MapNode | ListNode | AliasNode;

interface Placed {
  /** Where the node begins, with its anchor and tag. */
  readonly offset: number;
  /** An explicit tag, `tag:yaml.org,2002:` shortened to `!!`. */
  readonly tag: string | undefined;
}

export interface ScalarNode extends Placed {
  readonly kind: 'scalar';
  readonly value: string;
  /** Unquoted: it may be a number, a boolean or null. */
  readonly isPlain: boolean;
}

export interface MapEntry {
  readonly key: SourceNode;
  readonly value: SourceNode;
}

export interface MapNode extends Placed {
  readonly kind: 'map';
  readonly entries: readonly MapEntry[];
}

export interface ListNode extends Placed {
  readonly kind: 'list';
  readonly items: readonly SourceNode[];
}

export interface AliasNode extends Placed {
  readonly kind: 'alias';
  readonly name: string;
  readonly target: SourceNode;
}

/** What a key reads as; keys that are no scalars have no text. */
export function keyText(key: SourceNode): string {
  if (key.kind === 'scalar') return key.value;
  return key.kind === 'alias' ? key.name : '';
}

/** The node under a field name or index; an alias and what it stands for are not entered. */
export function childOf(node: SourceNode | undefined, step: string | number) {
  if (node?.kind === 'list') return typeof step === 'number' ? node.items[step] : undefined;
  if (node?.kind !== 'map') return undefined;
  return node.entries.findLast(({ key }) => keyText(key) === step)?.value;
}

/**
 * Where to point for a path: at its node, or at the nearest one above that the text has. With `atKey`
 * the path's last step is pointed at rather than its value.
 */
export function offsetOf(root: SourceNode, path: Path, atKey: boolean): number {
  let node = root;
  for (const [index, step] of path.entries()) {
    if (atKey && index === path.length - 1) return keyOffset(node, step) ?? node.offset;
    const child = childOf(node, step);
    if (child === undefined) break;
    node = child;
  }
  return node.offset;
}

function keyOffset(node: SourceNode, step: string | number): number | undefined {
  if (node.kind !== 'map') return undefined;
  return node.entries.findLast(({ key }) => keyText(key) === step)?.key.offset;
}
