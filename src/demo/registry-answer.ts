import type { RegistryStore } from './registry-store.ts';
import type { Uploads } from './registry-uploads.ts';

/** What the distribution API is served from. */
export interface Shelf {
  readonly store: RegistryStore;
  readonly uploads: Uploads;
}

/** An answer of the distribution API, before it becomes a response. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** A JSON answer, 200. */
export function json(value: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  const body = `${JSON.stringify(value)}\n`;
  return { status: 200, headers: { 'Content-Type': 'application/json', ...headers }, body };
}
