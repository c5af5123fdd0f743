// Run by `make e2e` on a real node; see docs/development.md.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { journalCursor, runsSince } from './journal.ts';
import {
  AUTH_DIR,
  createTenant,
  kubectl,
  leftFiles,
  mirrored,
  restoreRegistriesConf,
  run,
  SETTINGS,
  setAsideRegistriesConf,
  setRegistriesConf,
  thisNode,
} from './machine.ts';
import { eventually, type PodPlan, type PodPulls, pullsOf, startPod } from './pods.ts';

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
  kubectl(['delete', 'namespace', '--wait=false', TENANT, STRANGER]);
});
beforeEach(() => {
  cursor = journalCursor();
});

function pod(
  namespace: string,
  images: readonly string[],
  policy: PodPlan['policy'] = 'Always',
): PodPlan {
  pods += 1;
  const plan = { namespace, name: `pod-${pods}`, node: node.name, images, policy };
  startPod(plan);
  return plan;
}

/** How a pod's pulls ended, once all are done or one has failed. */
async function ended(plan: PodPlan): Promise<PodPulls> {
  const found = await eventually(() => {
    const pulls = pullsOf(plan);
    return pulls.pulled >= plan.images.length || pulls.failures.length > 0 ? pulls : undefined;
  });
  return found ?? pullsOf(plan);
}

async function expectPulled(plan: PodPlan): Promise<void> {
  expect(await ended(plan)).toEqual({ pulled: plan.images.length, failures: [] });
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
    const sentences = await runThatSays(`Getting secrets from namespace: ${TENANT}`);
    expect(sentences).toContain(`Got mirror(s) for "${NGINX}": "${SETTINGS.registry}"`);
    const digest = new Bun.CryptoHasher('sha256').update(NGINX).digest('hex');
    const file = `${AUTH_DIR}/${TENANT}-${digest}.json`;
    expect(sentences).toContain(`Wrote auth file to ${file} with 1 number of entries`);
    await expectNoFiles();
  });

  test('a namespace without its credential is refused', async () => {
    const { pulled, failures } = await ended(pod(STRANGER, [NGINX]));
    expect(pulled).toBe(0);
    expect(failures.length).toBeGreaterThan(0);
  });

  test('both images of a pod are pulled', async () => {
    await expectPulled(pod(TENANT, [NGINX, REDIS]));
    await expectNoFiles();
  });

  test('ten pods of one image are all pulled', async () => {
    const plans = Array.from({ length: 10 }, () => pod(TENANT, [NGINX]));
    await Promise.all(plans.map(expectPulled));
    await expectNoFiles();
  });

  test('an image that is on the node starts again for its own namespace', async () => {
    await expectPulled(pod(TENANT, [NGINX], 'IfNotPresent'));
  });

  test('an image that is on the node does not start for another namespace', async () => {
    const policy = node.minor >= VERIFYING_MINOR ? 'IfNotPresent' : 'Always';
    const { pulled, failures } = await ended(pod(STRANGER, [NGINX], policy));
    expect(pulled).toBe(0);
    expect(failures.length).toBeGreaterThan(0);
  });
});

describe('without a mirror', () => {
  test('nothing is written', async () => {
    setRegistriesConf('');
    pod(TENANT, [NGINX]);
    expect(await runThatSays('No mirrors found, will not write any auth file')).toBeDefined();
    expect(leftFiles()).toEqual([]);
  });

  test('and without any registries.conf the plugin stops', async () => {
    setRegistriesConf(undefined);
    pod(TENANT, [NGINX]);
    const sentence =
      'Registries conf path "/etc/containers/registries.conf" does not exist, stopping';
    expect(await runThatSays(sentence)).toEqual(['Running credential provider', sentence]);
    expect(leftFiles()).toEqual([]);
  });
});

describe('the installed plugin', () => {
  test('tells its version', () => {
    expect(run([SETTINGS.plugin, '--version'])).toStartWith('Version:');
    expect(Object.keys(JSON.parse(run([SETTINGS.plugin, '--version-json'])))).toContain('version');
  });
});
