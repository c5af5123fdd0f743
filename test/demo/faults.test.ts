import { afterAll, beforeEach, describe, expect, test } from 'bun:test';
import * as faults from '../../src/demo/faults.ts';
import { listen } from '../../src/demo/server.ts';

const planned = new faults.Faults();
const truth = JSON.stringify({ truth: 'x'.repeat(1000) });
const server = listen({
  address: {},
  maxRequestBodySize: 1024,
  answer: (request) => planned.apply(request, async () => new Response(truth)),
});
afterAll(() => server.stop());
beforeEach(() => planned.clear());

async function ask(path = '/'): Promise<string> {
  try {
    const response = await fetch(server.url + path, { keepalive: false, redirect: 'manual' });
    return `${response.status} ${(await response.text()).slice(0, 30)}`;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

const GOOD = `200 ${truth.slice(0, 30)}`;

describe('a planned fault', () => {
  test('spoils one request each, in order', async () => {
    planned.next([faults.status(429, 1), faults.status(500), faults.good]);
    const answers = [await ask(), await ask(), await ask(), await ask()];
    expect(answers.map((answer) => answer.slice(0, 3))).toEqual(['429', '500', '200', '200']);
  });

  test('waits for the path that it is meant for', async () => {
    planned.next(faults.status(503), /secrets/);
    expect(await ask('/pods')).toBe(GOOD);
    expect(await ask('/secrets')).toStartWith('503');
    expect(await ask('/secrets')).toBe(GOOD);
  });

  test('can stand until it is cleared', async () => {
    planned.always(faults.status(500));
    expect([await ask(), await ask()].every((answer) => answer.startsWith('500'))).toBe(true);
    planned.clear();
    expect(await ask()).toBe(GOOD);
  });

  const kinds: [string, faults.Fault, string][] = [
    ['ends the connection', faults.reset, 'ECONNRESET'],
    ['ends the connection in the middle', faults.truncated, 'ECONNRESET'],
    ['answers with what is no JSON', faults.garbage, '200 <!doctype html>\n<p>Sign in to '],
    ['answers with another kind', faults.wrongKind, '200 {"kind":"Banana","apiVersion":'],
    ['answers late', faults.slow(1), GOOD],
    ['redirects', faults.redirect('http://127.0.0.1:1/'), '307 '],
  ];
  test.each(kinds)('%s', async (_, fault, expected) => {
    planned.next(fault);
    expect(await ask()).toBe(expected);
  });

  test('sends Retry-After', async () => {
    planned.next(faults.status(429, 7));
    expect((await fetch(server.url)).headers.get('retry-after')).toBe('7');
  });

  test('sends a body that does not end', async () => {
    planned.next(faults.endless);
    const response = await fetch(server.url);
    let received = 0;
    for await (const chunk of response.body ?? []) {
      received += chunk.length;
      if (received > 5_000_000) break;
    }
    expect(received).toBeGreaterThan(5_000_000);
  });

  test('begins a body and leaves it at that', async () => {
    planned.next(faults.stalled);
    const giveUp = new AbortController();
    const response = await fetch(server.url, { signal: giveUp.signal });
    const whole = response.text().catch((error: Error) => error.name);
    const first = await Promise.race([whole, Bun.sleep(100).then(() => 'still waiting')]);
    giveUp.abort();
    expect([first, await whole]).toEqual(['still waiting', 'AbortError']);
  });
});
