import { afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { createAuthority, type ServerCertificate } from '../../src/demo/certificates.ts';
import { deadlineIn } from '../../src/diagnostics/deadline.ts';
import { directExchange } from '../../src/kubernetes/direct-exchange.ts';
import type { ApiAnswer, Exchange } from '../../src/kubernetes/exchange.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

let certificateAuthority: string;
let certificate: ServerCertificate;
beforeAll(async () => {
  const authority = await createAuthority('cluster');
  certificateAuthority = authority.certificate;
  certificate = await authority.issue();
});

interface Served {
  readonly port: number;
  /** One text for each connection: all that came in on it. */
  readonly connections: string[];
}

const started: { stop(closeActive: boolean): void }[] = [];
afterEach(() => {
  for (const server of started.splice(0)) server.stop(true);
});

type Answering = (socket: Bun.Socket<{ index: number }>, received: string) => void;

/** A TLS server; `answer` is called with all that came in on a connection when more comes in. */
function serve(answer: Answering, hostname = '127.0.0.1'): Served {
  const connections: string[] = [];
  const server = Bun.listen<{ index: number }>({
    hostname,
    port: 0,
    tls: { cert: certificate.certificate, key: certificate.key },
    socket: {
      open: (socket) => {
        socket.data = { index: connections.push('') - 1 };
      },
      data: (socket, bytes) => {
        connections[socket.data.index] += bytes.toString();
        answer(socket, connections[socket.data.index] ?? '');
      },
    },
  });
  started.push(server);
  return { port: server.port, connections };
}

function get(
  exchange: Exchange,
  { port }: Served,
  { host = '127.0.0.1', body = undefined as string | undefined } = {},
): Promise<ApiAnswer> {
  const place = `${host}:${port}`;
  const server = { url: `https://${place}`, host: place, certificateAuthority };
  const identity = { token: 'abc' };
  return exchange({ server, identity, path: '/a?b=c%20d', body, take: () => undefined });
}

const direct = () => directExchange(deadlineIn(20_000));

describe('a connection of its own', () => {
  test('sends a request of HTTP/1.1', async () => {
    const server = serve((socket) => socket.write(OK));
    const { status, body } = await get(direct(), server);
    expect({ status, body }).toEqual({ status: 200, body: 'ok' });
    expect(server.connections).toEqual([
      `GET /a?b=c%20d HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nUser-Agent: pullkey\r\n` +
        'Accept: application/json\r\nAuthorization: Bearer abc\r\n\r\n',
    ]);
  });

  test('sends a large body whole', async () => {
    const body = JSON.stringify('ä'.repeat(2_000_000));
    const server = serve((socket, received) => {
      if (received.endsWith('"')) socket.write(OK);
    });
    await get(direct(), server, { body });
    const [received = ''] = server.connections;
    expect(received).toStartWith('POST /a?b=c%20d HTTP/1.1\r\n');
    expect(received).toContain(`\r\nContent-Length: ${4_000_002}\r\n`);
    expect(received).toContain('\r\nContent-Type: application/json\r\n');
  });

  test('serves requests that follow each other', async () => {
    const server = serve((socket) => socket.write(OK));
    const exchange = direct();
    for (let count = 0; count < 3; count += 1) await get(exchange, server);
    expect(server.connections.map((one) => one.match(/GET/g)?.length)).toEqual([3]);
  });

  test('is not shared by requests at the same time', async () => {
    const server = serve((socket) => socket.write(OK));
    const exchange = direct();
    await Promise.all([get(exchange, server), get(exchange, server)]);
    expect(server.connections).toHaveLength(2);
  });

  test.each([
    ['says that it closes', OK.replace('\r\n', '\r\nConnection: close\r\n')],
    ['says more than was asked', `${OK}HTTP/1.1 200 OK\r\n`],
  ])('is not used again where the server %s', async (_, text) => {
    const server = serve((socket) => socket.write(text));
    const exchange = direct();
    for (let count = 0; count < 2; count += 1) await get(exchange, server);
    expect(server.connections).toHaveLength(2);
  });

  test('is replaced where the server has closed it meanwhile', async () => {
    const server = serve((socket) => {
      socket.write(OK);
      socket.end();
    });
    const exchange = direct();
    await get(exchange, server);
    while (server.connections.length === 1) {
      // The end may come in later than the answer.
      await get(exchange, server).catch((error) => expect(error.code).toBe('ConnectionClosed'));
    }
    expect(server.connections.length).toBeGreaterThan(1);
  });

  test('reads an answer that ends with the connection', async () => {
    const server = serve((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\nall of it');
      socket.end();
    });
    expect((await get(direct(), server)).body).toBe('all of it');
  });

  test('reaches an IPv6 address', async () => {
    const server = serve((socket) => socket.write(OK), '::1');
    expect((await get(direct(), server, { host: '[::1]' })).body).toBe('ok');
  });
});

describe('a connection of its own fails', () => {
  test.each<[title: string, code: string, answer: Answering]>([
    ['that ends too soon', 'ConnectionClosed', (socket) => socket.end(OK.slice(0, -1))],
    ['that is reset', 'ConnectionClosed', (socket) => socket.terminate()],
    ['that speaks something else', 'InvalidHTTPResponse', (socket) => socket.write('+OK\r\n\r\n')],
  ])('%s', async (_, code, answer) => {
    const error = await get(direct(), serve(answer)).catch((reason) => reason);
    expect(error).toMatchObject({ code });
  });

  test('at the deadline', async () => {
    const server = serve(() => undefined);
    const deadline = deadlineIn(50);
    await expect(get(directExchange(deadline), server)).rejects.toThrow();
    expect(deadline.isOver).toBe(true);
  });
});
