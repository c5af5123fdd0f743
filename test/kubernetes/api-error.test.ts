import { describe, expect, test } from 'bun:test';
import { connectionFailure } from '../../src/kubernetes/api-error.ts';

function worded(code: string): string {
  const error = Object.assign(new Error('it may quote anything'), { code });
  return connectionFailure('api.example:6443', error).message;
}

describe('a certificate that is not accepted is told with what to do:', () => {
  test.each([
    ['CERT_HAS_EXPIRED', 'its certificate has expired; renew it'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'is not signed by the certificate authority at hand'],
    ['INVALID_PURPOSE', 'its certificate is not one for servers; give it one with serverAuth'],
    // Codes of OpenSSL (x509_vfy.h) that no certificate of these tests gives.
    ['UNHANDLED_CRITICAL_EXTENSION', 'cannot be verified (UNHANDLED_CRITICAL_EXTENSION); give'],
    ['CERT_REVOKED', 'cannot be verified (CERT_REVOKED); give it another one'],
    ['CERT_CHAIN_TOO_LONG', 'cannot be verified (CERT_CHAIN_TOO_LONG); give it another one'],
    ['PATH_LENGTH_EXCEEDED', 'cannot be verified (PATH_LENGTH_EXCEEDED); give it another one'],
    ['UNSPECIFIED', 'cannot be verified (UNSPECIFIED); give it another one'],
  ])('%s', (code, words) => {
    expect(worded(code)).toStartWith('the API server "api.example:6443" is not trusted: ');
    expect(worded(code)).toContain(words);
  });
});

describe('a connection that fails is told with what to do:', () => {
  test.each([
    ['ECONNREFUSED', 'cannot reach the API server "api.example:6443": connection refused', 'runs'],
    ['ENOTFOUND', 'no such host (ENOTFOUND)', 'the kubeconfig names the right one'],
    ['EPROTO', 'the TLS handshake fails (EPROTO)', 'check that it runs'],
    ['FailedToOpenSocket', 'no connection could be opened', 'an undamaged PEM file'],
    ['ERR_BORINGSSL', 'a certificate cannot be used', 'an undamaged PEM file'],
    ['ERR_PROXY_TUNNEL', 'error ERR_PROXY_TUNNEL', 'or exempt the host with NO_PROXY'],
    [
      'Malformed_HTTP_Response',
      'does not answer by HTTP/1.1 (Malf',
      'check that --api-server names',
    ],
    [
      'ZstdDecompressionError',
      'does not answer by HTTP/1.1 (Zstd',
      'check that --api-server names',
    ],
  ])('%s', (code, reason, remedy) => {
    expect(worded(code)).toContain(reason);
    expect(worded(code)).toContain(remedy);
    expect(worded(code)).not.toContain('anything');
  });
});
