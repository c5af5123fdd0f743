import { isJsonObject, type JsonObject } from '../diagnostics/json.ts';
import { plainValue } from '../kubelet/document-tree.ts';
import { goQuote } from '../kubelet/go-quote.ts';
import { typeMetaOf } from '../kubelet/type-meta.ts';
import { notSupported } from '../platform/custom-resource/field-error.ts';
import { decodeBody } from './api-decode.ts';
import { type ApiObject, fieldAt, textAt } from './api-object.ts';
import { apiVersionOf, type Resource } from './api-resources.ts';
import type { Answer } from './api-response.ts';
import { badRequest, invalidObject, type StatusDetails, StatusError } from './api-status.ts';
import { type ObjectStore, timestamp } from './api-store.ts';
import { checkObjectType, objectType, type WriteRequest } from './api-write-requests.ts';

/** Answers the DELETE of an object. @throws StatusError for every refusal. */
export async function answerDelete({
  request,
  store,
  resource,
  info,
}: WriteRequest): Promise<Answer> {
  const options = await readOptions(request);
  const namespace = resource.namespaced ? info.namespace : '';
  const object = store.need(resource, namespace, info.name);
  requirePreconditions(resource, object, options);
  const kept = remove(store, resource, object, options);
  return { status: 200, body: kept ?? success(object, resource) };
}

/** Answers the DELETE of all objects of a kind. @throws StatusError for every refusal. */
export async function answerDeleteAll({
  request,
  store,
  resource,
  info,
}: WriteRequest): Promise<Answer> {
  const options = await readOptions(request);
  const items = store.list(resource, resource.namespaced ? info.namespace : '');
  for (const object of items) remove(store, resource, object, options);
  const metadata = { resourceVersion: String(store.revision) };
  const kind = `${resource.kind}List`;
  return { status: 200, body: { apiVersion: apiVersionOf(resource), kind, metadata, items } };
}

interface DeleteOptions {
  readonly propagationPolicy: string;
  readonly orphanDependents: boolean;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly dryRun: boolean;
}

const POLICIES = ['Foreground', 'Background', 'Orphan', 'nil'];

/** A body, where there is one, stands for the query. */
async function readOptions(request: Request): Promise<DeleteOptions> {
  const text = await request.text();
  if (text !== '') checkObjectType(request);
  const options =
    text === ''
      ? queryOptions(new URL(request.url).searchParams)
      : bodyOptions(text, objectType(request));
  const { propagationPolicy = '', dryRun } = options;
  const dryRuns: readonly unknown[] = Array.isArray(dryRun) ? dryRun : [];
  const errors = [
    ...(propagationPolicy === '' || POLICIES.includes(String(propagationPolicy))
      ? []
      : [notSupported(['propagationPolicy'], propagationPolicy, POLICIES)]),
    ...(dryRuns.every((one) => one === 'All') ? [] : [notSupported(['dryRun'], dryRuns, ['All'])]),
  ];
  const kind = 'DeleteOptions';
  if (errors.length > 0) throw invalidObject({ group: 'meta.k8s.io', kind }, '', errors);
  return {
    propagationPolicy: String(propagationPolicy),
    orphanDependents: options['orphanDependents'] === true,
    uid: textAt(options, 'preconditions.uid') ?? '',
    resourceVersion: textAt(options, 'preconditions.resourceVersion') ?? '',
    dryRun: dryRuns.length > 0,
  };
}

function queryOptions(query: URLSearchParams): JsonObject {
  return {
    propagationPolicy: query.get('propagationPolicy') ?? '',
    preconditions: { uid: query.get('uid'), resourceVersion: query.get('resourceVersion') },
    dryRun: query.getAll('dryRun'),
  };
}

function bodyOptions(text: string, mediaType: string): JsonObject {
  const body = decodeBody(text, mediaType);
  if ('error' in body) throw badRequest(body.error);
  const meta = typeMetaOf(body.root);
  if ('error' in meta) throw badRequest(meta.error);
  const { kind, apiVersion } = meta;
  if (kind !== '' && kind !== 'DeleteOptions') {
    throw badRequest(
      `no kind ${goQuote(kind)} is registered for version ${goQuote(apiVersion)} in scheme ` +
        '"k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme/register.go:27"',
    );
  }
  const value = plainValue(body.root);
  return isJsonObject(value) ? value : {};
}

function requirePreconditions(
  { kind, group }: Resource,
  { metadata }: ApiObject,
  options: DeleteOptions,
): void {
  const differing = (
    [
      ['UID', options.uid, metadata.uid, 'deleted and then recreated'],
      ['ResourceVersion', options.resourceVersion, metadata.resourceVersion, 'modified'],
    ] as const
  ).find(([, wanted, found]) => wanted !== '' && wanted !== found);
  if (differing === undefined) return;
  const [name, wanted, found, what] = differing;
  const type = group === '' ? kind : `${kind}.${group}`;
  const message =
    `Operation cannot be fulfilled on ${type} "${metadata.name}": the ${name} in the precondition ` +
    `(${wanted}) does not match the ${name} in record (${found}). The object might have been ${what}`;
  throw new StatusError(409, 'Conflict', message, {
    details: { name: metadata.name, group, kind },
  });
}

/** What keeps an object: its own finalizers, and those of a deletion that asks for more. */
function finalizersOf(object: ApiObject, options: DeleteOptions): readonly string[] {
  const own: unknown = fieldAt(object, 'metadata.finalizers');
  const names: readonly string[] = Array.isArray(own) ? own : [];
  const { propagationPolicy, orphanDependents } = options;
  if (propagationPolicy === 'Foreground') return [...new Set([...names, 'foregroundDeletion'])];
  const isOrphaning = propagationPolicy === 'Orphan' || orphanDependents;
  return isOrphaning ? [...new Set([...names, 'orphan'])] : names;
}

/** Removes an object, or marks it where finalizers must go before. Returns what is left of it. */
function remove(
  store: ObjectStore,
  resource: Resource,
  object: ApiObject,
  options: DeleteOptions,
): ApiObject | undefined {
  const { dryRun } = options;
  const { metadata } = object;
  const finalizers = finalizersOf(object, options);
  if (finalizers.length === 0) {
    if (!dryRun) store.delete(resource, metadata.namespace ?? '', metadata.name);
    return undefined;
  }
  if ('deletionTimestamp' in metadata) return object;
  const { generation } = metadata;
  const marks = {
    deletionTimestamp: timestamp(new Date()),
    deletionGracePeriodSeconds: 0,
    finalizers,
    ...(typeof generation === 'number' ? { generation: generation + 1 } : {}),
  };
  return store.replace(resource, { ...object, metadata: { ...metadata, ...marks } }, { dryRun });
}

function success(object: ApiObject, resource: Resource): object {
  const { name, uid } = object.metadata;
  const group = resource.group === '' ? {} : { group: resource.group };
  const details: StatusDetails = { name, ...group, kind: resource.plural, uid };
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
}
