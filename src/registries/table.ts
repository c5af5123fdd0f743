import { quote } from '../diagnostics/quote.ts';
import { ConfProblem } from './errors.ts';
import { foldKey, type TomlPath } from './toml-path.ts';

type TomlTable = Readonly<Record<string, unknown>>;

function isTomlTable(value: unknown): value is TomlTable {
  // Dates are objects too, of Temporal's classes.
  return (
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}

/**
 * Reads the known keys of one TOML table. A key is found whatever its case, the exact spelling
 * first; a known key with a value of the wrong type is a `toml-type` problem, an unknown one is
 * never looked at.
 */
export class Table {
  readonly at: TomlPath | undefined;
  readonly #table: TomlTable;

  constructor(value: unknown, at: TomlPath | undefined) {
    if (!isTomlTable(value)) throw wrongType(at, 'a table', value);
    this.at = at;
    this.#table = value;
  }

  string(name: string): string | undefined {
    const value = this.#value(name);
    if (value === undefined || typeof value === 'string') return value;
    throw wrongType(this.place(name), 'a string', value);
  }

  boolean(name: string): boolean | undefined {
    const value = this.#value(name);
    if (value === undefined || typeof value === 'boolean') return value;
    throw wrongType(this.place(name), 'true or false', value);
  }

  strings(name: string): string[] | undefined {
    const within = this.place(name);
    return this.#array(name)?.map((value, key) => {
      if (typeof value !== 'string') throw wrongType({ within, key }, 'a string', value);
      return value;
    });
  }

  tables(name: string): Table[] | undefined {
    const within = this.place(name);
    return this.#array(name)?.map((value, key) => new Table(value, { within, key }));
  }

  table(name: string): Table | undefined {
    const value = this.#value(name);
    return value === undefined ? undefined : new Table(value, this.place(name));
  }

  /** All pairs of a table whose keys are free and whose values are strings; a value that is no table counts as missing. */
  stringsByKey(name: string): [string, string, TomlPath][] {
    const value = this.#value(name);
    const within = this.place(name);
    if (!isTomlTable(value)) return [];
    return Object.entries(value).map(([key, text]) => {
      const at = { within, key };
      if (typeof text !== 'string') throw wrongType(at, 'a string', text);
      return [key, text, at];
    });
  }

  /** The place of a key, for messages. */
  place(name: string): TomlPath {
    return { within: this.at, key: name };
  }

  #array(name: string): readonly unknown[] | undefined {
    const value = this.#value(name);
    if (value === undefined || Array.isArray(value)) return value;
    throw wrongType(this.place(name), 'an array', value);
  }

  #value(name: string): unknown {
    if (Object.hasOwn(this.#table, name)) return this.#table[name];
    for (const key in this.#table) {
      if (key.length === name.length && foldKey(key) === name) return this.#table[key];
    }
    return undefined;
  }
}

function wrongType(at: TomlPath | undefined, wanted: string, found: unknown): ConfProblem {
  const key = at === undefined ? 'the file' : nameOf(at);
  return new ConfProblem(
    'toml-type',
    `${key} must be ${wanted}, but it is ${typeName(found)}; see registries.conf(5)`,
    at,
  );
}

function nameOf(at: TomlPath): string {
  if (typeof at.key === 'string') return quote(at.key);
  return at.within === undefined ? 'the entry' : `each entry of ${nameOf(at.within)}`;
}

function typeName(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  if (isTomlTable(value)) return 'a table';
  switch (typeof value) {
    case 'string':
      return 'a string';
    case 'boolean':
      return 'a boolean';
    case 'number':
      return 'a number';
    default:
      return 'a date or time';
  }
}
