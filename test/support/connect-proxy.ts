interface Tunnel {
  target?: Bun.Socket<undefined>;
  waiting: Buffer[];
}

/** An HTTP proxy that only tunnels, and to one place whatever the client asks for. */
export interface ConnectProxy extends Disposable {
  readonly port: number;
  /** What clients asked for: the requests' first lines. */
  readonly asked: string[];
}

/** Starts a proxy of which every tunnel ends at a port of this machine. */
export function startConnectProxy(targetPort: number): ConnectProxy {
  const asked: string[] = [];
  const listener = Bun.listen<Tunnel>({
    hostname: '127.0.0.1',
    port: 0,
    data: { waiting: [] },
    socket: {
      open(client) {
        client.data = { waiting: [] };
      },
      async data(client, bytes) {
        const { target, waiting } = client.data;
        if (target !== undefined) return void target.write(bytes);
        waiting.push(bytes);
        const request = Buffer.concat(waiting).toString('latin1');
        if (!request.endsWith('\r\n\r\n')) return;
        asked.push(request.split('\r\n', 1)[0] ?? '');
        client.data.target = await openTunnel(client, targetPort);
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      },
      close: (client) => void client.data.target?.end(),
    },
  });
  return { port: listener.port, asked, [Symbol.dispose]: () => listener.stop(true) };
}

function openTunnel(client: Bun.Socket<Tunnel>, port: number): Promise<Bun.Socket<undefined>> {
  return Bun.connect({
    hostname: '127.0.0.1',
    port,
    socket: { data: (_, bytes) => void client.write(bytes), close: () => void client.end() },
  });
}
