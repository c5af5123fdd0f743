import type { Answer } from './registry-answer.ts';
import { DistributionError } from './registry-error.ts';
import type { Repository } from './registry-store.ts';
import type { Uploads } from './registry-uploads.ts';

/** Answers below `blobs/uploads/`: begin, add, ask, finish, cancel. @throws DistributionError */
export async function answerUpload(
  uploads: Uploads,
  repository: Repository,
  request: Request,
  id: string,
): Promise<Answer> {
  const digest = new URL(request.url).searchParams.get('digest');
  if (request.method === 'POST' && id === '') {
    const fresh = uploads.begin(repository);
    if (digest === null) return underWay(uploads, repository, fresh, 202);
    uploads.append(repository, fresh, await request.bytes());
    return finished(repository, uploads.finish(repository, fresh, digest));
  }
  switch (request.method) {
    case 'PATCH': {
      const range = request.headers.get('content-range');
      uploads.append(repository, id, await request.bytes(), range);
      return underWay(uploads, repository, id, 202);
    }
    case 'PUT':
      uploads.append(repository, id, await request.bytes());
      return finished(repository, uploads.finish(repository, id, digest));
    case 'GET':
      return underWay(uploads, repository, id, 204);
    case 'DELETE':
      uploads.cancel(repository, id);
      return { status: 204 };
    default:
      throw new DistributionError('UNSUPPORTED');
  }
}

function underWay(uploads: Uploads, repository: Repository, id: string, status: number): Answer {
  const last = Math.max(uploads.size(repository, id) - 1, 0);
  const headers = {
    Location: `/v2/${repository.name}/blobs/uploads/${id}`,
    Range: `0-${last}`,
    'Docker-Upload-UUID': id,
  };
  return { status, headers };
}

function finished(repository: Repository, digest: string): Answer {
  const Location = `/v2/${repository.name}/blobs/${digest}`;
  return { status: 201, headers: { Location, 'Docker-Content-Digest': digest } };
}
