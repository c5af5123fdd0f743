import { isJsonObject } from '../diagnostics/json.ts';
import type { FieldOwners } from './api-apply-patch.ts';
import type { ApiObject, ObjectMeta } from './api-object.ts';
import {
  apiVersionOf,
  NAMESPACES,
  type Resource,
  SECRETS,
  SERVICE_ACCOUNTS,
} from './api-resources.ts';
import { alreadyExists, conflict, notFound } from './api-status.ts';

const CHANGED_MEANWHILE =
  'the object has been modified; please apply your changes to the latest version and try again';

/** The objects of one API server, in memory. Every change has a revision, as in etcd. */
export class ObjectStore {
  readonly #resources: readonly Resource[];
  readonly #objects = new Map<Resource, Map<string, ApiObject>>();
  /** Who set which fields, by the object's uid. */
  readonly owners = new Map<string, FieldOwners>();
  #revision = 1;
  #compacted = 0;

  constructor(resources: readonly Resource[]) {
    this.#resources = resources;
    this.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } });
  }

  get resources(): readonly Resource[] {
    return this.#resources;
  }

  get revision(): number {
    return this.#revision;
  }

  /** Forgets history: lists that were begun before cannot be continued consistently any more. */
  compact(): void {
    this.#revision += 1;
    this.#compacted = this.#revision;
  }

  isCompacted(revision: number): boolean {
    return revision < this.#compacted;
  }

  get(resource: Resource, namespace: string, name: string): ApiObject | undefined {
    return this.#of(resource).get(key(namespace, name));
  }

  /** Like `get`, but refuses with 404 where nothing is found. */
  need(resource: Resource, namespace: string, name: string): ApiObject {
    const found = this.get(resource, namespace, name);
    if (found === undefined) throw notFound(resource, name);
    return found;
  }

  /** Sorted by namespace and name, as etcd does; an empty namespace stands for all of them. */
  list(resource: Resource, namespace: string): ApiObject[] {
    return [...this.#of(resource)]
      .filter(([place]) => namespace === '' || place.startsWith(`${namespace}/`))
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([, object]) => object);
  }

  /**
   * A new namespace gets its `default` service account, as from a cluster's controllers.
   * @throws StatusError 404 for a missing namespace, 409 for a taken name.
   */
  create(resource: Resource, object: ApiObject, { dryRun = false } = {}): ApiObject {
    const { name, namespace = '' } = object.metadata;
    if (resource.namespaced) this.need(NAMESPACES, '', namespace);
    if (this.get(resource, namespace, name) !== undefined) throw alreadyExists(resource, name);
    const created = this.#stored(resource, object, {
      ...object.metadata,
      uid: crypto.randomUUID(),
      creationTimestamp: timestamp(new Date()),
    });
    if (dryRun) return created;
    this.#put(resource, created);
    if (resource === NAMESPACES) this.#createDefaultServiceAccount(name);
    return created;
  }

  /** @throws StatusError 404 for a missing object, 409 where a given resourceVersion is not the present one. */
  replace(resource: Resource, object: ApiObject, { dryRun = false } = {}): ApiObject {
    const { name, namespace = '', resourceVersion } = object.metadata;
    const existing = this.need(resource, namespace, name);
    const present = existing.metadata;
    if (resourceVersion !== undefined) this.requireVersion(resource, existing, resourceVersion);
    const { uid, creationTimestamp } = present;
    const replaced = this.#stored(resource, object, { ...object.metadata, uid, creationTimestamp });
    if (!dryRun) this.#put(resource, replaced);
    return replaced;
  }

  /** @throws StatusError 409 where a uid is given that is not the object's. */
  requireUid(resource: Resource, { metadata }: ApiObject, uid: string): void {
    if (uid === '' || uid === metadata.uid) return;
    const { name } = metadata;
    const why =
      `StorageError: invalid object, Code: 4, Key: /registry/${resource.group}/${resource.plural}/${name}, ` +
      `ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, ` +
      `UID in object meta: ${metadata.uid}`;
    throw conflict(resource, name, why);
  }

  /** @throws StatusError 409 where a version is not the object's present one. */
  requireVersion(resource: Resource, { metadata }: ApiObject, version: string): void {
    if (version !== metadata.resourceVersion) {
      throw conflict(resource, metadata.name, CHANGED_MEANWHILE);
    }
  }

  /** Removes an object, and with a namespace all that is in it. */
  delete(resource: Resource, namespace: string, name: string): ApiObject {
    const removed = this.need(resource, namespace, name);
    this.#of(resource).delete(key(namespace, name));
    this.#revision += 1;
    if (resource === NAMESPACES) this.#empty(name);
    return removed;
  }

  /** Creates or replaces, for whoever sets up a world; a missing namespace is made on the way. */
  apply(object: ApiObject): ApiObject {
    const resource = this.resourceOf(object);
    const { name, namespace } = object.metadata;
    const place = resource.namespaced ? (namespace ?? 'default') : '';
    const placed = { ...object, metadata: { ...object.metadata, namespace: place } };
    if (resource.namespaced) this.#ensureNamespace(place);
    const exists = this.get(resource, place, name) !== undefined;
    return exists ? this.replace(resource, placed) : this.create(resource, placed);
  }

  /** The resource that an object's apiVersion and kind name; an error for one that is not kept here. */
  resourceOf(object: ApiObject): Resource {
    const found = this.#resources.find(
      (one) => apiVersionOf(one) === object.apiVersion && one.kind === object.kind,
    );
    if (found === undefined) throw new Error(`no resource ${object.apiVersion} ${object.kind}`);
    return found;
  }

  #of(resource: Resource): Map<string, ApiObject> {
    const known = this.#objects.get(resource);
    if (known !== undefined) return known;
    const empty = new Map<string, ApiObject>();
    this.#objects.set(resource, empty);
    return empty;
  }

  #put(resource: Resource, object: ApiObject): void {
    this.#revision += 1;
    const { name, namespace = '' } = object.metadata;
    this.#of(resource).set(key(namespace, name), object);
  }

  /** An object as the next revision will hold it. */
  #stored(resource: Resource, object: ApiObject, metadata: Record<string, unknown>): ApiObject {
    const { namespace: _, ...clusterScoped } = metadata;
    const meta: ObjectMeta = {
      ...(resource.namespaced ? metadata : clusterScoped),
      name: object.metadata.name,
      resourceVersion: String(this.#revision + 1),
    };
    return { ...(resource === SECRETS ? secretWithData(object) : object), metadata: meta };
  }

  #ensureNamespace(name: string): void {
    if (this.get(NAMESPACES, '', name) !== undefined) return;
    this.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }

  #createDefaultServiceAccount(namespace: string): void {
    const metadata = { name: 'default', namespace };
    this.create(SERVICE_ACCOUNTS, { apiVersion: 'v1', kind: 'ServiceAccount', metadata });
  }

  #empty(namespace: string): void {
    for (const objects of this.#objects.values()) {
      for (const place of [...objects.keys()]) {
        if (place.startsWith(`${namespace}/`)) objects.delete(place);
      }
    }
  }
}

function key(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

/** RFC 3339 in whole seconds, as all Kubernetes timestamps of this kind are. */
export function timestamp(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}

/** `stringData` is write-only: it ends up in `data`, base64. */
function secretWithData(secret: ApiObject): ApiObject {
  const { stringData, ...rest } = secret;
  const given = isJsonObject(rest['data']) ? rest['data'] : {};
  const added = Object.entries(isJsonObject(stringData) ? stringData : {}).map(([name, text]) => [
    name,
    Buffer.from(String(text)).toString('base64'),
  ]);
  return {
    ...rest,
    type: rest['type'] ?? 'Opaque',
    data: { ...given, ...Object.fromEntries(added) },
  };
}
