import { isJsonObject, type JsonObject } from '../diagnostics/json.ts';
import { type DocumentNode, isDocumentError, plainValue } from '../kubelet/document-tree.ts';
import { type DecodingProblem, decodingProblems, repeatedFields } from '../kubelet/go-struct.ts';
import { readJson } from '../kubelet/read-json.ts';
import { readYaml } from '../kubelet/read-yaml.ts';
import { typeMetaOf, typeMetaParseError } from '../kubelet/type-meta.ts';
import { metadataTypeProblem } from '../platform/custom-resource/object-meta.ts';
import { prune } from '../platform/custom-resource/prune.ts';
import type { StructuralSchema } from '../platform/custom-resource/structural-schema.ts';
import { apiVersionOf, type Resource } from './api-resources.ts';
import { badRequest } from './api-status.ts';
import type { FieldValidation } from './api-write-options.ts';
import type { BuiltInKind } from './kinds/built-in-kind.ts';
import { goStructOf } from './kinds/go-type.ts';

/** An object of a request, pruned by its schema, and what a client should be warned of. */
export interface Decoded {
  readonly object: JsonObject;
  readonly warnings: readonly string[];
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
): Decoded {
  const body = decodeBody(text, mediaType);
  if ('error' in body) throw unrecognized(resource, body.error, text);
  const { kind, version } = typeOf(body.root, resource, text);
  const refused = (why: string): Error =>
    badRequest(`${kind} in version "${version}" cannot be handled as a ${resource.kind}: ${why}`);
  const problem = wrongType(body.root, resource);
  if (problem !== undefined) throw refused(problem.message);
  const value = plainValue(body.root);
  const decoded = decodeValue(
    { ...defaultsOf(resource), ...(isJsonObject(value) ? value : {}) },
    resource,
  );
  const objections =
    resource.builtIn === undefined
      ? [...body.repetitions, ...decoded.warnings]
      : strictObjections(body.root, resource.builtIn);
  if (fieldValidation === 'Strict' && objections.length > 0) {
    throw refused(`strict decoding error: ${objections.join(', ')}`);
  }
  return { object: decoded.object, warnings: fieldValidation === 'Warn' ? objections : [] };
}

/** Where Go's decoder stops: a custom resource's content is looked at later, by its schema. */
function wrongType(root: DocumentNode, { builtIn }: Resource): DecodingProblem | undefined {
  if (builtIn === undefined) return metadataTypeProblem(root);
  return decodingProblems(root, goStructOf(builtIn.schema)).wrongValues[0];
}

/** What strict decoding objects to in an object of a built-in kind, in the order it stands there. */
function strictObjections(root: DocumentNode, { schema }: BuiltInKind): readonly string[] {
  return decodingProblems(root, goStructOf(schema)).strictErrors.map(({ message }) => message);
}

/** The same for an object that is decoded already, such as a patched one. */
export function decodeValue(value: JsonObject, resource: Resource): Decoded {
  if (resource.builtIn !== undefined) return pruned(value, resource.builtIn.schema);
  const { apiVersion = '', kind } = value;
  const [group] = String(apiVersion).split('/');
  if (resource.schema === undefined || kind !== resource.kind || group !== resource.group) {
    return { object: value, warnings: [] };
  }
  const schema = apiVersion === apiVersionOf(resource) ? resource.schema : UNKNOWN_VERSION;
  return pruned(value, schema);
}

function pruned(value: JsonObject, schema: StructuralSchema): Decoded {
  const { object, unknownFields } = prune(value, schema);
  return { object, warnings: unknownFields.map((field) => `unknown field "${field}"`) };
}

/** A built-in kind need not be said; the path says it. */
function defaultsOf(resource: Resource): Readonly<Record<string, string>> {
  if (resource.schema !== undefined) return {};
  return { apiVersion: apiVersionOf(resource), kind: resource.kind };
}

const UNKNOWN_VERSION = { type: 'object' } as const;

function typeOf(
  root: DocumentNode,
  resource: Resource,
  text: string,
): { readonly kind: string; readonly version: string } {
  const meta = typeMetaOf(root);
  if ('error' in meta) throw unrecognized(resource, meta.error, text);
  const kind = meta.kind || (defaultsOf(resource)['kind'] ?? '');
  if (kind === '') throw unrecognized(resource, `Object 'Kind' is missing in '${text}'`, text);
  return { kind, version: meta.apiVersion.replace(/^.*\//, '') };
}

function unrecognized(resource: Resource, why: string, text: string): Error {
  return badRequest(
    `the object provided is unrecognized (must be of type ${resource.kind}): ${why} (${bodySummary(text)})`,
  );
}

/** A request's body as a tree, and what strict decoding objects to in it. */
export interface Body {
  readonly root: DocumentNode;
  /** `duplicate field "spec.x"`. */
  readonly repetitions: readonly string[];
}

/** Reads JSON, or YAML for a media type that says so. Returns the reason, in Go's words, where it cannot. */
export function decodeBody(text: string, mediaType: string): Body | { readonly error: string } {
  const document = /\byaml\b/.test(mediaType) ? readYaml(text) : jsonDocument(text);
  if (isDocumentError(document)) return { error: document.message };
  const { root } = document;
  const repetitions = repeatedFields(root).map(({ path }) => `duplicate field "${path}"`);
  return { root, repetitions };
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
