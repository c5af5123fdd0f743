import { isJsonObject, type JsonObject } from '../diagnostics/json.ts';
import {
  asJson,
  type DocumentNode,
  isDocumentError,
  plainValue,
} from '../kubelet/document-tree.ts';
import { decodingProblems, repeatedFields } from '../kubelet/go-struct.ts';
import { goJson } from '../kubelet/go-value.ts';
import { readJson } from '../kubelet/read-json.ts';
import { readYaml } from '../kubelet/read-yaml.ts';
import { typeMetaOf, typeMetaParseError } from '../kubelet/type-meta.ts';
import { strictYamlErrors, yamlRepetitions } from '../kubelet/yaml-repetitions.ts';
import { asObjectMeta, metadataProblems } from '../platform/custom-resource/object-meta.ts';
import { type Pruned, prune } from '../platform/custom-resource/prune.ts';
import { apiVersionOf, type Resource } from './api-resources.ts';
import { badRequest } from './api-status.ts';
import type { FieldValidation } from './api-write-options.ts';
import type { BuiltInKind } from './kinds/built-in-kind.ts';
import { goStructOf } from './kinds/go-type.ts';

/** An object as its schema keeps it, and what strict decoding objects to in it. */
export interface Decoded {
  readonly object: JsonObject;
  readonly objections: readonly string[];
}

/** The object of a request, and what a client should be warned of. */
export interface Received {
  readonly object: JsonObject;
  readonly warnings: readonly string[];
}

/** Why something cannot be decoded, in Go's words. */
export interface Undecodable {
  readonly error: string;
}

/**
 * Decodes the object of a create or update, JSON or YAML. @throws StatusError 400 for what is no object
 * of the resource's version, and under `Strict` for unknown and repeated fields.
 */
export function decodeObject(
  text: string,
  mediaType: string,
  resource: Resource,
  fieldValidation: FieldValidation,
): Received {
  const body = decodeBody(text, mediaType);
  if ('error' in body) throw unrecognized(resource, body.error, text);
  const meta = typeOf(body.root, resource);
  if ('error' in meta) throw unrecognized(resource, meta.error, text);
  const { kind, version } = meta;
  if (kind === '') throw withoutKind(body.root, resource, { text, mediaType, fieldValidation });
  const refused = (why: string): Error => unhandled(resource, { kind, version }, why);
  const decoded = decodeTree(body.root, resource);
  if ('error' in decoded) throw refused(decoded.error);
  const told = isToldByDecoding(resource, mediaType) ? NOTHING_TOLD : body;
  const objections = [...told.objections, ...decoded.objections];
  if (fieldValidation === 'Strict' && objections.length > 0) {
    throw refused(`strict decoding error: ${objections.join(', ')}`);
  }
  const warnings = fieldValidation === 'Warn' ? [...told.warnings, ...decoded.objections] : [];
  return { object: decoded.object, warnings };
}

const NOTHING_TOLD = { objections: [], warnings: [] } as const;

/** Whether decoding itself tells what is repeated, among what is unknown. */
function isToldByDecoding({ builtIn }: Resource, mediaType: string): boolean {
  return builtIn !== undefined && !isYaml(mediaType);
}

/** Decodes an object that a patch has made. */
export function decodePatched(json: string, resource: Resource): Decoded | Undecodable {
  const root = readJson(json);
  if (isDocumentError(root)) return { error: typeMetaParseError(root.message) };
  const meta = typeOf(root, resource);
  if ('error' in meta) return meta;
  if (meta.kind === '') return { error: missingKind(json) };
  return decodeTree(root, resource);
}

function decodeTree(root: DocumentNode, resource: Resource): Decoded | Undecodable {
  const tree = plainValue(root);
  const value = { ...defaultsOf(resource), ...(isJsonObject(tree) ? tree : {}) };
  const { schema, builtIn } = resource;
  if (builtIn !== undefined) return decodeBuiltIn(root, value, builtIn);
  if (schema === undefined) return { object: value, objections: [] };
  const { apiVersion = '', kind } = value;
  if (typeof apiVersion !== 'string') return { error: NO_API_VERSION };
  const metadata = metadataProblems(root);
  if (metadata.error !== undefined) return { error: metadata.error.message };
  const [group] = apiVersion.split('/');
  const isKnown = kind === resource.kind && group === resource.group;
  const known = apiVersion === apiVersionOf(resource) ? schema : UNKNOWN_VERSION;
  const { object, unknownFields } = isKnown ? prune(value, known) : keepAll(value);
  const unknown = unknownFields.map((field) => `unknown field "${field}"`);
  const objections = [...metadata.unknownFields.map(({ message }) => message), ...unknown];
  return { object, objections };
}

/** Go's decoder stops at a wrong value, and tells repeated fields together with unknown ones. */
function decodeBuiltIn(
  root: DocumentNode,
  value: JsonObject,
  { schema }: BuiltInKind,
): Decoded | Undecodable {
  const { wrongValues, strictErrors } = decodingProblems(root, goStructOf(schema));
  const [wrong] = wrongValues;
  if (wrong !== undefined) return { error: wrong.message };
  const { object } = prune(value, schema);
  return { object, objections: strictErrors.map(({ message }) => message) };
}

/** An object of another kind: only its metadata is looked at. */
function keepAll(value: JsonObject): Pruned {
  const { metadata, ...rest } = value;
  const kept = isJsonObject(metadata) ? { metadata: asObjectMeta(metadata) } : {};
  return { object: { ...rest, ...kept }, unknownFields: [] };
}

const NO_API_VERSION = '.apiVersion accessor error: <nil> is of the type <nil>, expected string';

/** A built-in kind need not be said; the path says it. */
function defaultsOf(resource: Resource): Readonly<Record<string, string>> {
  if (resource.schema !== undefined) return {};
  return { apiVersion: apiVersionOf(resource), kind: resource.kind };
}

const UNKNOWN_VERSION = { type: 'object' } as const;

function typeOf(root: DocumentNode, resource: Resource): ObjectType | Undecodable {
  const meta = typeMetaOf(root);
  if ('error' in meta) return meta;
  const kind = meta.kind || (defaultsOf(resource)['kind'] ?? '');
  return { kind, version: meta.apiVersion.replace(/^.*\//, '') };
}

interface ObjectType {
  readonly kind: string;
  readonly version: string;
}

/** Who ignores fields is told of what the YAML became. */
function withoutKind(
  root: DocumentNode,
  resource: Resource,
  received: {
    readonly text: string;
    readonly mediaType: string;
    readonly fieldValidation: FieldValidation;
  },
): Error {
  const { text, mediaType, fieldValidation } = received;
  if (fieldValidation !== 'Ignore') return unrecognized(resource, missingKind(text), text);
  const json = isYaml(mediaType) ? goJson(plainValue(root)) : text;
  return unhandled(resource, resource, missingKind(json));
}

function missingKind(text: string): string {
  return `Object 'Kind' is missing in '${text}'`;
}

function unhandled(resource: Resource, { kind, version }: ObjectType, why: string): Error {
  return badRequest(
    `${kind} in version "${version}" cannot be handled as a ${resource.kind}: ${why}`,
  );
}

function unrecognized(resource: Resource, why: string, text: string): Error {
  return badRequest(
    `the object provided is unrecognized (must be of type ${resource.kind}): ${why} (${bodySummary(text)})`,
  );
}

/** A request's body as a tree, and what strict decoding objects to in it. */
export interface Body {
  readonly root: DocumentNode;
  readonly objections: readonly string[];
  /** The same, each repetition by itself. */
  readonly warnings: readonly string[];
}

/** Reads JSON, or YAML for a media type that says so. */
export function decodeBody(text: string, mediaType: string): Body | Undecodable {
  const document = isYaml(mediaType) ? readYaml(text) : jsonDocument(text);
  if (isDocumentError(document)) return { error: document.message };
  const { root } = document;
  if (isYaml(mediaType)) {
    const warnings = yamlRepetitions(root, text);
    return { root: asJson(root), objections: strictYamlErrors(warnings), warnings };
  }
  const objections = repeatedFields(root).map(({ path }) => `duplicate field "${path}"`);
  return { root, objections, warnings: objections };
}

function isYaml(mediaType: string): boolean {
  return /\byaml\b/.test(mediaType);
}

function jsonDocument(text: string): ReturnType<typeof readYaml> {
  const root = readJson(text);
  return isDocumentError(root) ? { ...root, message: typeMetaParseError(root.message) } : { root };
}

const LONGEST_SUMMARY = 30;

/** The start of a body: as it is where it looks like JSON, else in hexadecimal. */
function bodySummary(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length === 0) return '<empty>';
  const start = bytes.subarray(0, LONGEST_SUMMARY);
  const shown = text.startsWith('{') ? start.toString() : start.toString('hex');
  return bytes.length > LONGEST_SUMMARY ? `${shown} ...` : shown;
}
