import { authFilePath } from '../../../src/authfile/path.ts';
import { Failure } from '../../../src/diagnostics/errors.ts';
import { readTokenClaims } from '../../../src/kubernetes/token.ts';
import type { ConformanceCase } from '../suite.ts';

interface Case extends ConformanceCase {
  readonly kind: 'authpath' | 'token';
  readonly dir?: string;
  readonly namespace?: string;
  readonly image?: string;
  readonly token?: string;
  readonly quirk?: string;
  readonly expected: {
    readonly path?: string;
    readonly namespace?: string;
    readonly error?: string;
  };
}

const DNS_LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** The stages whose wording is part of the contract; the rest of a text is the Go library's. */
const STAGES = [
  'directory is not an absolute path',
  'no namespace provided',
  'no image ref provided',
  'token contains an invalid number of segments',
  'could not base64 decode claim',
  'could not JSON decode claim',
  'no kubernetes.io claim name in JWT claims found',
  'kubernetes.io claim does not contain a map',
  'no namespace found in kubernetes claim',
  'namespace is not a string object',
];

/** Paths of auth files, and what a token says of its namespace. */
export function checkAuthPathAndToken(recorded: ConformanceCase): string | undefined {
  const one = recorded as Case;
  const ours = one.kind === 'authpath' ? pathOf(one) : namespaceOf(one);
  if (accepted(one, ours)) return undefined;
  return `expected ${JSON.stringify(one.expected)}, got ${JSON.stringify(ours)}`;
}

type Result = Case['expected'];

function pathOf({ dir = '', namespace = '', image = '' }: Case): Result {
  return orError(() => ({ path: authFilePath(dir, namespace, image) }));
}

function namespaceOf({ token = '' }: Case): Result {
  return orError(() => ({ namespace: readTokenClaims(token).namespace }));
}

function orError(result: () => Result): Result {
  try {
    return result();
  } catch (error) {
    if (error instanceof Failure) return { error: error.message };
    throw error;
  }
}

function accepted({ kind, quirk, expected }: Case, ours: Result): boolean {
  switch (quirk) {
    case 'namespace-not-a-label':
      // A path is never built for such a namespace, because the token is refused before.
      return kind === 'authpath' || isRefusedLabel(ours);
    case 'header-and-signature':
    case 'line-breaks':
      // Either is fine, but what is accepted has a namespace that can be used.
      return ours.error !== undefined || DNS_LABEL.test(ours.namespace ?? '');
    default:
      return isContract(expected, ours);
  }
}

function isRefusedLabel(ours: Result): boolean {
  return ours.error?.includes('is no DNS-1123 label') === true;
}

function isContract(expected: Result, ours: Result): boolean {
  // The empty namespace is recorded as read; ours is no label.
  if (expected.namespace === '') return isRefusedLabel(ours);
  if (expected.error === undefined) {
    return ours.path === expected.path && ours.namespace === expected.namespace;
  }
  const stage = STAGES.find((one) => expected.error?.includes(one));
  return ours.error?.includes(stage ?? '') === true;
}
