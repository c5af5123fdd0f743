import type { ArrayNode, DocumentNode, ObjectField, ObjectNode } from './document-tree.ts';
import { parseDuration } from './duration.ts';
import { goQuote } from './go-quote.ts';
import { timeProblem } from './go-time.ts';

/** The Go type that a JSON value is decoded into; `goName` as Go's messages print it. */
export type GoType =
  | { readonly is: 'string' | 'boolean' | 'integer'; readonly goName: string }
  | GoText
  | GoBytes
  /** Whatever stands there. */
  | { readonly is: 'any'; readonly goName: string }
  | { readonly is: 'list' | 'map'; readonly goName: string; readonly of: GoType }
  | GoStruct;

/** A text that decodes itself. */
export interface GoText {
  readonly is: 'text';
  readonly goName: 'string';
  /** Why it cannot, in Go's words. */
  readonly objection: (text: string) => string | undefined;
}

/** Base64 text. */
interface GoBytes {
  readonly is: 'bytes';
  readonly goName: '[]uint8';
}

export interface GoStruct {
  readonly is: 'struct';
  readonly goName: string;
  readonly fields: ReadonlyMap<string, GoType>;
}

/** What strict decoding objects to, in Go's words; the offset is that of the value or field name. */
export interface DecodingProblem {
  readonly message: string;
  readonly offset: number;
}

export interface DecodingProblems {
  /**
   * Values of a wrong type, and durations and times that are none; Go tells the first. What decodes
   * itself, as these do, ends the decoding at once, whatever was wrong before it.
   */
  readonly wrongValues: readonly DecodingProblem[];
  /** Unknown and repeated fields, in the order met; below an unknown field nothing is looked at. */
  readonly strictErrors: readonly DecodingProblem[];
}

/**
 * Compares a document with the type it is decoded into: names are case-sensitive, null fits every
 * type. Source of the rule: sigs.k8s.io/json, UnmarshalStrict.
 */
export function decodingProblems(root: DocumentNode, type: GoType): DecodingProblems {
  const found: Findings = { wrongTexts: [], wrongValues: [], strictErrors: [] };
  new Comparison(found).value(root, type, { struct: type.goName, fields: [], path: '' });
  const { wrongTexts, wrongValues, strictErrors } = found;
  return { wrongValues: [...wrongTexts, ...wrongValues], strictErrors };
}

interface Findings {
  readonly wrongTexts: DecodingProblem[];
  readonly wrongValues: DecodingProblem[];
  readonly strictErrors: DecodingProblem[];
}

const MOST_STRICT_ERRORS = 100;

/** How to name a value in messages. */
interface Place {
  readonly struct: string;
  readonly fields: readonly string[];
  readonly path: string;
}

class Comparison {
  readonly #found: Findings;

  constructor(found: Findings) {
    this.#found = found;
  }

  value(node: DocumentNode, type: GoType, place: Place): void {
    if (node.type === 'null') return;
    if (type.is === 'any') {
      this.#any(node, type, place);
    } else if (type.is === 'list' && node.type === 'array') {
      this.#list(node, type.of, place);
    } else if (type.is === 'map' && node.type === 'object') {
      this.#map(node, type.of, place);
    } else if (type.is === 'struct' && node.type === 'object') {
      this.#struct(node, type, place);
    } else if (isFormattedText(type) && node.type === 'string') {
      this.#format(String(node.value), type, node.offset);
    } else if (!fits(node, type)) {
      this.#wrongType(node, type, place);
    }
  }

  #any(node: DocumentNode, type: GoType, place: Place): void {
    if (node.type === 'array') this.#list(node, type, place);
    else if (node.type === 'object') this.#map(node, type, place);
  }

  #list(node: ArrayNode, of: GoType, place: Place): void {
    for (const [index, item] of node.items.entries()) {
      this.value(item, of, { ...place, path: `${place.path}[${index}]` });
    }
  }

  #map(node: ObjectNode, of: GoType, place: Place): void {
    const seen = new Set<string>();
    for (const field of node.fields) {
      const path = joined(place.path, field.name);
      this.#once(field, path, seen);
      this.value(field.value, of, { ...place, path });
    }
  }

  #struct(node: ObjectNode, type: GoStruct, place: Place): void {
    const struct = type.goName.replace(/^.*\./, '');
    const seen = new Set<string>();
    for (const field of node.fields) {
      const path = joined(place.path, field.name);
      const fieldType = type.fields.get(field.name);
      if (fieldType === undefined) {
        this.#object('unknown', field, path);
      } else {
        this.#once(field, path, seen);
        this.value(field.value, fieldType, {
          struct,
          fields: [...place.fields, field.name],
          path,
        });
      }
    }
  }

  #once(field: ObjectField, path: string, seen: Set<string>): void {
    if (seen.has(field.name)) this.#object('duplicate', field, path);
    seen.add(field.name);
  }

  /** Tells one objection once, and no more than Go does. */
  #object(what: 'unknown' | 'duplicate', { nameOffset }: ObjectField, path: string): void {
    const { strictErrors } = this.#found;
    const message = `${what} field ${goQuote(path)}`;
    if (strictErrors.length === MOST_STRICT_ERRORS) return;
    if (strictErrors.some((one) => one.message === message)) return;
    strictErrors.push({ message, offset: nameOffset });
  }

  #format(text: string, type: GoText | GoBytes, offset: number): void {
    const message = type.is === 'text' ? type.objection(text) : base64Problem(text);
    if (message !== undefined) this.#wrongValues(type).push({ message, offset });
  }

  #wrongType(node: DocumentNode, type: GoType, { struct, fields }: Place): void {
    const target = fields.length === 0 ? 'value' : `struct field ${[struct, ...fields].join('.')}`;
    const found = foundType(node, type);
    const message = `json: cannot unmarshal ${found} into Go ${target} of type ${type.goName}`;
    this.#wrongValues(type).push({ message, offset: node.offset });
  }

  #wrongValues({ is }: GoType): DecodingProblem[] {
    return is === 'text' ? this.#found.wrongTexts : this.#found.wrongValues;
  }
}

function isFormattedText(type: GoType): type is GoText | GoBytes {
  return type.is === 'text' || type.is === 'bytes';
}

function fits(node: DocumentNode, type: GoType): boolean {
  if (node.type !== 'number') return node.type === type.is;
  const value = Number(node.value);
  return type.is === 'integer' && Number.isInteger(value) && Math.abs(value) <= 2 ** 63;
}

function foundType(node: DocumentNode, type: GoType): string {
  if (node.type === 'boolean') return 'bool';
  const isUnfit = node.type === 'number' && type.is === 'integer';
  return isUnfit ? `number ${node.value}` : node.type;
}

/** Go tells the first byte that cannot stand there, or the end of a text that is too short. */
function base64Problem(text: string): string | undefined {
  const whole = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
  if (whole.test(text)) return undefined;
  const stray = text.search(/[^A-Za-z0-9+/]/);
  return `illegal base64 data at input byte ${stray < 0 ? text.length : stray}`;
}

function joined(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

/** A field that stands twice in one object, and where. */
export interface RepeatedField extends ObjectField {
  readonly path: string;
}

/** Every repetition of a field in a document, inner ones first. */
export function repeatedFields(node: DocumentNode, path = ''): readonly RepeatedField[] {
  if (node.type === 'array') {
    return node.items.flatMap((item, index) => repeatedFields(item, `${path}[${index}]`));
  }
  if (node.type !== 'object') return [];
  const seen = new Set<string>();
  return node.fields.flatMap((field) => {
    const fieldPath = joined(path, field.name);
    const inner = repeatedFields(field.value, fieldPath);
    const isRepeated = seen.has(field.name);
    seen.add(field.name);
    return isRepeated ? [...inner, { ...field, path: fieldPath }] : inner;
  });
}

export const GO_STRING: GoType = { is: 'string', goName: 'string' };
export const GO_BOOLEAN: GoType = { is: 'boolean', goName: 'bool' };
export const GO_BYTES: GoType = { is: 'bytes', goName: '[]uint8' };
export const GO_ANYTHING: GoType = { is: 'any', goName: 'interface {}' };
export const GO_DURATION: GoType = {
  is: 'text',
  goName: 'string',
  objection: (text) => {
    const duration = parseDuration(text);
    return typeof duration === 'object' ? duration.error : undefined;
  },
};
export const GO_TIME: GoType = { is: 'text', goName: 'string', objection: timeProblem };
export const GO_STRINGS: GoType = { is: 'list', goName: '[]string', of: GO_STRING };

/** A Go struct's type from the names and types of its JSON fields. */
export function goStruct(goName: string, fields: Readonly<Record<string, GoType>>): GoStruct {
  return { is: 'struct', goName, fields: new Map(Object.entries(fields)) };
}
