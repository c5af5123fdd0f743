import { isDigest } from '../distribution/digest.ts';
import { isRepository, isTag } from '../distribution/names.ts';
import { type Answer, json, type Shelf } from './registry-answer.ts';
import { DistributionError } from './registry-error.ts';
import type { Gate, Visitor, Wish } from './registry-gate.ts';
import { checkManifest } from './registry-manifest.ts';
import type { Repository } from './registry-store.ts';
import { answerUpload } from './registry-upload-routes.ts';

/** What a path of the distribution API names. */
interface Place {
  readonly name: string;
  readonly kind: 'tags' | 'manifests' | 'blobs' | 'uploads';
  /** Tag, digest or upload id. */
  readonly target: string;
}

const NOT_FOUND: Answer = {
  status: 404,
  headers: { 'Content-Type': 'text/plain; charset=utf-8' },
  body: '404 page not found\n',
};

/** Answers a request below `/v2/` of someone whom the gate let in. @throws DistributionError */
export async function route(
  shelf: Shelf,
  gate: Gate,
  request: Request,
  visitor: Visitor | undefined,
): Promise<Answer> {
  const url = new URL(request.url);
  const place = readPlace(url.pathname);
  const action = request.method === 'GET' || request.method === 'HEAD' ? 'pull' : 'push';
  const wish: Wish | undefined = place && { repository: place.name, action };
  if (visitor === undefined || (wish !== undefined && !visitor.may(wish))) {
    throw gate.refusal(request, wish, visitor);
  }
  if (url.pathname === '/v2/' || url.pathname === '/v2') return json({});
  if (url.pathname === '/v2/_catalog') return json({ repositories: shelf.store.names() });
  if (place === undefined) return NOT_FOUND;
  if (!isRepository(place.name)) throw new DistributionError('NAME_INVALID');
  return answerPlace(shelf, request, url, place);
}

function readPlace(path: string): Place | undefined {
  const parts =
    /^\/v2\/(?<name>.+)\/(?:(?<tags>tags)\/list|(?<manifests>manifests)\/(?<reference>[^/]+)|blobs\/(?<uploads>uploads)(?:\/(?<id>[^/]*))?|(?<blobs>blobs)\/(?<digest>[^/]+))$/.exec(
      path,
    )?.groups;
  if (parts === undefined) return undefined;
  const { name = '', reference, digest, id } = parts;
  const kind = (['tags', 'manifests', 'uploads', 'blobs'] as const).find((one) => parts[one]);
  return kind && { name, kind, target: decodeURIComponent(reference ?? digest ?? id ?? '') };
}

async function answerPlace(
  { store, uploads }: Shelf,
  request: Request,
  url: URL,
  place: Place,
): Promise<Answer> {
  const repository = store.repository(place.name);
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  switch (place.kind) {
    case 'tags':
      if (isRead) return tagList(repository, url.searchParams);
      break;
    case 'manifests':
      if (isRead) return readManifest(repository, place.target);
      if (request.method === 'PUT') return putManifest(repository, place.target, request);
      break;
    case 'blobs':
      if (isRead) return readBlob(repository, place.target);
      break;
    case 'uploads':
      return answerUpload(uploads, repository, request, place.target);
  }
  throw new DistributionError('UNSUPPORTED');
}

function tagList(repository: Repository, query: URLSearchParams): Answer {
  if (repository.isEmpty) {
    throw new DistributionError('NAME_UNKNOWN', { detail: { name: repository.name } });
  }
  const last = query.get('last') ?? '';
  const left = repository.tags().filter((tag) => tag > last);
  const count = query.has('n') ? Number(query.get('n')) : left.length;
  const tags = left.slice(0, count);
  const next = `/v2/${repository.name}/tags/list?last=${tags.at(-1)}&n=${count}`;
  const headers = tags.length < left.length ? { Link: `<${next}>; rel="next"` } : {};
  return json({ name: repository.name, tags }, headers);
}

function readManifest(repository: Repository, reference: string): Answer {
  const manifest = repository.manifest(reference);
  if (manifest === undefined) {
    throw new DistributionError('MANIFEST_UNKNOWN', { detail: { Reference: reference } });
  }
  const { mediaType, digest, bytes } = manifest;
  const headers = { 'Content-Type': mediaType, 'Docker-Content-Digest': digest };
  return { status: 200, headers: { ...headers, ETag: `"${digest}"` }, body: bytes };
}

async function putManifest(
  repository: Repository,
  reference: string,
  request: Request,
): Promise<Answer> {
  if (!isTag(reference) && !isDigest(reference)) throw new DistributionError('MANIFEST_INVALID');
  const bytes = await request.bytes();
  const mediaType = request.headers.get('content-type') ?? '';
  checkManifest(repository, mediaType, bytes);
  const { digest } = repository.addManifest(reference, mediaType, bytes);
  const headers = {
    Location: `/v2/${repository.name}/manifests/${digest}`,
    'Docker-Content-Digest': digest,
  };
  return { status: 201, headers };
}

function readBlob(repository: Repository, digest: string): Answer {
  const bytes = repository.blob(digest);
  if (bytes === undefined) throw new DistributionError('BLOB_UNKNOWN', { detail: { digest } });
  const headers = { 'Content-Type': 'application/octet-stream', 'Docker-Content-Digest': digest };
  return { status: 200, headers: { ...headers, ETag: `"${digest}"` }, body: bytes };
}
