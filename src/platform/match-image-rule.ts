const LABEL = String.raw`(?:\*|[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)`;
const ENTRY = new RegExp(String.raw`^${LABEL}(?:\.${LABEL})*(?::[0-9]+)?(?:/[-a-z0-9._/]*)?$`);

/** The most bytes of an entry, and the most entries, that a CRIOCredentialProviderConfig may hold. */
export const LONGEST_MATCH_IMAGE = 512;
export const MOST_MATCH_IMAGES = 50;

/**
 * Why OpenShift's API would refuse an entry of `spec.matchImages`; undefined where it takes it. It is
 * stricter than the kubelet: lower case, no scheme, no part of a label as `*`, not `*` alone.
 */
export function matchImageProblem(entry: string): string | undefined {
  if (entry === '') return 'it is empty';
  if (entry.length > LONGEST_MATCH_IMAGE) return `it is longer than ${LONGEST_MATCH_IMAGE} bytes`;
  if (entry === '*') return 'it would match hosts without a dot only; name a registry';
  if (ENTRY.test(entry)) return undefined;
  return 'it is not HOST[:PORT][/PATH] in lower case, with * for whole labels of the host';
}
