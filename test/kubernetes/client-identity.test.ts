import { afterAll, beforeAll, expect, test } from 'bun:test';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { createAuthority } from '../../src/demo/certificates.ts';
import { deadlineIn } from '../../src/diagnostics/deadline.ts';
import { ApiClient, type ApiServer } from '../../src/kubernetes/client.ts';

let server: Server;
let address: ApiServer;
const kubelet = { certificate: '', key: '' };

beforeAll(async () => {
  const authority = await createAuthority('cluster');
  const own = await authority.issue();
  Object.assign(kubelet, await authority.issue({ hosts: ['worker-1'] }));
  const tls = { cert: own.certificate, key: own.key, ca: authority.certificate, requestCert: true };
  // An HTTPS server of the runtime does not tell the client's certificate, a TLS server does.
  server = createServer({ ...tls, rejectUnauthorized: false }, tellWhoAsks);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const listening = server.address();
  const port = typeof listening === 'object' ? listening?.port : undefined;
  const host = `127.0.0.1:${port}`;
  address = { url: `https://${host}`, host, certificateAuthority: authority.certificate };
});

/** Answers a request with its sender and content. */
function tellWhoAsks(socket: TLSSocket): void {
  let text = '';
  socket.on('error', () => undefined);
  socket.on('data', (bytes) => {
    text += bytes.toString();
    const [head = '', sent] = text.split('\r\n\r\n');
    const length = Number(header(head, 'content-length') ?? 0);
    if (sent === undefined || sent.length < length) return;
    const name = socket.getPeerCertificate().subject?.CN;
    const method = head.split(' ', 1)[0];
    const body = JSON.stringify({
      name,
      method,
      authorization: header(head, 'authorization'),
      sent,
    });
    const status = method === 'POST' ? '201 Created' : '200 OK';
    socket.end(
      `HTTP/1.1 ${status}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    );
  });
}

function header(head: string, name: string): string | undefined {
  return new RegExp(`^${name}: *(.*)$`, 'im').exec(head)?.[1]?.trim();
}

afterAll(() => {
  server.close();
});

const deadline = () => deadlineIn(30_000);

test('a client certificate is shown, and no token', async () => {
  const client = new ApiClient(address, kubelet, deadline());
  expect(await client.get('/x')).toEqual({ name: 'worker-1', method: 'GET', sent: '' });
});

test('a token is shown, and no certificate', async () => {
  const client = new ApiClient(address, { token: 'abc' }, deadline());
  expect(await client.get('/x')).toEqual({ method: 'GET', authorization: 'Bearer abc', sent: '' });
});

test('an object is created with its body', async () => {
  const client = new ApiClient(address, kubelet, deadline());
  expect(await client.post('/x', { kind: 'TokenRequest' })).toEqual({
    name: 'worker-1',
    method: 'POST',
    sent: '{"kind":"TokenRequest"}',
  });
});
