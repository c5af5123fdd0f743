import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { rmSync } from 'node:fs';
import { Cluster, type Rule } from '../support/cluster.ts';
import { auth, requestText, TestNode } from '../support/node.ts';
import { PASSWORD } from '../support/secrecy.ts';
import { expectRefused, expectSurvived, type Trial, tryOut } from '../support/trial.ts';

const NGINX = 'docker.io/library/nginx';
const JSON_TYPE = 'kubernetes.io/dockerconfigjson';
const SLOW_CLUSTER_MS = 120_000;

const GOOD = auth('good', PASSWORD);
const LIST: Rule = { verbs: ['list'], resources: ['secrets'] };

let node: TestNode;
let cluster: Cluster;
beforeAll(async () => {
  node = await TestNode.start();
  cluster = Cluster.of(node);
});
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await node[Symbol.asyncDispose]();
}, SLOW_CLUSTER_MS);
beforeEach(() => rmSync(node.authDir, { recursive: true, force: true }));

function getOnly(...resourceNames: string[]): Rule {
  return { verbs: ['get'], resources: ['secrets'], resourceNames };
}

function getItself(name: string): Rule {
  return { verbs: ['get'], resources: ['serviceaccounts'], resourceNames: [name] };
}

interface Tenant {
  readonly rules?: readonly Rule[];
  readonly imagePullSecrets?: readonly string[];
  readonly annotation?: string;
  readonly audience?: string;
}

/** A namespace with the Secrets `one` and `two`, and a service account `app` of the given rights. */
async function createTenant(tenant: Tenant): Promise<string> {
  const namespace = await cluster.createNamespace();
  await createPullSecret(namespace, 'one', { 'localhost:5000': auth('one', PASSWORD) });
  await createPullSecret(namespace, 'two', { 'localhost:5000': GOOD });
  await cluster.createServiceAccount(namespace, 'app', tenant.imagePullSecrets);
  if (tenant.rules !== undefined) await cluster.allow(namespace, 'app', tenant.rules);
  return namespace;
}

function createPullSecret(namespace: string, name: string, auths: object): Promise<void> {
  const data = { '.dockerconfigjson': JSON.stringify({ auths }) };
  return cluster.createSecret(namespace, name, JSON_TYPE, data);
}

/** What the kubelet does for a pod of that service account. */
async function pull(namespace: string, tenant: Tenant): Promise<Trial> {
  const { annotation } = tenant;
  const annotations = annotation && { 'pullkey.dev/pull-secrets': annotation };
  const token = await cluster.token(namespace, 'app', tenant.audience);
  const request = requestText({ image: NGINX, token, annotations });
  return tryOut(node, request, { flags: ['--api-server', cluster.url] });
}

async function pullAs(
  tenant: Tenant,
): Promise<{ readonly trial: Trial; readonly namespace: string }> {
  const namespace = await createTenant(tenant);
  return { trial: await pull(namespace, tenant), namespace };
}

/** The credential of the last Secret that was read, and the sentences about skipped ones. */
async function expectGood(tenant: Tenant): Promise<string[]> {
  const { trial, namespace } = await pullAs(tenant);
  const sentences = expectSurvived(trial);
  expect(node.auths(NGINX, namespace)).toEqual({ 'localhost:5000': GOOD });
  return sentences.filter((one) => one.startsWith('Skipping'));
}

async function expectRefusedWithRole(tenant: Tenant, words: readonly string[]): Promise<void> {
  const { trial, namespace } = await pullAs(tenant);
  expectRefused(trial, [
    ...words,
    `give the service account "app" a Role in namespace "${namespace}"`,
    `pullkey render rbac --namespace ${namespace} --service-account app`,
  ]);
}

const check = (title: string, run: () => Promise<void>) => test(title, run, SLOW_CLUSTER_MS);

describe('a service account that may list Secrets', () => {
  check('gets all of its namespace', async () => {
    expect(await expectGood({ rules: [LIST] })).toEqual([]);
  });
});

describe('a service account whose annotation names its pull secrets', () => {
  const rules = [getOnly('one', 'two')];

  check('needs nothing but get on these, and lists nothing', async () => {
    node.server.log.clear();
    expect(await expectGood({ rules, annotation: 'one,two' })).toEqual([]);
    const paths = node.server.log.entries.map(({ method, path }) => `${method} ${path}`);
    expect(paths.filter((one) => /^GET .*\/(secrets(\?|$)|serviceaccounts)/.test(one))).toEqual([]);
  });
  check('may name them with blanks and twice', async () => {
    expect(await expectGood({ rules, annotation: ' one , two,, one ,' })).toEqual([]);
  });
  check('gets the good ones where one is missing', async () => {
    const named = { rules: [getOnly('two', 'gone')], annotation: 'gone,two' };
    expect(await expectGood(named)).toEqual(['Skipping secret "gone": it does not exist']);
  });
  check('gets the good ones where one is forbidden', async () => {
    const named = { rules: [getOnly('two')], annotation: 'two,one' };
    expect(await expectGood(named)).toEqual([
      'Skipping secret "one": the service account may not get it',
    ]);
  });
  check('gets the good ones where one is no name, which is not even asked for', async () => {
    node.server.log.clear();
    const bad = ['../../kube-system/secrets/x', 'UPPER', 'a/b', 'a?b', '-a', 'n'.repeat(254)];
    const skipped = await expectGood({ rules, annotation: [...bad, 'two'].join(',') });
    expect(skipped).toHaveLength(bad.length);
    expect(skipped[0]).toBe(`Skipping secret "${bad[0]}": this is no name of a Secret`);
    expect(node.server.log.entries.filter(({ path }) => /kube-system|UPPER/.test(path))).toEqual(
      [],
    );
  });
  check('may name one of the old type', async () => {
    const namespace = await createTenant({ rules: [getOnly('old')] });
    const data = { '.dockercfg': JSON.stringify({ 'localhost:5000': GOOD }) };
    await cluster.createSecret(namespace, 'old', 'kubernetes.io/dockercfg', data);
    expectSurvived(await pull(namespace, { annotation: 'old' }));
    expect(node.auths(NGINX, namespace)).toEqual({ 'localhost:5000': GOOD });
  });
  check('gets the good ones where one is of a foreign type', async () => {
    const namespace = await createTenant({ rules: [getOnly('two', 'foreign')] });
    await cluster.createSecret(namespace, 'foreign', 'Opaque', { password: PASSWORD });
    const sentences = expectSurvived(await pull(namespace, { annotation: 'foreign,two' }));
    expect(sentences).toContain(
      'Skipping secret "foreign": secret is not a docker config JSON secret',
    );
  });
  check('is refused where all are missing or forbidden', () =>
    expectRefusedWithRole({ rules: [getOnly('gone')], annotation: 'gone,one' }, [
      'none of the pull secrets named by the annotation pullkey.dev/pull-secrets can be used',
      '"gone": it does not exist',
      '"one": the service account may not get it',
      'get on these Secrets',
    ]),
  );
  check('cannot name those of another namespace', async () => {
    const other = await createTenant({});
    await createPullSecret(other, 'theirs', { 'localhost:5000': GOOD });
    const named = { rules: [getOnly('theirs')], annotation: 'theirs' };
    await expectRefusedWithRole(named, ['"theirs": it does not exist']);
  });
  check('is refused with more than 32 names', async () => {
    const annotation = Array.from({ length: 33 }, (_, index) => `name-${index}`).join(',');
    const { trial, namespace } = await pullAs({ annotation });
    expectRefused(trial, [
      '33 pull secrets are named',
      `"${namespace}"`,
      'at most 32 are read',
      'name fewer',
    ]);
  });
  check('may name 32', async () => {
    const names = Array.from({ length: 31 }, (_, index) => `name-${index}`);
    const rules32 = [getOnly('two', ...names)];
    const skipped = await expectGood({ rules: rules32, annotation: [...names, 'two'].join(',') });
    expect(skipped).toHaveLength(31);
  });
});

describe('a service account that may not list', () => {
  check('gets its imagePullSecrets, where it may read itself', async () => {
    const rules = [getItself('app'), getOnly('one', 'two')];
    expect(await expectGood({ rules, imagePullSecrets: ['one', 'two'] })).toEqual([]);
  });
  check('gets the good ones of them where others are missing or forbidden', async () => {
    const rules = [getItself('app'), getOnly('two', 'gone')];
    const skipped = await expectGood({ rules, imagePullSecrets: ['gone', 'one', 'two'] });
    expect(skipped).toEqual([
      'Skipping secret "gone": it does not exist',
      'Skipping secret "one": the service account may not get it',
    ]);
  });
  check('has nothing to write where it has none', async () => {
    const { trial } = await pullAs({ rules: [getItself('app')] });
    expect(expectSurvived(trial)).toContain('No docker auth found for any available secret');
    expect(trial.files).toEqual([]);
  });
  check('is refused where it may not get them', () =>
    expectRefusedWithRole({ rules: [getItself('app')], imagePullSecrets: ['one'] }, [
      "none of the pull secrets named by the service account's imagePullSecrets can be used",
      '"one": the service account may not get it',
    ]),
  );
  check('is refused where it may not read itself', () =>
    expectRefusedWithRole({ rules: [getOnly('one')], imagePullSecrets: ['one'] }, [
      'with 403',
      'list on Secrets, or get on itself and on its imagePullSecrets',
    ]),
  );
  check('is refused without any right', () => expectRefusedWithRole({}, ['with 403']));
});

describe('a token', () => {
  check('for another audience is refused, naming it', async () => {
    const audience = 'https://elsewhere.example';
    const { trial } = await pullAs({ rules: [LIST], audience });
    expectRefused(trial, ['with 401', `(aud) is "${audience}"`, 'serviceAccountTokenAudience']);
  });
});
