import { describe, expect, test } from 'bun:test';
import { decodeResponse } from '../../src/kubelet/credential-provider-response.ts';
import { keyringFor } from '../../src/kubelet/keyring.ts';
import { encodeResponse } from '../../src/kubelet/response.ts';
import { cachedUnder, cacheKeyTypeError } from '../../src/kubelet/response-cache.ts';

const V1 = 'credentialprovider.kubelet.k8s.io/v1';
const TEAM = { username: 'team', password: 'secret' };

describe('the kubelet decodes what our plugins encode', () => {
  test('with credentials', () => {
    const auth = { 'quay.io/app': TEAM };
    const text = encodeResponse({
      apiVersion: V1,
      cacheKeyType: 'Image',
      cacheDuration: '0s',
      auth,
    });
    const response = decodeResponse(text, V1);
    expect(response).toEqual({
      cacheKeyType: 'Image',
      cacheDuration: 0n,
      auth: new Map(Object.entries(auth)),
    });
    if ('error' in response) throw new Error(response.error);
    expect(cacheKeyTypeError(response)).toBeUndefined();
    expect(cachedUnder(response, 'quay.io/app', 60n)).toBeUndefined();
    expect(keyringFor('quay.io/app', response.auth)).toEqual([TEAM]);
  });

  test('in the version asked only', () => {
    const text = encodeResponse({ apiVersion: V1, cacheKeyType: 'Image', cacheDuration: '0s' });
    expect(decodeResponse(text, `${V1}beta1`)).toMatchObject({
      error: expect.stringContaining(`expected apiVersion:${V1}beta1, actual apiVersion:${V1}`),
    });
  });
});

test.each([
  ['{"x":"hunter2"}', ''],
  [`{"apiVersion":"${V1}","password":"hunter2"}`, "Object 'Kind' is missing"],
  [
    `{"apiVersion":"${V1}","kind":"CredentialProviderResponse","auth":{"a":"hunter2"}}`,
    'json: cannot unmarshal string',
  ],
  [
    `{"apiVersion":"${V1}","kind":"CredentialProviderResponse","password":"hunter2"}`,
    'unknown field "password"',
  ],
])('the reason for refusing %s does not repeat it', (text, reason) => {
  const response = decodeResponse(text, V1);
  expect(response).toMatchObject({ reason: expect.stringContaining(reason) });
  expect(JSON.stringify(response)).not.toContain('hunter2');
});
