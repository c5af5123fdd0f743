import { afterAll, afterEach, beforeAll, describe, expect, spyOn, test } from 'bun:test';
import { ApiServer } from '../../src/demo/api-server.ts';
import * as faults from '../../src/demo/faults.ts';
import { deadlineIn } from '../../src/diagnostics/deadline.ts';
import { Failure } from '../../src/diagnostics/errors.ts';
import { ApiError } from '../../src/kubernetes/api-error.ts';
import { ApiClient } from '../../src/kubernetes/client.ts';
import { directExchange } from '../../src/kubernetes/direct-exchange.ts';
import { fetchExchange } from '../../src/kubernetes/fetch-exchange.ts';

const PATH = '/api/v1/namespaces/default';

let server: ApiServer;
beforeAll(async () => {
  server = await ApiServer.start();
});
afterAll(() => server.stop());
afterEach(() => {
  server.faults.clear();
  server.log.clear();
});

async function refusal(of: Promise<unknown>): Promise<Failure> {
  const outcome = await of.catch((error: unknown) => error);
  if (outcome instanceof Failure) return outcome;
  throw new Error(`not refused, but ${String(outcome)}`);
}

const requests = () => server.log.entries.length;

describe.each([
  ['fetch', fetchExchange],
  ['a connection of its own', directExchange],
])('by %s', (_, exchange) => {
  function client(milliseconds = 30_000, token = server.adminToken): ApiClient {
    const { certificateAuthority, url } = server;
    const place = { url, host: new URL(url).host, certificateAuthority };
    return new ApiClient(place, { token }, deadlineIn(milliseconds), exchange);
  }

  describe('the API client tries again', () => {
    test.each([429, 500, 502, 503, 504])('after %d', async (status) => {
      server.faults.next(faults.status(status));
      expect(await client().get(PATH)).toMatchObject({ kind: 'Namespace' });
      expect(requests()).toBe(2);
    });
    test('after a reset connection, and after one that ends too soon', async () => {
      server.faults.next([faults.reset, faults.truncated]);
      expect(await client().get(PATH)).toMatchObject({ kind: 'Namespace' });
      expect(requests()).toBe(3);
    });
    test('for what is created, too', async () => {
      server.faults.next(faults.status(503));
      const review = { spec: { nonResourceAttributes: { path: '/version' } } };
      const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
      expect(await client().post(path, review)).toMatchObject({ status: { allowed: true } });
      expect(requests()).toBe(2);
    });
    test('no longer than its deadline', async () => {
      server.faults.always(faults.status(500));
      const { message } = await refusal(client(300).get(PATH));
      expect(message).toMatch(
        /with 500: "injected 500"; check the API server's health \(tried \d times/,
      );
      expect(message).toEndWith('until the end of the 0.3 s of --timeout)');
    });
  });

  describe('the API client does not try again', () => {
    test.each([400, 401, 403, 404, 409, 410, 418])('after %d', async (status) => {
      server.faults.next(faults.status(status));
      const error = await refusal(client().get(PATH));
      expect(error).toBeInstanceOf(ApiError);
      expect(error).toMatchObject({ status });
      expect(requests()).toBe(1);
    });
    test('after a redirect', async () => {
      server.faults.next(faults.redirect('https://elsewhere.example/'));
      const { message } = await refusal(client().get(PATH));
      expect(message).toContain('with 307, a redirect to "https://elsewhere.example"');
      expect(requests()).toBe(1);
    });
    test('after what is no JSON object', async () => {
      for (const text of ['', 'null', '[]', '"text"', '{', '7']) {
        server.faults.next(faults.body(text));
        const { message } = await refusal(client().get(PATH));
        expect(message).toContain(
          'with something else than a JSON object; check that --api-server',
        );
      }
      expect(requests()).toBe(6);
    });
  });

  describe('a Retry-After', () => {
    const waits = async (after: number | string): Promise<number> => {
      server.faults.next(faults.status(429, after));
      const started = performance.now();
      await client().get(PATH);
      return performance.now() - started;
    };
    test('in seconds is waited for', async () => expect(await waits(1)).toBeGreaterThan(900));
    test('as a date is waited for', async () =>
      expect(await waits(new Date(Date.now() + 2_000).toUTCString())).toBeGreaterThan(500));
    test('of the past or of nonsense is not', async () => {
      expect(await waits(new Date(0).toUTCString())).toBeDefined();
      expect(await waits('soon')).toBeDefined();
      expect(await waits(-5)).toBeDefined();
    });
  });

  describe('the pauses between tries', () => {
    /** Pauses in milliseconds, where chance always gives the same. */
    async function pauses(chance: number): Promise<number[]> {
      const asked: number[] = [];
      using _chance = spyOn(Math, 'random').mockImplementation(() => chance);
      using _sleep = spyOn(Bun, 'sleep').mockImplementation((milliseconds) => {
        asked.push(Number(milliseconds));
        return Promise.resolve();
      });
      server.faults.next([...Array.from({ length: 8 }, () => faults.status(503)), faults.good]);
      await client(3_600_000).get(PATH);
      return asked;
    }

    test('grow from 0.1 s to 5 s', async () => {
      expect(await pauses(1)).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000]);
    });
    test('are up to half as long, by chance, so that nodes do not come back all at once', async () => {
      expect(await pauses(0)).toEqual([50, 100, 200, 400, 800, 1600, 2500, 2500]);
    });
  });

  describe('answers together', () => {
    test('may have 64 MiB', async () => {
      const text = JSON.stringify({ filler: 'x'.repeat(30 * 1024 * 1024) });
      server.faults.always(faults.body(text));
      const one = client(60_000);
      await one.get(PATH);
      await one.get(PATH);
      const { message } = await refusal(one.get(PATH));
      expect(message).toContain('answered with more than 64 MiB; name the pull secrets');
    }, 60_000);
  });
});
