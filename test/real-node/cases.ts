// Run by `make e2e` on a real node; see docs/development.md.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { journalCursor, runsSince } from './journal.ts';
import { AUTH_DIR, createTenant, kubectl, leftFiles, run, SETTINGS, thisNode } from './machine.ts';
import { eventually, type PodPlan, type PodPulls, pullsOf, removePods, startPods } from './pods.ts';
import {
  mirrored,
  restoreRegistriesConf,
  setAsideRegistriesConf,
  setRegistriesConf,
} from './registries-conf.ts';

const NGINX = 'docker.io/library/nginx';
const REDIS = 'docker.io/library/redis';
const RUN = crypto.randomUUID().slice(0, 8);
const TENANT = `pullkey-e2e-${RUN}-a`;
const STRANGER = `pullkey-e2e-${RUN}-b`;
// From here on the kubelet asks for a credential of the pod before it starts an image that is there already.
const VERIFYING_MINOR = 35;

let node: { readonly name: string; readonly minor: number };
let cursor: string;
let pods = 0;

beforeAll(() => {
  node = thisNode();
  setAsideRegistriesConf();
  createTenant(TENANT, true);
  createTenant(STRANGER, false);
});
afterAll(() => {
  restoreRegistriesConf();
  kubectl(['delete', 'namespace', '--wait=false', '--ignore-not-found', TENANT, STRANGER]);
});
beforeEach(() => {
  cursor = journalCursor();
});
afterEach(() => {
  for (const namespace of [TENANT, STRANGER]) removePods(namespace);
});

function planned(
  namespace: string,
  images: readonly string[],
  policy: PodPlan['policy'] = 'Always',
): PodPlan {
  pods += 1;
  return { namespace, name: `pod-${pods}`, node: node.name, images, policy };
}

function pod(...plan: Parameters<typeof planned>): PodPlan {
  const one = planned(...plan);
  startPods([one]);
  return one;
}

/** How a pod's pulls ended, once all are done or one has failed. */
async function ended(plan: PodPlan): Promise<PodPulls> {
  const found = await eventually(() => {
    const pulls = pullsOf(plan);
    const isOver = pulls.pulled.length >= plan.images.length || pulls.failures.length > 0;
    return isOver ? pulls : undefined;
  });
  return found ?? pullsOf(plan);
}

async function expectPulled(plan: PodPlan): Promise<void> {
  expect(await ended(plan)).toEqual({ pulled: [...plan.images].sort(), failures: [] });
}

/** By the mirror itself, which says so in the kubelet's event; the registry behind it cannot be reached. */
async function expectRefused(plan: PodPlan): Promise<void> {
  const { pulled, failures } = await ended(plan);
  expect(pulled).toEqual([]);
  expect(failures[0]).toMatch(/unauthorized|authentication required/i);
}

/** The first of the plugin's runs since the test began that says a sentence. */
function runThatSays(sentence: string): Promise<string[] | undefined> {
  return eventually(() => runsSince(cursor).find((one) => one.includes(sentence)));
}

async function expectNoFiles(): Promise<void> {
  expect(await eventually(() => (leftFiles().length === 0 ? true : undefined))).toBe(true);
}

describe('with a mirror', () => {
  beforeAll(() => setRegistriesConf(mirrored()));

  test('it is found, and the auth file is written and used', async () => {
    await expectPulled(pod(TENANT, [NGINX]));
    const digest = new Bun.CryptoHasher('sha256').update(NGINX).digest('hex');
    const sentences = await runThatSays(`Auth file path: ${AUTH_DIR}/${TENANT}-${digest}.json`);
    expect(sentences).toContain(`Getting secrets from namespace: ${TENANT}`);
    expect(sentences).toContain(`Got mirror(s) for "${NGINX}": "${SETTINGS.registry}"`);
    await expectNoFiles();
  });

  test('a namespace without its credential is refused', async () => {
    await expectRefused(pod(STRANGER, [NGINX]));
  });

  test('both images of a pod are pulled', async () => {
    await expectPulled(pod(TENANT, [NGINX, REDIS]));
    await expectNoFiles();
  });

  test('ten pods of one image are all pulled', async () => {
    const plans = Array.from({ length: 10 }, () => planned(TENANT, [NGINX]));
    startPods(plans);
    await Promise.all(plans.map(expectPulled));
    await expectNoFiles();
  });

  test('an image that is on the node starts again for its own namespace', async () => {
    await expectPulled(pod(TENANT, [NGINX], 'IfNotPresent'));
  });

  test('an image that is on the node does not start for another namespace', async () => {
    const policy = node.minor >= VERIFYING_MINOR ? 'IfNotPresent' : 'Always';
    await expectRefused(pod(STRANGER, [NGINX], policy));
  });
});

describe('without a mirror', () => {
  test('nothing is written', async () => {
    setRegistriesConf('');
    pod(TENANT, [NGINX]);
    expect(await runThatSays('No mirrors found, will not write any auth file')).toBeDefined();
    await expectNoFiles();
  });

  test('and without any registries.conf the plugin stops', async () => {
    setRegistriesConf(undefined);
    pod(TENANT, [NGINX]);
    const sentence =
      'Registries conf path "/etc/containers/registries.conf" does not exist, stopping';
    expect(await runThatSays(sentence)).toEqual(['Running credential provider', sentence]);
    await expectNoFiles();
  });
});

describe('the installed plugin', () => {
  test('tells its version', () => {
    expect(run([SETTINGS.plugin, '--version'])).toStartWith('Version:');
    expect(Object.keys(JSON.parse(run([SETTINGS.plugin, '--version-json'])))).toContain('version');
  });
});
