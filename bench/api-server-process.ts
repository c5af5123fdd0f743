const SERVER = new URL('api-server.ts', import.meta.url).pathname;

/** A running API server, in its own process. */
export interface ApiServerProcess extends Disposable {
  readonly port: number;
  /** PEM. */
  readonly authority: string;
  /** From now on no list is answered, until `release`. */
  hold(): Promise<void>;
  release(): Promise<void>;
  /** How many requests wait for an answer. */
  waiting(): Promise<number>;
}

/** Starts the API server and waits until it listens. */
export async function startApiServer(): Promise<ApiServerProcess> {
  const child = Bun.spawn([process.execPath, SERVER], {
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'inherit',
  });
  const { port, authority } = await greeting(child.stdout);
  const ask = async (what: string): Promise<unknown> => {
    const tls = { ca: authority, rejectUnauthorized: true };
    return (await fetch(`https://127.0.0.1:${port}/bench/${what}`, { tls })).json();
  };
  return {
    port,
    authority,
    hold: async () => void (await ask('hold')),
    release: async () => void (await ask('release')),
    waiting: async () => Number(await ask('waiting')),
    [Symbol.dispose]: () => child.kill(),
  };
}

async function greeting(
  output: ReadableStream<Uint8Array>,
): Promise<{ readonly port: number; readonly authority: string }> {
  let text = '';
  for await (const chunk of output) {
    text += Buffer.from(chunk).toString();
    if (text.endsWith('\n')) return JSON.parse(text);
  }
  throw new Error('the API server of the benchmark ended before it listened');
}
