/** Where a stand-in listens: 127.0.0.1 and a free port, unless told otherwise. */
export interface Address {
  readonly host?: string;
  readonly port?: number;
}

export interface ServerPlan {
  readonly address: Address;
  readonly tls?: Bun.TLSOptions;
  readonly maxRequestBodySize: number;
  /** Also told is the client's address. */
  readonly answer: (request: Request, client: string) => Promise<Response>;
}

export interface Listening {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** With scheme, without a trailing slash. */
  readonly url: string;
  /** Ends all connections. */
  readonly stop: () => Promise<void>;
}

/** Starts a stand-in's server. @throws the system's error where the address cannot be had. */
export function listen(plan: ServerPlan): Listening {
  const hostname = plan.address.host ?? '127.0.0.1';
  const server = Bun.serve({
    hostname,
    port: plan.address.port ?? 0,
    ...(plan.tls === undefined ? {} : { tls: plan.tls }),
    maxRequestBodySize: plan.maxRequestBodySize,
    // Slow answers are part of the play.
    idleTimeout: 0,
    development: false,
    // Outside development the runtime would share a taken port with another process, without a word.
    reusePort: false,
    fetch: (request, bun) => plan.answer(request, bun.requestIP(request)?.address ?? '-'),
  });
  const host = `${hostname.includes(':') ? `[${hostname}]` : hostname}:${server.port}`;
  return {
    host,
    url: `${plan.tls === undefined ? 'http' : 'https'}://${host}`,
    stop: () => server.stop(true),
  };
}
