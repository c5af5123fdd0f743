/**
 * Whether a glob covers a whole text: `*` is any run of characters, `?` one character, `[a-z]` and
 * `[^a]` classes, `\` takes the next character literally; only `/` is never matched by a wildcard.
 * Returns undefined where the glob itself is malformed. The kubelet applies it to one host label at
 * a time. Source of the rule: Go's filepath.Match.
 */
export function globMatches(pattern: string, text: string): boolean | undefined {
  const items = globItems([...pattern]);
  return items === undefined ? undefined : coversAll(items, [...text]);
}

const ANY_RUN = 'any run';
const ANY_ONE = 'any one';

interface CharacterClass {
  readonly negated: boolean;
  readonly ranges: readonly (readonly [from: string, to: string])[];
}

type GlobItem = typeof ANY_RUN | typeof ANY_ONE | { readonly character: string } | CharacterClass;

function globItems(characters: readonly string[]): readonly GlobItem[] | undefined {
  const items: GlobItem[] = [];
  for (let at = 0; at < characters.length; ) {
    const item = itemAt(characters, at);
    if (item === undefined) return undefined;
    items.push(item.item);
    at = item.end;
  }
  return items;
}

function itemAt(
  characters: readonly string[],
  at: number,
): { item: GlobItem; end: number } | undefined {
  const character = characters[at] ?? '';
  switch (character) {
    case '*':
      return { item: ANY_RUN, end: at + 1 };
    case '?':
      return { item: ANY_ONE, end: at + 1 };
    case '[':
      return classAt(characters, at + 1);
    case '\\': {
      const literal = characters[at + 1];
      return literal === undefined ? undefined : { item: { character: literal }, end: at + 2 };
    }
    default:
      return { item: { character }, end: at + 1 };
  }
}

function classAt(
  characters: readonly string[],
  start: number,
): { item: CharacterClass; end: number } | undefined {
  const negated = characters[start] === '^';
  const ranges: [string, string][] = [];
  let at = negated ? start + 1 : start;
  while (characters[at] !== ']' || ranges.length === 0) {
    const from = classCharacterAt(characters, at);
    if (from === undefined) return undefined;
    const isRange = characters[from.end] === '-';
    const to = isRange ? classCharacterAt(characters, from.end + 1) : from;
    if (to === undefined) return undefined;
    ranges.push([from.character, to.character]);
    at = to.end;
  }
  return { item: { negated, ranges }, end: at + 1 };
}

function classCharacterAt(
  characters: readonly string[],
  at: number,
): { character: string; end: number } | undefined {
  const first = characters[at];
  if (first === undefined || first === '-' || first === ']') return undefined;
  const escaped = first === '\\';
  const character = escaped ? characters[at + 1] : first;
  return character === undefined ? undefined : { character, end: at + (escaped ? 2 : 1) };
}

/** Each `*` first takes nothing and grows only when what follows it does not fit; no recursion. */
function coversAll(items: readonly GlobItem[], characters: readonly string[]): boolean {
  let item = 0;
  let at = 0;
  let retry: { item: number; at: number } | undefined;
  while (at < characters.length || item < items.length) {
    if (items[item] === ANY_RUN) {
      item += 1;
      retry = { item, at };
    } else if (matchesOne(items[item], characters[at])) {
      item += 1;
      at += 1;
    } else {
      const skipped = retry === undefined ? undefined : characters[retry.at];
      if (retry === undefined || skipped === undefined || skipped === '/') return false;
      retry = { item: retry.item, at: retry.at + 1 };
      item = retry.item;
      at = retry.at;
    }
  }
  return true;
}

function matchesOne(item: GlobItem | undefined, character: string | undefined): boolean {
  if (item === undefined || character === undefined || item === ANY_RUN) return false;
  if (item === ANY_ONE) return character !== '/';
  if ('character' in item) return item.character === character;
  const inside = item.ranges.some(([from, to]) => isBetween(character, from, to));
  return inside !== item.negated;
}

function isBetween(character: string, from: string, to: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return (from.codePointAt(0) ?? 0) <= code && code <= (to.codePointAt(0) ?? 0);
}
