import { isJsonObject, type JsonObject } from '../diagnostics/json.ts';
import { type DocumentNode, isDocumentError, plainValue } from '../kubelet/document-tree.ts';
import { decodingProblems, GO_ANYTHING, type GoType } from '../kubelet/go-struct.ts';
import { goJson } from '../kubelet/go-value.ts';
import { readYaml } from '../kubelet/read-yaml.ts';
import { strictYamlErrors, yamlRepetitions } from '../kubelet/yaml-repetitions.ts';
import { asObjectMeta } from '../platform/custom-resource/object-meta.ts';
import { applyError } from './api-apply-errors.ts';
import { applyConfiguration, type FieldOwners } from './api-apply-patch.ts';
import type { ApiObject } from './api-object.ts';
import { patchedObject } from './api-patched-object.ts';
import { apiVersionOf } from './api-resources.ts';
import { applyConflict, badRequest, unclassified } from './api-status.ts';
import {
  checkName,
  createObject,
  metadataOf,
  type Patched,
  updateObject,
  type Write,
} from './api-write.ts';

/**
 * Server-side apply of a configuration, JSON or YAML; makes an object that is missing. @throws StatusError
 * for what is no configuration of the resource, for conflicts, and under `Strict` for repeated fields.
 */
export function applyPatch(write: Write, text: string, existing: ApiObject | undefined): Patched {
  const root = configurationTree(text);
  const config = configurationOf(write, plainValue(root));
  const { object, owners } = application(write, config, existing);
  objectToRepetitions(write, yamlRepetitions(root, text));
  checkName(write, object);
  const isNew = existing === undefined;
  const stored = isNew
    ? createObject(write, object, owners)
    : updateObject(write, object, existing, owners);
  return { object: stored, isNew };
}

function application(
  write: Write,
  config: JsonObject,
  existing: ApiObject | undefined,
): { readonly object: JsonObject; readonly owners: FieldOwners } {
  const { store, resource, info, options } = write;
  const live = existing ?? { apiVersion: apiVersionOf(resource), kind: resource.kind };
  const part = info.subresource === '' ? '' : ` with subresource "${info.subresource}"`;
  const manager = `"${options.fieldManager}"${part}`;
  const owners: FieldOwners = store.owners.get(existing?.metadata.uid ?? '') ?? new Map();
  const { schema } = resource;
  const result = applyConfiguration({ live, config, schema, owners, manager });
  if (result.conflicts.length > 0 && !options.force) throw applyConflict(result.conflicts);
  if (schema === undefined) {
    return { object: patchedObject(write, goJson(result.object), []), owners: result.owners };
  }
  const { resourceVersion, ...metadata } = asObjectMeta(metadataOf(result.object));
  const version =
    existing === undefined || resourceVersion === undefined ? {} : { resourceVersion };
  const { status, ...rest } = result.object;
  const object = { ...rest, ...((status ?? null) === null ? {} : { status }) };
  return { object: { ...object, metadata: { ...metadata, ...version } }, owners: result.owners };
}

const CONFIGURATION: GoType = {
  is: 'map',
  goName: 'map[string]interface {}',
  of: GO_ANYTHING,
};

function configurationTree(text: string): DocumentNode {
  const undecodable = (why: string): Error => badRequest(`error decoding YAML: ${why}`);
  const document = readYaml(text);
  if (isDocumentError(document)) {
    throw undecodable(`error converting YAML to JSON: ${document.message}`);
  }
  const [error] = decodingProblems(document.root, CONFIGURATION).wrongValues;
  if (error !== undefined) {
    throw undecodable(`error unmarshaling JSON: while decoding JSON: ${error.message}`);
  }
  return document.root;
}

/** The configuration without what the patched part of the object may not set. */
function configurationOf({ resource, info }: Write, patch: unknown): JsonObject {
  const config = isJsonObject(patch) ? patch : {};
  const type = typeOf(config);
  if (type !== typeOf({ apiVersion: apiVersionOf(resource), kind: resource.kind })) {
    throw badRequest(`invalid object type: ${type}`);
  }
  const metadata = metadataOf(config);
  if (Array.isArray(metadata['managedFields']))
    throw badRequest('metadata.managedFields must be nil');
  if (resource.schema === undefined) return config;
  const error = applyError(config, resource.schema);
  if (error !== undefined) {
    const { namespace, name } = metadata;
    const what = `${textOf(namespace)}/${textOf(name)}; ${type}`;
    throw unclassified(`failed to create typed patch object (${what}): ${error}`);
  }
  const { spec, status, ...rest } = config;
  if (info.subresource !== 'status') return { ...rest, ...(spec === undefined ? {} : { spec }) };
  const { name, resourceVersion } = metadata;
  const kept = Object.entries({ name, resourceVersion }).filter(([, value]) => value !== undefined);
  return {
    ...rest,
    metadata: Object.fromEntries(kept),
    ...(status === undefined ? {} : { status }),
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** As Go prints a group, a version and a kind. */
function typeOf({ apiVersion, kind }: JsonObject): string {
  const [group, version, ...more] = typeof apiVersion === 'string' ? apiVersion.split('/') : [''];
  if (more.length > 0) return '/, Kind=';
  const place = version === undefined ? `/${group}` : `${group}/${version}`;
  return `${place}, Kind=${typeof kind === 'string' ? kind : ''}`;
}

function objectToRepetitions({ options, warnings }: Write, repetitions: readonly string[]): void {
  if (repetitions.length === 0) return;
  if (options.fieldValidation === 'Strict') {
    const why = `error converting YAML to JSON: ${strictYamlErrors(repetitions).join()}`;
    throw badRequest(`error strict decoding YAML: ${why}`);
  }
  if (options.fieldValidation === 'Warn') for (const one of repetitions) warnings.add(one);
}
