/** Spoils one exchange: it sees the request, and may or may not take the true answer. */
export type Fault = (request: Request, answer: () => Promise<Response>) => Promise<Response>;

interface Planned {
  readonly fault: Fault;
  readonly path: RegExp;
}

/** The faults of one server: a queue, each for one request, and one that stays. */
export class Faults {
  readonly #queue: Planned[] = [];
  #standing: Planned | undefined;

  /** Spoils the next requests, one fault each; with a path, only those that it matches. */
  next(faults: Fault | readonly Fault[], path = /^/): void {
    for (const fault of [faults].flat()) this.#queue.push({ fault, path });
  }

  /** Spoils every request (that the path matches) until `clear`. */
  always(fault: Fault, path = /^/): void {
    this.#standing = { fault, path };
  }

  clear(): void {
    this.#queue.length = 0;
    this.#standing = undefined;
  }

  /** Lets the fault that is due, if any, decide over a request. */
  apply(request: Request, answer: () => Promise<Response>): Promise<Response> {
    const { pathname } = new URL(request.url);
    const index = this.#queue.findIndex(({ path }) => path.test(pathname));
    if (index >= 0) {
      const [due] = this.#queue.splice(index, 1);
      if (due !== undefined) return due.fault(request, answer);
    }
    if (this.#standing?.path.test(pathname)) return this.#standing.fault(request, answer);
    return answer();
  }
}

const CHUNK = ' '.repeat(64 * 1024);

/** The true answer: a good one in a sequence of bad ones. */
export const good: Fault = (_, answer) => answer();

/** The true answer, late. */
export function slow(milliseconds: number): Fault {
  return async (request, answer) => {
    await unlessGone(request, milliseconds);
    return answer();
  };
}

/** Another status; a number of seconds or a date as `Retry-After`. */
export function status(code: number, retryAfter?: number | string): Fault {
  const headers: Record<string, string> = { 'Content-Type': 'application/json' };
  if (retryAfter !== undefined) headers['Retry-After'] = String(retryAfter);
  const kind = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure' };
  return body(JSON.stringify({ ...kind, message: `injected ${code}`, code }), {
    status: code,
    headers,
  });
}

/** Any body at all, as JSON unless told otherwise. */
export function body(text: string, init: ResponseInit = {}): Fault {
  const headers = { 'Content-Type': 'application/json' };
  return async () => new Response(text, { headers, ...init });
}

/** What is no JSON, under a good status. */
export const garbage = body('<!doctype html>\n<p>Sign in to the hotel’s network.</p>\n');

/** JSON of another kind than the one asked for. */
export const wrongKind = body('{"kind":"Banana","apiVersion":"fruit/v1"}\n');

/** Sends the client elsewhere. */
export function redirect(location: string, code = 307): Fault {
  return async () => new Response(null, { status: code, headers: { Location: location } });
}

/** The connection ends before the first byte of an answer; a HEAD, which has no body to break off, gets a 500. */
export const reset: Fault = async () =>
  new Response(new ReadableStream({ pull: (stream) => stream.error() }), { status: 500 });

/** The connection ends in the middle of the true answer. */
export const truncated: Fault = async (_, answer) => {
  const response = await answer();
  const bytes = await response.bytes();
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(bytes.slice(0, Math.ceil(bytes.length / 2))),
    async pull(controller) {
      // The first half must be on its way before the connection ends.
      await Bun.sleep(20);
      controller.error();
    },
  });
  return new Response(stream, { status: response.status, headers: response.headers });
};

/** A body that never ends, and never becomes anything but white space. */
export const endless: Fault = async () => {
  const headers = { 'Content-Type': 'application/json' };
  return new Response(new ReadableStream({ pull: (stream) => stream.enqueue(CHUNK) }), { headers });
};

/** Headers at once, the body never. */
export const stalled: Fault = async () =>
  new Response(new ReadableStream({ start: (stream) => stream.enqueue('{') }));

/** Sleeps, but no longer than the client waits. */
function unlessGone(request: Request, milliseconds: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  request.signal.addEventListener('abort', () => {
    clearTimeout(timer);
    resolve();
  });
  return promise;
}
