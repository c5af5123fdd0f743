/** A line and column, both from 1; columns count characters. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A text with its lines, for messages that point into it. */
export class SourceText {
  readonly text: string;
  readonly lines: readonly string[];
  /** The offset of what is no UTF-8. */
  readonly invalidAt: number | undefined;
  readonly #starts: number[] = [];

  /** The text of a file; bytes that are no UTF-8 become U+FFFD, and the first of them is `invalidAt`. */
  static of(bytes: Uint8Array): SourceText {
    const text = new TextDecoder().decode(bytes);
    return new SourceText(text, isUtf8(bytes) ? undefined : firstReplacement(bytes, text));
  }

  constructor(text: string, invalidAt?: number) {
    this.text = text;
    this.invalidAt = invalidAt;
    this.lines = text.split('\n');
    let start = 0;
    for (const line of this.lines) {
      this.#starts.push(start);
      start += line.length + 1;
    }
  }

  /** The position of an offset in UTF-16 units. */
  positionOf(offset: number): Position {
    const line = this.#lineOf(offset);
    const start = this.#starts[line] ?? 0;
    return { line: line + 1, column: [...this.text.slice(start, offset)].length + 1 };
  }

  #lineOf(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

const REPLACEMENT = '\ufffd';

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** The first U+FFFD that does not stand in the bytes itself. */
function firstReplacement(bytes: Uint8Array, text: string): number {
  let size = 0;
  for (let offset = 0; offset < text.length; offset += 1) {
    const character = text[offset] ?? '';
    const isOwn = bytes[size] === 0xef && bytes[size + 1] === 0xbf && bytes[size + 2] === 0xbd;
    if (character === REPLACEMENT && !isOwn) return offset;
    size += Buffer.byteLength(character);
  }
  return 0;
}
