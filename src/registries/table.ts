import { foldCase } from '../diagnostics/fold-case.ts';
import { map } from '../diagnostics/lists.ts';
import { quote } from '../diagnostics/quote.ts';
import { ConfProblem } from './errors.ts';
import type { TomlPath } from './toml-path.ts';

type TomlTable = Readonly<Record<string, unknown>>;

function isTomlTable(value: unknown): value is TomlTable {
  // Dates are objects too, of Temporal's classes.
  return (
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}

/**
 * Reads the known keys of one TOML table. A key is found whatever its case, and of several spellings
 * the exact one counts; but every one of them must have the right type, as the library decodes them
 * all. A wrong type is a `toml-type` problem; an unknown key is never looked at.
 */
export class Table {
  readonly at: TomlPath | undefined;
  private readonly fields: TomlTable;

  constructor(value: unknown, at: TomlPath | undefined) {
    if (!isTomlTable(value)) throw wrongType(at, 'a table', value);
    this.at = at;
    this.fields = value;
  }

  string(name: string): string | undefined {
    return this.first(name, stringOf);
  }

  boolean(name: string): boolean | undefined {
    return this.first(name, booleanOf);
  }

  strings(name: string): string[] | undefined {
    return this.first(name, (value, within) =>
      map(arrayOf(value, within), (text, key) => stringOf(text, { within, key })),
    );
  }

  /** What `read` makes of each table of an array. */
  tables<T>(name: string, read: (table: Table) => T): T[] | undefined {
    return this.first(name, (value, within) =>
      map(arrayOf(value, within), (table, key) => read(new Table(table, { within, key }))),
    );
  }

  table(name: string): Table | undefined {
    return this.spellings(name)[0];
  }

  /** The table of a key, or several where the key stands in several spellings. */
  spellings(name: string): Table[] {
    const tables: Table[] = [];
    this.first(name, (value, at) => tables.push(new Table(value, at)));
    return tables;
  }

  /** All pairs of a table whose keys are free and whose values are strings; a value that is no table counts as missing. */
  stringsByKey(name: string): [string, string, TomlPath][] {
    const pairs: [string, string, TomlPath][] = [];
    this.first(name, (value, within) => {
      if (!isTomlTable(value)) return;
      for (const [key, text] of Object.entries(value)) {
        const at = { within, key };
        pairs.push([key, stringOf(text, at), at]);
      }
    });
    return pairs;
  }

  /** Reads the value of every spelling of a key, and returns what the first gave, which is the exact one. */
  private first<T>(name: string, read: (value: unknown, at: TomlPath) => T): T | undefined {
    let first: T | undefined;
    if (Object.hasOwn(this.fields, name)) {
      first = read(this.fields[name], { within: this.at, key: name });
    }
    for (const key in this.fields) {
      if (key.length !== name.length || key === name || foldCase(key) !== name) continue;
      const other = read(this.fields[key], { within: this.at, key });
      first ??= other;
    }
    return first;
  }
}

function stringOf(value: unknown, at: TomlPath): string {
  if (typeof value === 'string') return value;
  throw wrongType(at, 'a string', value);
}

function booleanOf(value: unknown, at: TomlPath): boolean {
  if (typeof value === 'boolean') return value;
  throw wrongType(at, 'true or false', value);
}

function arrayOf(value: unknown, at: TomlPath): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw wrongType(at, 'an array', value);
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
