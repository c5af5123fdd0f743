import { describe, expect, test } from 'bun:test';
import { decodeRequest } from '../../src/kubelet/request.ts';

const V1 = 'credentialprovider.kubelet.k8s.io/v1';
const request = (fields: object) =>
  JSON.stringify({ kind: 'CredentialProviderRequest', apiVersion: V1, image: 'nginx', ...fields });

describe('a request', () => {
  test('is read with its token and annotations', () =>
    expect(
      decodeRequest(request({ serviceAccountToken: 't', serviceAccountAnnotations: { a: 'b' } })),
    ).toEqual({
      apiVersion: V1,
      image: 'nginx',
      serviceAccountToken: 't',
      serviceAccountAnnotations: new Map([['a', 'b']]),
    }));
  test.each([undefined, null, ''])('has no token with %j for one', (serviceAccountToken) =>
    expect(decodeRequest(request({ serviceAccountToken }))).not.toHaveProperty(
      'serviceAccountToken',
    ),
  );
  test('may have fields that nobody knows, and names that objects inherit', () => {
    const read = decodeRequest(
      `{"__proto__":{"image":"evil"},${request({ x: 1 }).slice(1, -1)},"serviceAccountAnnotations":{"__proto__":"p"}}`,
    );
    expect(read.image).toBe('nginx');
    expect([...read.serviceAccountAnnotations]).toEqual([['__proto__', 'p']]);
  });
});

describe('where kind and apiVersion are optional', () => {
  test('a request of an image alone is one of v1', () =>
    expect(decodeRequest('{"image":"nginx"}', 'optional')).toMatchObject({ apiVersion: V1 }));
  test.each([
    ['{"kind":"Pod","image":"nginx"}', 'its kind is "Pod"'],
    ['{"apiVersion":"v1","image":"nginx"}', 'its apiVersion is "v1"'],
    ['{}', 'it names no image'],
  ])('%s is refused', (text, reason) =>
    expect(() => decodeRequest(text, 'optional')).toThrow(reason),
  );
});
