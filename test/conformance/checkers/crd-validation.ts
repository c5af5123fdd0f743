import type { Cluster } from '../../../src/demo/api-cluster.ts';
import { ADMIN } from '../../../src/demo/api-identity.ts';
import { fieldAt } from '../../../src/demo/api-object.ts';
import { Permissions } from '../../../src/demo/api-permissions.ts';
import { customResource, NAMESPACES, SERVICE_ACCOUNTS } from '../../../src/demo/api-resources.ts';
import { respondToError } from '../../../src/demo/api-response.ts';
import { route } from '../../../src/demo/api-routes.ts';
import { ObjectStore } from '../../../src/demo/api-store.ts';
import { TokenAuthority } from '../../../src/demo/api-tokens.ts';
import { CRIO_CREDENTIAL_PROVIDER_CONFIG } from '../../../src/platform/custom-resource/crio-credential-provider-config.ts';
import { difference } from '../difference.ts';
import type { ConformanceCase } from '../suite.ts';

interface CrdCase extends ConformanceCase {
  readonly setup?: readonly RecordedRequest[];
  readonly request: RecordedRequest;
  readonly expect: Readonly<Record<string, unknown>>;
}

interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly contentType?: string;
  readonly body?: unknown;
  readonly bodyText?: string;
}

const RESOURCE = customResource(CRIO_CREDENTIAL_PROVIDER_CONFIG);

/** Sends the requests of a case to our API server's stand-in, and compares answer and stored object. */
export async function checkCrdValidation(recorded: ConformanceCase): Promise<string | undefined> {
  const { setup = [], request, expect } = recorded as CrdCase;
  const cluster = emptyCluster();
  for (const one of setup) {
    const { status } = await send(cluster, one);
    if (status >= 300) return `the setup is refused with ${status}`;
  }
  const response = await send(cluster, request);
  const answer: unknown = await response.json().catch(() => ({}));
  const stored = cluster.store.get(RESOURCE, '', 'cluster');
  return difference(comparable(outcome(response, answer, stored)), comparable(expect));
}

function emptyCluster(): Cluster {
  const store = new ObjectStore([RESOURCE, NAMESPACES, SERVICE_ACCOUNTS]);
  return { store, tokens: new TokenAuthority(store, {}), permissions: new Permissions(() => []) };
}

async function send(cluster: Cluster, recorded: RecordedRequest): Promise<Response> {
  const request = new Request(`https://cluster${recorded.path}`, {
    method: recorded.method,
    headers: { 'Content-Type': recorded.contentType ?? 'application/json' },
    ...(recorded.method === 'GET' ? {} : { body: bodyOf(recorded, cluster) }),
  });
  return route(cluster, ADMIN, request).catch((error: unknown) => respondToError(request, error));
}

function bodyOf({ body, bodyText }: RecordedRequest, { store }: Cluster): string {
  const current = store.get(RESOURCE, '', 'cluster')?.metadata.resourceVersion ?? '';
  const written = body === undefined ? '' : spacedJson(body);
  return bodyText ?? written.replace('$CURRENT', current);
}

/** As the recording program wrote it; some messages quote the body. */
function spacedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spacedJson).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(
    ([name, inner]) => `${JSON.stringify(name)}: ${spacedJson(inner)}`,
  );
  return `{${fields.join(', ')}}`;
}

function outcome(response: Response, answer: unknown, stored: unknown): object {
  const accepted = response.status < 300;
  const warnings = response.headers.get('warning');
  const isStatus = fieldAt(answer, 'kind') === 'Status';
  return {
    httpStatus: response.status,
    accepted,
    ...(warnings === null ? {} : { warnings: warnings.split(/, (?=299 )/) }),
    ...(accepted ? { object: isStatus ? null : view(answer) } : refusal(answer)),
    stored: stored === undefined ? null : view(stored),
  };
}

function refusal(answer: unknown): object {
  const causes = fieldAt(answer, 'details.causes');
  return {
    reason: fieldAt(answer, 'reason'),
    message: fieldAt(answer, 'message'),
    ...(causes === undefined ? {} : { causes }),
  };
}

const VIEWED = {
  spec: 'spec',
  status: 'status',
  generation: 'metadata.generation',
  labels: 'metadata.labels',
  annotations: 'metadata.annotations',
  name: 'metadata.name',
};

function view(object: unknown): object {
  const fields = Object.entries(VIEWED).map(([name, path]) => [name, fieldAt(object, path)]);
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
}

/** The YAML library's own words differ. */
function comparable(expect: object): unknown {
  return JSON.parse(JSON.stringify(expect).replace(/yaml: line \d+: [^(]*/, 'yaml: '));
}
