import { writeFileSync } from 'node:fs';
import { createAuthority } from '../../src/demo/certificates.ts';
import type { TestNode } from './node.ts';

/** A server that is trusted and says what a real one never would. */
export interface RawApiServer extends Disposable {
  readonly port: number;
  /** What points the plugin at it, instead of the node's own API server. */
  readonly flags: readonly string[];
}

/**
 * Answers each connection with a start; then with the same text for ever, or, where that is none, by
 * closing it. After an empty one it says nothing more.
 */
export async function rawApiServer(
  node: TestNode,
  start: string | Uint8Array,
  more?: string,
): Promise<RawApiServer> {
  const authority = await createAuthority('raw');
  const { certificate, key } = await authority.issue();
  const path = `${node.root}/raw-${crypto.randomUUID()}.crt`;
  writeFileSync(path, authority.certificate);
  const repeated = more === undefined ? undefined : Buffer.from(more);
  const server = Bun.listen<{ rest: Buffer }>({
    hostname: '127.0.0.1',
    port: 0,
    tls: { cert: certificate, key },
    socket: {
      open: (socket) => {
        socket.data = { rest: Buffer.from(start) };
      },
      data: flood,
      drain: flood,
    },
  });
  function flood(socket: Bun.Socket<{ rest: Buffer }>): void {
    for (;;) {
      const { rest } = socket.data;
      socket.data.rest = rest.subarray(Math.max(socket.write(rest), 0));
      if (socket.data.rest.length > 0) return;
      if (repeated === undefined) socket.end();
      if (repeated === undefined || repeated.length === 0) return;
      socket.data.rest = repeated;
    }
  }
  return {
    port: server.port,
    flags: ['--api-server', `https://127.0.0.1:${server.port}`, '--certificate-authority', path],
    [Symbol.dispose]: () => server.stop(true),
  };
}
