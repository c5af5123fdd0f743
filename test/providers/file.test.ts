import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { deadlineIn } from '../../src/diagnostics/deadline.ts';
import { decodeRequest } from '../../src/kubelet/request.ts';
import { encodeResponse } from '../../src/kubelet/response.ts';
import { plan, respond } from '../../src/providers/file.ts';
import { nodeFiles } from '../../src/providers/file-world.ts';
import { asKubelet, TestStore } from '../support/credential-store.ts';

/** An image and, told apart from `src/`, the scopes that it belongs to, the most specific first. */
interface Example {
  readonly image: string;
  readonly scopes: readonly string[];
}

interface Registry {
  readonly host: (typeof hosts)[number];
  readonly port: string;
}

interface Stored {
  readonly one: Example;
  readonly other: Example;
  readonly present: readonly string[];
  readonly duration: string | undefined;
  /** Whether Docker's config.json has something for their registry. */
  readonly hasConfig: boolean;
}

const hosts: readonly (readonly [host: string, domains: readonly string[]])[] = [
  ['registry.example.org', ['example.org', 'org']],
  ['Registry.Example.ORG', ['example.org', 'org']],
  ['docker.io', ['io']],
  ['localhost', []],
  ['10.0.0.1', []],
  ['[::1]', []],
];
const CONFIG_USER = 'from config.json';
const component = fc.constantFrom('v1', 'v2', 'team', 'team-a', 'app', 'x_y');

const registry: fc.Arbitrary<Registry> = fc
  .record({ host: fc.constantFrom(...hosts), port: fc.constantFrom('', ':5000', ':443') })
  // Such a host is none to the kubelet without dot and port, and an address in brackets needs its port.
  .filter(({ host: [name], port }) => name.includes('.') || port !== '');

const path = fc.array(component, { minLength: 2, maxLength: 4 });

function exampleOf(
  { host: [name, domains], port }: Registry,
  components: readonly string[],
): Example {
  const host = name.toLowerCase();
  const parts = components.map((_, index) =>
    components.slice(0, components.length - index).join('/'),
  );
  const authorities = port === '' ? [host] : [host + port, host];
  const below = authorities.flatMap((one) => parts.map((part) => `${one}/${part}`));
  return {
    image: `${name}${port}/${components.join('/')}`,
    scopes: [...below, ...authorities, ...domains],
  };
}

/** Two images of one registry, and which scopes are stored: some of theirs, and others that are nearly theirs. */
const stored: fc.Arbitrary<Stored> = fc
  .tuple(registry, path, path)
  .map(([where, one, other]) => [exampleOf(where, one), exampleOf(where, other)] as const)
  .chain(([one, other]) => {
    const own = [...new Set([...one.scopes, ...other.scopes])];
    const strangers = own.map((scope) => `${scope}x`).filter((scope) => !own.includes(scope));
    return fc.record({
      one: fc.constant(one),
      other: fc.constant(other),
      present: fc.subarray([...own, ...strangers]),
      duration: fc.constantFrom(undefined, '0s', '90s', '0h5m0s', '12h', '1.5h'),
      hasConfig: fc.boolean(),
    });
  });

/** Each credential's user name says where it is from. */
function writeStored(store: TestStore, { one, present, duration, hasConfig }: Stored): void {
  for (const scope of present) {
    store.write(`${scope}.json`, { username: scope, password: 'p', duration });
  }
  if (!hasConfig) return;
  const auth = Buffer.from(`${CONFIG_USER}:p`).toString('base64');
  store.write('config.json', { auths: { [one.image.split('/')[0] ?? '']: { auth } } });
}

function usernameFor({ scopes }: Example, { present, hasConfig }: Stored): string | undefined {
  const scope = scopes.find((one) => present.includes(one));
  return scope ?? (hasConfig ? CONFIG_USER : undefined);
}

async function answerTo(store: TestStore, image: string): Promise<string> {
  const options = {
    credentialRoot: store.root,
    helperDir: store.helperDir,
    allowInsecurePermissions: false,
    environment: () => ({}),
  };
  const request = decodeRequest(JSON.stringify({ image }), 'optional');
  return encodeResponse(respond(await plan(request, nodeFiles(options, deadlineIn(60_000)))));
}

describe('whatever is stored', () => {
  const withStore = (check: (store: TestStore, stored: Stored) => Promise<void>) =>
    fc.assert(
      fc.asyncProperty(stored, async (given) => {
        using store = new TestStore();
        writeStored(store, given);
        await check(store, given);
      }),
    );

  test('the kubelet takes the answer and finds the most specific credential in it', () =>
    withStore(async (store, given) => {
      const { image } = given.one;
      const username = usernameFor(given.one, given);
      if (username === undefined) {
        await expect(answerTo(store, image)).rejects.toThrow('is an unknown source');
        return;
      }
      const answer = await answerTo(store, image);
      expect(asKubelet(answer, image).keyring).toEqual([{ username, password: 'p' }]);
      const duration = username === CONFIG_USER ? undefined : given.duration;
      expect(JSON.parse(answer).cacheDuration).toBe(duration ?? '0h5m0s');
    }));

  test('an answer that the kubelet keeps for a registry is right for its other images', () =>
    withStore(async (store, given) => {
      const username = usernameFor(given.one, given);
      if (username === undefined) return;
      const { cacheKeyType } = JSON.parse(await answerTo(store, given.one.image));
      if (cacheKeyType !== 'Image') expect(usernameFor(given.other, given)).toBe(username);
    }));
});
