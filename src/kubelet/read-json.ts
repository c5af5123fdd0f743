import type { DocumentError, DocumentNode, ObjectField, ScalarNode } from './document-tree.ts';
import { goQuote } from './go-quote.ts';

const DEEPEST = 1000;
const WHITE_SPACE = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const STRING = /"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*"/y;
const START_OF_STRING = /"[^"\\\x00-\x1f]*(?:\\["\\/bfnrtu][^"\\\x00-\x1f]*)*/y;
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
    if (depth > DEEPEST) throw new JsonSyntaxError('exceeded max depth', this.#at);
    this.#skipSpace();
    const offset = this.#at;
    switch (this.#text[offset]) {
      case '{':
        return { type: 'object', fields: this.#fields(depth + 1), offset };
      case '[':
        return { type: 'array', items: this.#items(depth + 1), offset };
      case '"':
        return { type: 'string', value: this.#string(), offset };
      default:
        return { ...this.#numberOrLiteral(), offset };
    }
  }

  #fields(depth: number): ObjectField[] {
    const fields: ObjectField[] = [];
    this.#at += 1;
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
    this.#at += 1;
    if (this.#take(']')) return items;
    do items.push(this.#value(depth));
    while (this.#take(','));
    if (!this.#take(']')) throw this.#unexpected('after array element');
    return items;
  }

  #string(): string {
    const literal = this.#match(STRING);
    if (literal === undefined) {
      this.#match(START_OF_STRING);
      throw this.#unexpected('in string literal');
    }
    // Go replaces half a surrogate pair.
    return String(JSON.parse(literal)).toWellFormed();
  }

  #numberOrLiteral(): Pick<ScalarNode, 'type' | 'value'> {
    const number = this.#match(NUMBER);
    if (number !== undefined) return { type: 'number', value: Number(number) };
    const literal = LITERALS.find(([text]) => this.#text.startsWith(text, this.#at));
    if (literal === undefined) throw this.#unexpected('looking for beginning of value');
    this.#at += literal[0].length;
    return literal[1];
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
    const offset = this.#at;
    const code = this.#text.codePointAt(offset);
    if (code === undefined) return new JsonSyntaxError('unexpected end of JSON input', offset);
    const character = String.fromCodePoint(code);
    const shown = SHOWN[character] ?? goQuote(character).slice(1, -1);
    return new JsonSyntaxError(`invalid character '${shown}' ${where}`, offset);
  }
}
