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
  /** Whether a character may count twice in a string's length. */
  readonly #hasPairs: boolean;

  /** The text of a file; bytes that are no UTF-8 become U+FFFD, and the first of them is `invalidAt`. */
  static of(bytes: Uint8Array): SourceText {
    const text = new TextDecoder().decode(bytes);
    return new SourceText(text, isUtf8(bytes) ? undefined : firstReplacement(bytes, text));
  }

  constructor(text: string, invalidAt?: number) {
    this.text = text;
    this.invalidAt = invalidAt;
    this.#hasPairs = /[\ud800-\udbff]/.test(text);
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
    return { line: line + 1, column: this.#characters(this.text.slice(start, offset)) + 1 };
  }

  /** How many characters a line has, counted from 1. */
  lengthOf(line: number): number {
    return this.#characters(this.lines[line - 1] ?? '');
  }

  #characters(text: string): number {
    if (!this.#hasPairs) return text.length;
    return text.length - (text.match(/[\udc00-\udfff]/g)?.length ?? 0);
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
const REPLACEMENT_BYTES = Buffer.from(REPLACEMENT);
const BYTE_ORDER_MARK = Buffer.from('\ufeff');

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
  let size = startsWith(bytes, 0, BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  let offset = 0;
  for (const character of text) {
    if (character === REPLACEMENT && !startsWith(bytes, size, REPLACEMENT_BYTES)) break;
    size += Buffer.byteLength(character);
    offset += character.length;
  }
  return offset;
}

function startsWith(bytes: Uint8Array, at: number, prefix: Uint8Array): boolean {
  return prefix.every((byte, index) => bytes[at + index] === byte);
}
