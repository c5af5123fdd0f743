import { Failure } from '../diagnostics/errors.ts';
import { quote } from '../diagnostics/quote.ts';

/**
 * The file in which CRI-O looks for the credentials of one pull:
 * `<auth dir>/<namespace>-<hex sha256 of the image as the kubelet sent it>.json`, lexically cleaned.
 * Throws a Failure for a relative directory, or where namespace or image is empty.
 * Source: cri-o/crio-credential-provider pkg/auth FilePath.
 */
export function authFilePath(directory: string, namespace: string, image: string): string {
  if (!directory.startsWith('/')) {
    throw new Failure(
      `provided ${quote(directory)} directory is not an absolute path; give --auth-dir one`,
    );
  }
  if (namespace === '') throw new Failure('no namespace provided for the auth file');
  if (image === '') throw new Failure('no image ref provided for the auth file');
  const digest = Bun.SHA256.hash(image, 'hex');
  return cleanPath(`${directory}/${namespace}-${digest}.json`);
}

/** The directory that an absolute path's file lies in. */
export function directoryOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

/** The name pattern of auth files: a DNS-1123 label and a SHA-256. */
export const AUTH_FILE_NAME = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?-[0-9a-f]{64}\.json$/;

function cleanPath(path: string): string {
  const components: string[] = [];
  for (const component of path.split('/')) {
    if (component === '..') components.pop();
    else if (component !== '' && component !== '.') components.push(component);
  }
  return `/${components.join('/')}`;
}
