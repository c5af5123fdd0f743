import { afterAll, afterEach, describe, expect, test } from 'bun:test';
import * as faults from '../../src/demo/faults.ts';
import { Registry } from '../../src/demo/registry.ts';
import { RegistryClient, type RegistryClientOptions } from '../../src/distribution/client.ts';
import { outcome } from '../support/registry-outcome.ts';

const open = Registry.start();
open.seedImage('team/app', 'v1');
afterAll(() => open.stop());
afterEach(() => open.faults.clear());

function client(options: Partial<RegistryClientOptions> = {}): RegistryClient {
  return new RegistryClient({ host: open.host, insecure: true, ...options });
}

describe('what goes wrong on the way', () => {
  const asking = (options: Partial<RegistryClientOptions> = {}): Promise<string> =>
    outcome(client(options).headManifest('team/app', 'v1'));

  test('no such host, said at once for a name that is reserved', async () => {
    const nowhere = new RegistryClient({ host: 'upstream.invalid' });
    expect(await outcome(nowhere.ping())).toBe('unreachable: no such host');
  });

  test('a refused connection', async () => {
    const closed = Registry.start();
    await closed.stop();
    expect(await asking({ host: closed.host })).toBe('unreachable: connection refused');
  });

  const answers: [string, faults.Fault, string][] = [
    ['a reset connection', faults.reset, 'unreachable: connection reset'],
    ['too many requests', faults.status(429), 'rate-limited: toomanyrequests: too many requests'],
    ['an error of the server', faults.status(500), 'server: unexpected status 500'],
    [
      'an endless circle',
      faults.redirect('/v2/team/app/manifests/v1'),
      'invalid: too many redirects',
    ],
    [
      'a redirect to a file',
      faults.redirect('file:///etc/passwd'),
      'invalid: a redirect that leads nowhere',
    ],
  ];
  test.each(answers)('%s', async (_, fault, expected) => {
    open.faults.always(fault, /manifests/);
    const work = client().manifest('team/app', 'v1');
    expect(await outcome(work)).toBe(expected);
  });

  test('an answer that comes too late', async () => {
    open.faults.always(faults.slow(600_000), /manifests/);
    expect(await asking({ timeoutMs: 300 })).toBe('timeout: no answer in time');
  });

  test('a body that comes too late', async () => {
    open.faults.always(faults.stalled, /manifests/);
    const work = client({ timeoutMs: 300 }).manifest('team/app', 'v1');
    expect(await outcome(work)).toBe('timeout: no answer in time');
  });

  test('a caller who gives up', async () => {
    open.faults.always(faults.slow(600_000), /manifests/);
    const giveUp = new AbortController();
    const work = asking({ signal: giveUp.signal });
    setTimeout(() => giveUp.abort(), 50);
    expect(await work).toBe('timeout: no answer in time');
  });

  test('a manifest that never ends', async () => {
    open.faults.always(faults.endless, /manifests/);
    const work = client().manifest('team/app', 'v1');
    expect(await outcome(work)).toBe('invalid: more than 4194304 bytes');
  });

  test('half a manifest', async () => {
    open.faults.always(faults.truncated, /manifests/);
    const work = client().manifest('team/app', 'v1');
    expect(await outcome(work)).toBe('unreachable: connection reset');
  });

  test('an error with control characters is quoted', async () => {
    const errors = [{ code: 'DENIED', message: 'a\u001b[31mb\nc' }];
    open.faults.always(faults.body(JSON.stringify({ errors }), { status: 403 }), /manifests/);
    const work = client().manifest('team/app', 'v1');
    expect(await outcome(work)).toBe('denied: "denied: a\\u001b[31mb\\nc"');
  });

  test('a host that is no registry', async () => {
    open.faults.always(faults.status(404));
    expect(await asking()).toBe('not-found: not found');
  });
});
