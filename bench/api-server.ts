// The API server that the programs ask, in a process of its own so that it does not distort the caller's
// measurements. It prints its port and certificate authority as one line of JSON, and ends with its
// standard input.
import { gzipSync } from 'node:zlib';
import { serverIdentity } from './certificate.ts';
import { secretListProtobuf } from './secret-list-protobuf.ts';
import { pullSecrets } from './secrets.ts';

const PROTOBUF = 'application/vnd.kubernetes.protobuf';
const RESOURCE_VERSION = '200000';
/** As the real API server: smaller answers are never compressed, larger ones at the fastest level. */
const COMPRESSED_FROM = 128 * 1024;
const COMPRESSION = { level: 1 } as const;

interface Answer {
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

const prepared = new Map<string, Answer>();
let released: PromiseWithResolvers<void> | undefined;
let waiting = 0;

const { authority, certificate, key } = await serverIdentity();
const server = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  tls: { cert: certificate, key },
  development: false,
  idleTimeout: 0,
  routes: {
    '/bench/hold': () => {
      released = Promise.withResolvers();
      return Response.json({});
    },
    '/bench/waiting': () => Response.json(waiting),
    '/bench/release': () => {
      released?.resolve();
      released = undefined;
      return Response.json({});
    },
    '/api/v1/namespaces/:namespace/secrets': async (request) => {
      waiting += 1;
      await released?.promise;
      waiting -= 1;
      const { body, headers } = answerTo(request, request.params.namespace);
      return new Response(body, { headers });
    },
  },
});
process.stdout.write(`${JSON.stringify({ port: server.port, authority })}\n`);
process.stdin.on('end', () => process.exit(0)).resume();

function answerTo(request: Request, namespace: string): Answer {
  const isProtobuf = request.headers.get('accept')?.startsWith(PROTOBUF) ?? false;
  const isCompressed = request.headers.get('accept-encoding')?.includes('gzip') ?? false;
  const name = `${request.url} ${isProtobuf} ${isCompressed}`;
  const known = prepared.get(name);
  if (known !== undefined) return known;
  const answer = prepare(namespace, new URL(request.url).searchParams, isProtobuf);
  const sent = isCompressed ? compressed(answer) : answer;
  prepared.set(name, sent);
  return sent;
}

/** The namespace `secrets-1000` has that many. */
function prepare(namespace: string, query: URLSearchParams, isProtobuf: boolean): Answer {
  const all = pullSecrets(namespace, Number(namespace.replace('secrets-', '')));
  const start = Number(query.get('continue') ?? 0);
  const end = start + Number(query.get('limit') ?? all.length);
  const page = all.slice(start, end);
  const next = end < all.length ? { continue: String(end) } : {};
  const metadata = { resourceVersion: RESOURCE_VERSION, ...next };
  if (isProtobuf) {
    return { body: secretListProtobuf(page, metadata), headers: { 'Content-Type': PROTOBUF } };
  }
  const list = { kind: 'SecretList', apiVersion: 'v1', metadata, items: page };
  const body = Buffer.from(JSON.stringify(list));
  return { body, headers: { 'Content-Type': 'application/json' } };
}

function compressed({ body, headers }: Answer): Answer {
  if (body.length < COMPRESSED_FROM) return { body, headers };
  return {
    body: gzipSync(body, COMPRESSION),
    headers: { ...headers, 'Content-Encoding': 'gzip' },
  };
}
