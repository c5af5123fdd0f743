/**
 * Whether all images of one scope lie in another, as the machine-config-operator decides it for
 * overlaps. Only a leading `*.` is a wildcard, for any number of labels; the rest is compared as text.
 * Source of the rule: openshift/runtime-utils, ScopeIsNestedInsideScope.
 */
export function isNestedScope(inner: string, outer: string): boolean {
  if (inner === outer || inner.startsWith(`${outer}/`)) return true;
  if (!outer.startsWith('*.')) return false;
  const suffix = outer.slice(1);
  const colon = inner.indexOf(':');
  if (colon < 0) return (inner.split('/')[0] ?? '').endsWith(suffix);
  const beforePort = inner.slice(0, colon);
  return beforePort.endsWith(suffix) && !beforePort.includes('/');
}

/** Whether two entries of `matchImages` may concern the same image, by the same rule in both directions. */
export function overlaps(one: string, other: string): boolean {
  return isNestedScope(one, other) || isNestedScope(other, one);
}
