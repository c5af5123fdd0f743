import type { Resource } from './config.ts';
import { dataUrlProblem } from './data-url-syntax.ts';
import { type GoUrl, parseGoUrl } from './go-url.ts';
import type { Report } from './report.ts';
import type { Path } from './source-node.ts';

const INVALID_URL = 'unable to parse url';
const INVALID_ARN = 'invalid S3 ARN format';
const HEX_LENGTHS: ReadonlyMap<string, number> = new Map([
  ['sha512', 128],
  ['sha256', 64],
]);

/** Checks where contents come from and what is said of them. */
export function checkResource(resource: Resource, path: Path, base: number, report: Report): void {
  const { compression = '', source, verification, http_headers = [] } = resource;
  if (compression !== '' && compression !== 'gzip') {
    report.error([...path, 'compression'], 'invalid compression method');
  }
  if (verification.hash !== undefined && source === undefined) {
    const message = 'source must be specified if verification is specified';
    report.error([...path, 'verification', 'hash'], message);
  }
  if (source !== undefined && source !== '') {
    report.error([...path, 'source'], urlProblem(source, base));
  }
  if (http_headers.length > 0) {
    report.error([...path, 'http_headers'], headersProblem(source ?? ''));
  }
}

/** What is wrong with a resource that must name a source. */
export function requiredSourceProblem({ source = '' }: Resource, base: number): string | undefined {
  return source === '' ? 'source is required' : urlProblem(source, base);
}

/** Checks a `<function>-<hex>` hash. */
export function checkVerification(hash: string | undefined, path: Path, report: Report): void {
  if (hash !== undefined) report.error([...path, 'hash'], hashProblem(hash));
}

function hashProblem(hash: string): string | undefined {
  const dash = hash.indexOf('-');
  if (dash === -1) return 'malformed hash specifier';
  const length = HEX_LENGTHS.get(hash.slice(0, dash));
  if (length === undefined) return 'unrecognized hash function';
  // The length is in bytes.
  return Buffer.byteLength(hash.slice(dash + 1)) === length
    ? undefined
    : 'incorrect size for hash sum';
}

function urlProblem(text: string, base: number): string | undefined {
  const url = parseGoUrl(text);
  if (url === undefined) return INVALID_URL;
  switch (url.scheme) {
    case 'http':
    case 'https':
    case 'tftp':
    case 'gs':
      return undefined;
    case 's3':
      return objectVersionProblem(url);
    case 'arn':
      // Known since Ignition 3.4.
      return base === 3 ? 'invalid url scheme' : arnProblem(url);
    case 'data':
      return dataUrlProblem(text);
    default:
      return 'invalid url scheme';
  }
}

function arnProblem(url: GoUrl): string | undefined {
  const arn = `arn:${url.opaque}`;
  const [, , service, , , ...resource] = arn.split(':');
  if (resource.length === 0 || service !== 's3') return INVALID_ARN;
  const parts = arn.split('/').length;
  const isAccessPoint = resource.join(':').startsWith('accesspoint/');
  return parts < (isAccessPoint ? 3 : 2) ? INVALID_ARN : objectVersionProblem(url);
}

function objectVersionProblem({ query }: GoUrl): string | undefined {
  return new URLSearchParams(query).get('versionId') === ''
    ? 'invalid S3 object VersionId'
    : undefined;
}

function headersProblem(source: string): string | undefined {
  const scheme = source === '' ? undefined : parseGoUrl(source)?.scheme;
  if (scheme === undefined) return INVALID_URL;
  return scheme === 'http' || scheme === 'https'
    ? undefined
    : 'cannot use HTTP headers with this source scheme';
}
