import type { Deadline } from '../diagnostics/deadline.ts';
import { errorCode, Failure } from '../diagnostics/errors.ts';
import { isJsonObject, type JsonObject } from '../diagnostics/json.ts';
import { quote } from '../diagnostics/quote.ts';
import { ApiError, connectionFailure } from './api-error.ts';
import type { ApiAnswer, Exchange } from './exchange.ts';
import { fetchExchange } from './fetch-exchange.ts';

const LARGEST_ANSWERS = 64 * 1024 * 1024;
const CREATED = 201;
/** Of a token's parts, the shortest that is worth hiding; shorter ones stand in ordinary words. */
const SHORTEST_SECRET = 16;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
const RETRIED_STATUS: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);
const RETRIED_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ConnectionRefused',
  'ConnectionClosed',
]);

/** Where the API server is, and how it proves itself. Without `certificateAuthority` nothing is verified. */
export interface ApiServer {
  /** `https://host:port` in its normal form, perhaps with a path; without a slash at the end. */
  readonly url: string;
  readonly host: string;
  /** PEM. */
  readonly certificateAuthority?: string;
}

/** As whom a client asks: by a bearer token, or by a client certificate with its key (both PEM). */
export type ApiIdentity =
  | { readonly token: string }
  | { readonly certificate: string; readonly key: string };

/**
 * A Kubernetes API client: one server, one identity, one deadline over all requests. Answers of 429 and
 * 5xx and refused or reset connections are tried again within the deadline.
 */
export class ApiClient {
  private readonly server: ApiServer;
  private readonly identity: ApiIdentity;
  private readonly deadline: Deadline;
  private readonly exchange: Exchange;
  private bytesLeft = LARGEST_ANSWERS;

  constructor(
    server: ApiServer,
    identity: ApiIdentity,
    deadline: Deadline,
    exchange: (deadline: Deadline) => Exchange = fetchExchange,
  ) {
    this.server = server;
    this.identity = identity;
    this.deadline = deadline;
    this.exchange = exchange(deadline);
  }

  /**
   * The JSON object at a path. Throws an ApiError for an HTTP error, else a Failure: server not
   * trusted, not reachable, too slow, or an answer that is no JSON object.
   */
  get(path: string): Promise<JsonObject> {
    return this.request(path, undefined);
  }

  /** Creates what a body says, which may happen twice; gives the server's answer. Throws as `get` does. */
  post(path: string, body: JsonObject): Promise<JsonObject> {
    return this.request(path, body);
  }

  private async request(path: string, sent: JsonObject | undefined): Promise<JsonObject> {
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await this.attempt(path, sent);
      if ('body' in outcome) return this.parse(path, outcome.body);
      await this.pauseBeforeRetry(attempt, outcome);
    }
  }

  private async attempt(
    path: string,
    sent: JsonObject | undefined,
  ): Promise<{ readonly body: string } | Retry> {
    try {
      const answer = await this.exchange({
        server: this.server,
        identity: this.identity,
        path,
        body: sent && JSON.stringify(sent),
        take: (bytes) => this.take(bytes),
      });
      if (answer.status === 200 || answer.status === CREATED) return { body: answer.body };
      const error = this.errorFor(path, answer);
      if (!RETRIED_STATUS.has(answer.status)) throw error;
      return { error, after: retryAfter(answer) };
    } catch (error) {
      if (error instanceof Failure) throw error;
      if (this.deadline.isOver) throw this.tooSlow();
      const failure = connectionFailure(this.server.host, error);
      if (!RETRIED_CODES.has(errorCode(error) ?? '')) throw failure;
      return { error: failure, after: undefined };
    }
  }

  private take(bytes: number): void {
    this.bytesLeft -= bytes;
    if (this.bytesLeft < 0) throw this.tooLarge();
  }

  private parse(path: string, body: string): JsonObject {
    try {
      const value: unknown = JSON.parse(body);
      if (isJsonObject(value)) return value;
    } catch {
      // Said below; the parser's message may quote the body.
    }
    throw new Failure(
      `the API server ${quote(this.server.host)} answered ${quote(withoutQuery(path))} with something else than a ` +
        'JSON object; check that --api-server names a Kubernetes API server',
    );
  }

  private errorFor(path: string, answer: ApiAnswer): ApiError {
    const { status } = answer;
    const where = `the API server ${quote(this.server.host)} answered ${quote(withoutQuery(path))} with ${status}`;
    if (status >= 300 && status < 400) {
      const to = originOf(answer.header('location'));
      return new ApiError(
        `${where}, a redirect to ${quote(to)}, which is not followed, because the token would go along; ` +
          'give --api-server the server itself',
        status,
      );
    }
    const reason = statusMessage(answer.body);
    const told = reason === undefined ? where : `${where}: ${quote(this.withoutToken(reason))}`;
    return new ApiError(`${told}${remedyFor(status)}`, status);
  }

  private async pauseBeforeRetry(attempt: number, { error, after }: Retry): Promise<void> {
    const backOff = Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS);
    // A server that asks for no pause at all, or whose clock is behind, is not hammered either.
    const pause = Math.max(after ?? 0, backOff * (0.5 + Math.random() / 2));
    if (Date.now() + pause >= this.deadline.at) {
      throw new Failure(
        `${error.message} (tried ${attempt + 1} times, until the end of the ${this.deadline.limit})`,
      );
    }
    await Bun.sleep(pause);
  }

  /** A server, or who stands before it, may send back what it was sent. */
  private withoutToken(text: string): string {
    if (!('token' in this.identity)) return text;
    const { token } = this.identity;
    return [token, ...token.split('.')]
      .filter((part) => part.length >= SHORTEST_SECRET)
      .reduce((masked, part) => masked.replaceAll(part, '…'), text);
  }

  private tooSlow(): Failure {
    return new Failure(
      `the API server ${quote(this.server.host)} did not answer within the ${this.deadline.limit}; ` +
        'check its load and the network to it',
    );
  }

  private tooLarge(): Failure {
    return new Failure(
      `the API server ${quote(this.server.host)} answered with more than ` +
        `${LARGEST_ANSWERS / 1024 / 1024} MiB; name the pull secrets with the service account's ` +
        'annotation pullkey.dev/pull-secrets, so that nothing is listed',
    );
  }
}

interface Retry {
  readonly error: Failure;
  /** Milliseconds that the server asked to wait. */
  readonly after: number | undefined;
}

/** The query may hold what the server sent before. */
function withoutQuery(path: string): string {
  return path.split('?', 1)[0] ?? path;
}

function originOf(location: string | undefined): string {
  if (location === undefined) return 'nowhere';
  return URL.canParse(location) ? new URL(location).origin : 'another path';
}

/** Seconds or a date (RFC 9110, 10.2.3). */
function retryAfter(answer: ApiAnswer): number | undefined {
  const text = answer.header('retry-after') ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = /^[A-Z][a-z]{2}, /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(date - Date.now(), 0);
}

/** What to do about an HTTP status; for 401 and 403 the caller knows better. */
function remedyFor(status: number): string {
  if (status === 401 || status === 403) return '';
  return RETRIED_STATUS.has(status)
    ? "; check the API server's health"
    : '; check that --api-server names a Kubernetes API server';
}

/** The message of a `Status` object. */
function statusMessage(body: string): string | undefined {
  try {
    const value: unknown = JSON.parse(body);
    const message = isJsonObject(value) ? value['message'] : undefined;
    return typeof message === 'string' && message !== '' ? message : undefined;
  } catch {
    return undefined;
  }
}
