import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { writeFileSync } from 'node:fs';
import { ApiServer } from '../../../src/demo/api-server.ts';
import { diagnose, runRemedy } from '../../support/cluster-doctor.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const CHECK = 'pull-secret-rights';
const ANNOTATION = 'pullkey.dev/pull-secrets';
const SO = ', so its pods pull without credentials';

let server: ApiServer;
beforeEach(async () => {
  server = await ApiServer.start();
});
afterEach(() => server.stop());

interface Account {
  readonly name?: string;
  readonly annotation?: string;
  readonly imagePullSecrets?: readonly string[];
  /** Without a pod nobody uses it. */
  readonly hasPod?: boolean;
}

/** A service account of `team-a`, with a pod on n1. */
function account({ name = 'app', annotation, imagePullSecrets = [], hasPod = true }: Account = {}) {
  const annotations = annotation === undefined ? {} : { [ANNOTATION]: annotation };
  server.apply({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, namespace: 'team-a', annotations },
    imagePullSecrets: imagePullSecrets.map((secret) => ({ name: secret })),
  });
  if (!hasPod) return;
  server.issueToken({ namespace: 'team-a', serviceAccount: name, pod: `${name}-1`, node: 'n1' });
}

/** Lets `app` get objects by their names. */
function mayGet(resources: 'secrets' | 'serviceaccounts', ...resourceNames: string[]): void {
  const subject = { namespace: 'team-a', serviceAccount: 'app' };
  server.permissions.allow({
    subject,
    namespace: 'team-a',
    verbs: ['get'],
    resources: [resources],
    resourceNames,
  });
}

function look(rest: object = {}) {
  return diagnose(server, { namespace: 'team-a', ...rest });
}

/** The finding, and that it is gone once its remedy has run. */
async function expectMended(finding: string, flags: string, after: string): Promise<void> {
  const found = await look();
  expect(found.of(CHECK)).toEqual([finding]);
  const command = found.remedyOf(CHECK);
  const [render, apply] = command.split(' | ');
  expect(render).toBe(`pullkey render rbac --namespace team-a --service-account app${flags}`);
  expect(apply).toMatch(/^kubectl apply --kubeconfig \S+ -f -$/);
  await runRemedy(`${render} | kubectl apply -f -`, server);
  expect((await look()).of(CHECK)).toEqual([after]);
}

describe('a service account that is used', () => {
  test('may list Secrets after the command', async () => {
    account();
    await expectMended(
      `broken: service account app of team-a may neither list Secrets nor get itself${SO}`,
      '',
      'ok: service account app of team-a may list Secrets',
    );
  });

  test('may get its imagePullSecrets after the command', async () => {
    account({ imagePullSecrets: ['one', 'two'] });
    await expectMended(
      `broken: service account app of team-a may neither list Secrets nor get itself${SO}`,
      ' --secret one --secret two',
      'ok: service account app of team-a may get the Secrets that its imagePullSecrets name',
    );
  });

  test('may get itself, and its imagePullSecrets after the command', async () => {
    account({ imagePullSecrets: ['one'] });
    mayGet('serviceaccounts', 'app');
    await expectMended(
      `broken: service account app of team-a may not get one, which its imagePullSecrets name${SO}`,
      ' --secret one',
      'ok: service account app of team-a may get the Secrets that its imagePullSecrets name',
    );
  });

  test('may get the Secrets of its annotation after the command', async () => {
    account({ annotation: 'one, two' });
    mayGet('serviceaccounts', 'app');
    await expectMended(
      `broken: service account app of team-a may not get one, two, which its annotation names${SO}`,
      ' --secret one --secret two',
      'ok: service account app of team-a may get the Secrets that its annotation names',
    );
  });

  test('may get all Secrets of its annotation after the command, and is served meanwhile', async () => {
    account({ annotation: 'one,two' });
    mayGet('secrets', 'one');
    await expectMended(
      'warning: service account app of team-a may not get two, which its annotation names',
      ' --secret one --secret two',
      'ok: service account app of team-a may get the Secrets that its annotation names',
    );
  });

  test('may be named with others of the same rights; those without pods are left out', async () => {
    account();
    account({ name: 'batch' });
    account({ name: 'unused', hasPod: false });
    for (const name of ['app', 'batch']) server.permissions.allowPullSecrets('team-a', name);
    expect((await look()).of(CHECK)).toEqual([
      'ok: service account app, batch of team-a may list Secrets',
    ]);
  });

  test('may write anything into its annotation', async () => {
    account({ annotation: '../x,$(reboot),\u001b[2K' });
    expect((await look()).of(CHECK)).toEqual(['ok: service account app of team-a names no Secret']);
  });
});

test('without pods all service accounts are looked at, and what they lack is a warning', async () => {
  account({ hasPod: false });
  const found = await look();
  expect(found.of(CHECK)).toEqual([
    'warning: service account app of team-a may neither list Secrets nor get itself; no pod has it now',
    'warning: service account default of team-a may neither list Secrets nor get itself; no pod has it now',
  ]);
});

test('a namespace that is not there is made by the command', async () => {
  const found = await look();
  expect(found.of(CHECK)).toEqual([
    'broken: there is no namespace team-a, or it has no service account',
  ]);
  const command = found.remedyOf(CHECK).replace(/--kubeconfig \S+ /, '');
  expect(command).toBe('pullkey render manifests --namespace team-a | kubectl apply -f -');
  await runRemedy(command, server);
  expect((await look()).of(CHECK)).toEqual([
    'ok: service account default of team-a may list Secrets',
  ]);
});

test('without a namespace nothing is said', async () => {
  account();
  expect((await diagnose(server)).of(CHECK)).toEqual([]);
});

describe('an annotation that the kubelet does not pass on', () => {
  test('has no effect until the configuration lists it', async () => {
    using directory = temporaryDirectory();
    const credentialProviderConfig = `${directory.path}/providers.yaml`;
    const text = (keys: readonly string[]) =>
      JSON.stringify({
        apiVersion: 'kubelet.config.k8s.io/v1',
        kind: 'CredentialProviderConfig',
        providers: [
          {
            name: 'crio-credential-provider',
            apiVersion: 'credentialprovider.kubelet.k8s.io/v1',
            matchImages: ['docker.io'],
            defaultCacheDuration: '0s',
            tokenAttributes: {
              serviceAccountTokenAudience: 'https://kubernetes.default.svc',
              cacheType: 'Token',
              requireServiceAccount: false,
              optionalServiceAccountAnnotationKeys: keys,
            },
          },
        ],
      });
    account({ annotation: 'one' });
    server.permissions.allowPullSecrets('team-a', 'app');
    writeFileSync(credentialProviderConfig, text([]));
    const found = await look({ flags: { credentialProviderConfig } });
    expect(found.of(CHECK)).toEqual([
      'ok: service account app of team-a may list Secrets',
      `warning: the annotation ${ANNOTATION} of app in team-a has no effect, since ${credentialProviderConfig} does not list it`,
    ]);
    expect(found.remedyOf(CHECK)).toContain('optionalServiceAccountAnnotationKeys');
    writeFileSync(credentialProviderConfig, text([ANNOTATION]));
    expect((await look({ flags: { credentialProviderConfig } })).of(CHECK)).toEqual([
      'ok: service account app of team-a may get the Secrets that its annotation names',
    ]);
  });
});

describe('a kubelet', () => {
  const asKubelet = () => look({ token: server.tokens.issueForNode('n1') });

  test('sees the service accounts of its own pods, as far as it may read them', async () => {
    account({ imagePullSecrets: ['one'] });
    account({ name: 'elsewhere', hasPod: false });
    expect((await asKubelet()).of(CHECK)).toEqual([
      `broken: service account app of team-a may neither list Secrets nor get itself${SO}`,
    ]);
    mayGet('serviceaccounts', 'app');
    expect((await asKubelet()).of(CHECK)).toEqual([
      'unknown: service account app of team-a may get itself and not list Secrets, and its imagePullSecrets cannot be seen',
    ]);
    server.permissions.allow({
      subject: { group: 'system:nodes' },
      verbs: ['get'],
      resources: ['serviceaccounts'],
    });
    const found = await asKubelet();
    expect(found.of(CHECK)).toEqual([
      `broken: service account app of team-a may not get one, which its imagePullSecrets name${SO}`,
    ]);
    // The kubelet may not apply it, kubectl's own user may.
    const command = found.remedyOf(CHECK);
    expect(command).toEndWith(' --secret one | kubectl apply -f -');
    await runRemedy(command, server);
    expect((await asKubelet()).of(CHECK)).toEqual([
      'ok: service account app of team-a may get the Secrets that its imagePullSecrets name',
    ]);
  });

  test('knows the name default where the namespace has no pod on it', async () => {
    expect((await asKubelet()).of(CHECK)).toEqual([
      'warning: service account default of team-a may neither list Secrets nor get itself; no pod has it now',
    ]);
  });
});

test('who may not ask for others does not know', async () => {
  account();
  const token = server.issueToken({ namespace: 'team-a', serviceAccount: 'weak' });
  const found = await look({ token });
  expect(found.of(CHECK)[0]).toMatch(/^unknown: .* with 403/);
  expect(found.remedyOf(CHECK)).toContain("an administrator's kubeconfig");
});
