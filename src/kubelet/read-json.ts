import { bytesOf } from './byte-string.ts';
import type { DocumentError, DocumentNode, ObjectField, ScalarNode } from './document-tree.ts';
import { goQuote } from './go-quote.ts';

const DEEPEST = 1000;
const WHITE_SPACE = /[ \t\r\n]*/y;
const STRING = /"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*"/y;
const START_OF_STRING = /"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*/y;
const HEXADECIMAL = /[0-9a-fA-F]*/y;
const DIGITS = /[0-9]+/y;
const EXPONENT = /[eE][+-]?/y;
/** Where Go's own quoting of a character differs from that of a string. */
const SHOWN: Readonly<Record<string, string>> = { '"': '"', "'": "\\'" };

const LITERALS: readonly [text: string, node: Pick<ScalarNode, 'type' | 'value'>][] = [
  ['true', { type: 'boolean', value: true }],
  ['false', { type: 'boolean', value: false }],
  ['null', { type: 'null', value: null }],
];

/**
 * Reads one JSON document (RFC 8259) and nothing after it, keeping positions and repeated field names,
 * which JSON.parse loses. An error is worded as Go's encoding/json does.
 */
export function readJson(text: string): DocumentNode | DocumentError {
  const reader = new JsonReader(text);
  try {
    return reader.document();
  } catch (error) {
    if (error instanceof JsonSyntaxError) return { message: error.message, offset: error.offset };
    throw error;
  }
}

class JsonSyntaxError extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

class JsonReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): DocumentNode {
    const node = this.#value(0);
    this.#skipSpace();
    if (this.#at < this.#text.length) throw this.#unexpected('after top-level value');
    return node;
  }

  #value(depth: number): DocumentNode {
    this.#skipSpace();
    const offset = this.#at;
    const first = this.#text[offset] ?? '';
    switch (first) {
      case '{':
        return { type: 'object', fields: this.#fields(depth + 1), offset };
      case '[':
        return { type: 'array', items: this.#items(depth + 1), offset };
      case '"':
        return { type: 'string', value: this.#string(), offset };
      default: {
        const isNumber = first === '-' || isDigit(first);
        return { ...(isNumber ? this.#number() : this.#literal()), offset };
      }
    }
  }

  #fields(depth: number): ObjectField[] {
    const fields: ObjectField[] = [];
    this.#enter(depth);
    if (this.#take('}')) return fields;
    do {
      this.#skipSpace();
      const nameOffset = this.#at;
      if (this.#text[nameOffset] !== '"') {
        throw this.#unexpected('looking for beginning of object key string');
      }
      const name = this.#string();
      if (!this.#take(':')) throw this.#unexpected('after object key');
      fields.push({ name, nameOffset, value: this.#value(depth) });
    } while (this.#take(','));
    if (!this.#take('}')) throw this.#unexpected('after object key:value pair');
    return fields;
  }

  #items(depth: number): DocumentNode[] {
    const items: DocumentNode[] = [];
    this.#enter(depth);
    if (this.#take(']')) return items;
    do items.push(this.#value(depth));
    while (this.#take(','));
    if (!this.#take(']')) throw this.#unexpected('after array element');
    return items;
  }

  #enter(depth: number): void {
    if (depth > DEEPEST) throw this.#unexpected('exceeded max depth');
    this.#at += 1;
  }

  #string(): string {
    const literal = this.#match(STRING);
    if (literal === undefined) throw this.#brokenString();
    // Go replaces half a surrogate pair.
    return String(JSON.parse(literal)).toWellFormed();
  }

  /** Stops at the first character that the string cannot go on with. */
  #brokenString(): JsonSyntaxError {
    this.#match(START_OF_STRING);
    if (this.#text[this.#at] !== '\\') return this.#unexpected('in string literal');
    this.#at += 1;
    if (this.#text[this.#at] !== 'u') return this.#broken('in string escape code');
    this.#at += 1;
    this.#match(HEXADECIMAL);
    return this.#broken('in \\u hexadecimal character escape');
  }

  #number(): Pick<ScalarNode, 'type' | 'value'> {
    const start = this.#at;
    if (this.#text[this.#at] === '-') this.#at += 1;
    if (this.#text[this.#at] === '0') this.#at += 1;
    else this.#digits('in numeric literal');
    if (this.#text[this.#at] === '.') {
      this.#at += 1;
      this.#digits('after decimal point in numeric literal');
    }
    if (this.#match(EXPONENT) !== undefined) this.#digits('in exponent of numeric literal');
    return { type: 'number', value: Number(this.#text.slice(start, this.#at)) };
  }

  #digits(where: string): void {
    if (this.#match(DIGITS) === undefined) throw this.#broken(where);
  }

  #literal(): Pick<ScalarNode, 'type' | 'value'> {
    const literal = LITERALS.find(([text]) => text[0] === this.#text[this.#at]);
    if (literal === undefined) throw this.#unexpected('looking for beginning of value');
    const [text, node] = literal;
    for (const character of text) {
      if (this.#text[this.#at] !== character) {
        throw this.#broken(`in literal ${text} (expecting '${character}')`);
      }
      this.#at += 1;
    }
    return node;
  }

  #take(character: string): boolean {
    this.#skipSpace();
    const found = this.#text[this.#at] === character;
    if (found) this.#at += 1;
    return found;
  }

  #skipSpace(): void {
    this.#match(WHITE_SPACE);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  #unexpected(where: string): JsonSyntaxError {
    if (this.#at < this.#text.length) return this.#broken(where);
    return new JsonSyntaxError('unexpected end of JSON input', this.#at);
  }

  /** Within a number, literal or escape Go takes the end of the text for a blank. */
  #broken(where: string): JsonSyntaxError {
    const code = this.#text.codePointAt(this.#at) ?? 0x20;
    // Go reads bytes, so of a character beyond ASCII it shows the first one.
    const byte = bytesOf(String.fromCodePoint(code)).charAt(0);
    const shown = SHOWN[byte] ?? goQuote(byte).slice(1, -1);
    return new JsonSyntaxError(`invalid character '${shown}' ${where}`, this.#at);
  }
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9';
}
