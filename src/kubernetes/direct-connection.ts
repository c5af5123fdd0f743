import type { Deadline } from '../diagnostics/deadline.ts';
import { map } from '../diagnostics/lists.ts';
import { utf8Bytes } from '../diagnostics/utf8.ts';
import type { ApiServer } from './client.ts';
import { type ApiRequest, requestHeaders, tlsOptions } from './exchange.ts';
import { HttpAnswerReader } from './http-answer.ts';

/** As the runtime's `fetch` words it; it is tried again. */
class ConnectionClosed extends Error {
  readonly code = 'ConnectionClosed';
}

interface Exchanging {
  readonly reader: HttpAnswerReader;
  readonly whole: PromiseWithResolvers<HttpAnswerReader>;
  readonly timer: NodeJS.Timeout;
}

/** A TLS connection to an API server that carries one exchange after the other. */
export class DirectConnection {
  private socket: Bun.Socket | undefined;
  private unsent: Uint8Array = new Uint8Array();
  private exchanging: Exchanging | undefined;
  private hasFailed = false;

  /** Connects as the request's server and identity say. Throws where the CA is none. */
  constructor(request: ApiRequest) {
    const { hostname, port } = placeOf(request.server);
    const mayBeAnyone = request.server.certificateAuthority === undefined;
    const fail = (_: Bun.Socket, error: Error) => this.fail(error);
    Bun.connect({
      hostname,
      port,
      tls: tlsOptions(request.server, request.identity),
      socket: {
        binaryType: 'uint8array',
        handshake: (socket, _, error) => {
          if (socket.authorized || mayBeAnyone) this.ready(socket);
          else this.fail(error ?? new ConnectionClosed());
        },
        data: (_, bytes) => this.receive(bytes),
        drain: () => this.send(),
        close: () => this.close(),
        error: fail,
        connectError: fail,
      },
    }).catch((error) => this.fail(error));
  }

  get isOpen(): boolean {
    return !this.hasFailed;
  }

  /** Sends a request; resolves to its whole answer. Rejects with the system's, TLS's or HTTP's error. */
  answer(request: ApiRequest, deadline: Deadline): Promise<HttpAnswerReader> {
    const overdue = () => this.fail(new ConnectionClosed());
    const whole = Promise.withResolvers<HttpAnswerReader>();
    this.exchanging = {
      reader: new HttpAnswerReader(request.take),
      whole,
      // A timer may be up to a millisecond early, by the clock that the deadline goes by.
      timer: setTimeout(overdue, deadline.left + 1),
    };
    this.unsent = encodeRequest(request);
    this.send();
    return whole.promise;
  }

  private ready(socket: Bun.Socket): void {
    this.socket = socket;
    this.send();
  }

  private send(): void {
    if (this.socket === undefined || this.unsent.length === 0) return;
    const sent = this.socket.write(this.unsent);
    if (sent < 0) this.fail(new ConnectionClosed());
    else this.unsent = this.unsent.subarray(sent);
  }

  private receive(bytes: Uint8Array): void {
    try {
      // What nobody asked for ends the connection.
      if (this.exchanging === undefined) this.fail(new ConnectionClosed());
      else if (this.exchanging.reader.read(bytes)) this.finish(this.exchanging);
    } catch (error) {
      this.fail(error);
    }
  }

  private finish({ reader, whole, timer }: Exchanging): void {
    this.exchanging = undefined;
    clearTimeout(timer);
    whole.resolve(reader);
  }

  private close(): void {
    if (this.exchanging?.reader.close()) this.finish(this.exchanging);
    this.fail(new ConnectionClosed());
  }

  private fail(error: unknown): void {
    this.hasFailed = true;
    if (this.exchanging !== undefined) {
      clearTimeout(this.exchanging.timer);
      this.exchanging.whole.reject(error);
      this.exchanging = undefined;
    }
    this.socket?.terminate();
    this.socket = undefined;
  }
}

interface Place {
  readonly authority: string;
  readonly hostname: string;
  readonly port: number;
  /** What all paths on the server begin with; mostly nothing. */
  readonly prefix: string;
}

/** Takes the server's URL apart, which is in its normal form. */
function placeOf({ url }: ApiServer): Place {
  const rest = url.slice('https://'.length);
  const slash = rest.indexOf('/');
  const [authority, prefix] = slash === -1 ? [rest, ''] : [rest.slice(0, slash), rest.slice(slash)];
  const colon = authority.lastIndexOf(':');
  const hasPort = colon > authority.lastIndexOf(']');
  const host = hasPort ? authority.slice(0, colon) : authority;
  return {
    authority,
    hostname: host.startsWith('[') ? host.slice(1, -1) : host,
    port: hasPort ? Number(authority.slice(colon + 1)) : 443,
    prefix,
  };
}

function encodeRequest(request: ApiRequest): Uint8Array {
  const { server, path, body } = request;
  const { authority, prefix } = placeOf(server);
  const headers = {
    Host: authority,
    'User-Agent': 'pullkey',
    ...requestHeaders(request),
    ...(body === undefined ? {} : { 'Content-Length': String(utf8Bytes(body).length) }),
  };
  const lines = map(Object.entries(headers), ([name, value]) => `${name}: ${value}\r\n`);
  const method = body === undefined ? 'GET' : 'POST';
  const head = `${method} ${prefix}${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
  return utf8Bytes(head + (body ?? ''));
}
