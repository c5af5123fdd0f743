import type { Deadline } from '../diagnostics/deadline.ts';
import { Failure } from '../diagnostics/errors.ts';
import { isJsonObject } from '../diagnostics/json.ts';
import { quote } from '../diagnostics/quote.ts';
import { connectionFailure } from './api-error.ts';
import type { ApiIdentity, ApiServer } from './client.ts';
import { tlsOptions } from './exchange.ts';

/** What an API server says of itself, whether or not it lets who asks do anything. */
export interface ServerAnswer {
  /** Of HTTP. */
  readonly status: number;
  /** The server's clock minus ours, in milliseconds; undefined where it told no time. */
  readonly clockOffset: number | undefined;
  /** `gitVersion`, such as `v1.34.1+k3s1`; undefined where it is not told. */
  readonly version: string | undefined;
}

const NOBODY: ApiIdentity = { token: '' };
const LARGEST_ANSWER = 64 * 1024;
/** The `Date` header knows whole seconds, so that the middle of one is the best guess. */
const HALF_A_SECOND_MS = 500;

/**
 * Asks an API server for its version, once. Throws a ConnectionError where it is not trusted or not reached,
 * and a Failure where it takes too long.
 */
export async function askServer(
  server: ApiServer,
  identity: ApiIdentity | undefined,
  deadline: Deadline,
): Promise<ServerAnswer> {
  const sentAt = Date.now();
  try {
    const response = await fetch(`${server.url}/version`, {
      headers: {
        Accept: 'application/json',
        ...(identity !== undefined && 'token' in identity
          ? { Authorization: `Bearer ${identity.token}` }
          : {}),
      },
      redirect: 'manual',
      signal: deadline.signal,
      tls: tlsOptions(server, identity ?? NOBODY),
      verbose: false,
    });
    const { status, headers } = response;
    const middle = (sentAt + Date.now()) / 2;
    const version = versionIn(await beginningOf(response));
    return { status, clockOffset: offsetOf(headers.get('date'), middle), version };
  } catch (error) {
    if (!deadline.isOver) throw connectionFailure(server.host, error);
    throw new Failure(
      `the API server ${quote(server.host)} did not answer within the ${deadline.limit}`,
    );
  }
}

function offsetOf(date: string | null, now: number): number | undefined {
  const time = Date.parse(date ?? '');
  return Number.isNaN(time) ? undefined : Math.round(time + HALF_A_SECOND_MS - now);
}

async function beginningOf(response: Response): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > LARGEST_ANSWER) break;
  }
  return text;
}

function versionIn(body: string): string | undefined {
  try {
    const value: unknown = JSON.parse(body);
    const version = isJsonObject(value) ? value['gitVersion'] : undefined;
    return typeof version === 'string' ? version : undefined;
  } catch {
    return undefined;
  }
}
