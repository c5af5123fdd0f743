import type { ResourceAction } from './api-permissions.ts';
import { parseSelector } from './api-selector.ts';

/** What a request's method and path ask for, as the API server reads them. */
export interface RequestInfo extends ResourceAction {
  readonly version: string;
  /** The plural alone. */
  readonly plural: string;
  /** Empty where the object itself is meant. */
  readonly subresource: string;
}

const VERBS: Readonly<Record<string, string>> = {
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** Undefined for a path that names no resource, such as `/version` or discovery. */
export function readRequest(method: string, url: URL): RequestInfo | undefined {
  const place = readPath(url.pathname);
  if (place === undefined) return undefined;
  const { group, version, namespace, plural, subresource } = place;
  const collection = place.name === '';
  const verb = verbOf(method, collection, url.searchParams.get('watch'));
  return {
    group,
    version,
    namespace,
    plural,
    subresource,
    name: collection && verb !== 'create' ? selectedName(url) : place.name,
    verb,
    resource: subresource === '' ? plural : `${plural}/${subresource}`,
  };
}

interface Place {
  readonly group: string;
  readonly version: string;
  readonly namespace: string;
  readonly plural: string;
  readonly name: string;
  readonly subresource: string;
}

function readPath(path: string): Place | undefined {
  const steps = path.split('/').slice(1).map(decodeURIComponent);
  const root = steps.shift();
  if (root !== 'api' && root !== 'apis') return undefined;
  const group = root === 'apis' ? steps.shift() : '';
  const version = steps.shift();
  if (group === undefined || version === undefined || steps.length === 0) return undefined;
  return { group, version, ...readRest(steps) };
}

/** `namespaces/NS/secrets/NAME` is a place in a namespace, `namespaces/NS` the namespace itself. */
function readRest(steps: string[]): Omit<Place, 'group' | 'version'> {
  const [first = '', second = '', third] = steps;
  const within = first === 'namespaces' && third !== undefined && third !== 'status';
  const [plural = '', name = '', subresource = ''] = within ? steps.slice(2) : steps;
  const namespace = within || first === 'namespaces' ? second : '';
  return { namespace, plural, name, subresource };
}

function verbOf(method: string, collection: boolean, watch: string | null): string {
  if (method === 'GET' || method === 'HEAD') {
    if (!collection) return 'get';
    return watch === 'true' || watch === '1' ? 'watch' : 'list';
  }
  const verb = VERBS[method] ?? method.toLowerCase();
  return verb === 'delete' && collection ? 'deletecollection' : verb;
}

/** A list selected by `metadata.name` is authorised as one for that name. */
function selectedName(url: URL): string {
  const terms = parseSelector(url.searchParams.get('fieldSelector') ?? '');
  const named = terms.find((term) => term.label === 'metadata.name' && term.equal);
  return named?.value ?? '';
}
