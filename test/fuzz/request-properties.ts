import { expect } from 'bun:test';
import fc from 'fast-check';
import { parseReference } from '../../src/image/reference.ts';
import { decodeRequest } from '../../src/kubelet/request.ts';
import { isDnsLabel } from '../../src/kubernetes/names.ts';
import { readTokenClaims } from '../../src/kubernetes/token.ts';
import { anyJson, anyText, damaged, repository } from './arbitraries.ts';
import { MARKER, type Property, property, unlessRefused } from './property.ts';

const VERSIONS = ['v1', 'v1beta1', 'v1alpha1'].map(
  (one) => `credentialprovider.kubelet.k8s.io/${one}`,
);

const request = fc.record(
  {
    kind: fc.constant('CredentialProviderRequest'),
    apiVersion: fc.constantFrom(...VERSIONS),
    image: fc.string({ minLength: 1 }),
    serviceAccountToken: fc.constantFrom(MARKER, `a.${MARKER}.c`),
    serviceAccountAnnotations: fc.dictionary(fc.string(), fc.string(), { maxKeys: 4 }),
  },
  { requiredKeys: ['kind', 'apiVersion', 'image'] },
);

const claims = fc.oneof(
  anyJson,
  fc.record({
    aud: fc.oneof(anyJson, fc.constant(['https://kubernetes.default.svc'])),
    'kubernetes.io': fc.oneof(
      anyJson,
      fc.record({
        namespace: fc.oneof(anyText, fc.constantFrom('default', 'a-b', '-a', 'A', '../x', 'a.b')),
        serviceaccount: fc.oneof(anyJson, fc.record({ name: anyText })),
      }),
    ),
  }),
);

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** What the token says, looked up as plainly as can be. */
function namespaceIn(value: unknown): unknown {
  const inner = (container: unknown, key: string): unknown =>
    container !== null && typeof container === 'object' && !Array.isArray(container)
      ? Object.entries(container).find(([name]) => name === key)?.[1]
      : undefined;
  return inner(inner(value, 'kubernetes.io'), 'namespace');
}

export const REQUEST_PROPERTIES: readonly Property[] = [
  property('any text is refused as a request', anyText, async (text) => {
    expect(await unlessRefused(() => decodeRequest(text))).toBeUndefined();
  }),

  property(
    'a damaged request is read or refused',
    damaged(request.map((one) => JSON.stringify(one))),
    async (text) => {
      const read = await unlessRefused(() => decodeRequest(text));
      if (read !== undefined) expect(VERSIONS).toContain(read.apiVersion);
    },
  ),

  property(
    'any JSON in a request’s fields is read or refused',
    fc.record({ a: anyJson, b: anyJson, c: anyJson }),
    async ({ a, b, c }) => {
      const fields = { image: a, serviceAccountToken: b, serviceAccountAnnotations: c };
      const whole = { kind: 'CredentialProviderRequest', apiVersion: VERSIONS[0], ...fields };
      const read = await unlessRefused(() => decodeRequest(JSON.stringify(whole)));
      if (read !== undefined) expect(a).toBe(read.image);
    },
  ),

  property('a request is read as it was written', request, (whole) => {
    const read = decodeRequest(JSON.stringify(whole));
    expect({ ...read, serviceAccountAnnotations: [...read.serviceAccountAnnotations] }).toEqual({
      apiVersion: whole.apiVersion,
      image: whole.image,
      ...(whole.serviceAccountToken && { serviceAccountToken: whole.serviceAccountToken }),
      serviceAccountAnnotations: Object.entries(whole.serviceAccountAnnotations ?? {}),
    });
  }),

  property(
    'any text is read or refused as a token',
    fc.oneof(
      anyText,
      anyText.map((text) => `a.${text}.c`),
    ),
    async (text) => {
      const read = await unlessRefused(() => readTokenClaims(text));
      if (read !== undefined) expect(isDnsLabel(read.namespace)).toBe(true);
    },
  ),

  property(
    'a token gives its namespace where that is a DNS label, and nothing else',
    claims,
    async (value) => {
      const read = await unlessRefused(() => readTokenClaims(`a.${encode(value)}.${MARKER}`));
      const namespace = namespaceIn(value);
      const isLabel =
        typeof namespace === 'string' && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(namespace);
      expect(read?.namespace).toBe(isLabel && namespace.length <= 63 ? namespace : undefined);
    },
  ),

  property(
    'any text is read or refused as an image, and what is read is a fixed point',
    fc.oneof(anyText, damaged(repository)),
    async (text) => {
      const read = await unlessRefused(() => parseReference(text));
      if (read === undefined) return;
      expect(parseReference(read.toString()).toString()).toBe(read.toString());
      expect(read.name).not.toMatch(/\.\.|\/\/|[\s\\?#%]/);
    },
  ),
];
