import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { rmSync, writeFileSync } from 'node:fs';
import {
  type Explained,
  type ExplainOptions,
  explain,
  GOOD_PLUGIN,
} from '../../support/explain.ts';
import { auth, mirrorConf, pullSecret, TestNode } from '../../support/node.ts';

const HUB = 'docker.io/library/nginx';
const GOOD = { 'mirror.test': auth('me', 'secret') };
const CHOSEN = '✓ credential: Secret pull, key mirror.test, user me';

let node: TestNode;

beforeAll(async () => {
  node = await TestNode.start();
  writeFileSync(node.registriesConf, mirrorConf('docker.io', 'mirror.test'));
  node.addNamespace('team-a', GOOD);
  node.token('team-a');
});
afterAll(() => node[Symbol.asyncDispose]());

/** A namespace of its own, with a service account that may nothing. */
function namespaceOf(name: string, serviceAccount: object = {}): string {
  node.server.apply(pullSecret(name, 'pull', GOOD), {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'default', namespace: name },
    ...serviceAccount,
  });
  return name;
}

function forNamespace(namespace: string, options: ExplainOptions = {}): Promise<Explained> {
  return explain(node, [HUB, '-n', namespace], options);
}

describe('the Secrets come', () => {
  test('from the namespace’s list', async () => {
    const { code, sentences } = await forNamespace('team-a');
    expect(sentences).toContain('✓ token for the audience https://kubernetes.default.svc');
    expect(sentences).toContain(
      '✓ 1 Secret from API, all pull secrets of the namespace team-a: pull',
    );
    expect(sentences).toContain(CHOSEN);
    expect(code).toBe(0);
  });

  test('from the service account’s own names where listing is forbidden', async () => {
    const imagePullSecrets = [{ name: 'pull' }, { name: 'gone' }];
    const namespace = namespaceOf('no-list', { imagePullSecrets });
    const subject = { namespace, serviceAccount: 'default' };
    node.server.permissions.allow({
      subject,
      namespace,
      verbs: ['get'],
      resources: ['serviceaccounts', 'secrets'],
    });
    const { sentences } = await forNamespace(namespace);
    expect(sentences).toContain(
      '✓ 1 Secret from API, by the service account’s imagePullSecrets, because listing is forbidden: pull',
    );
    expect(sentences).toContain('! Secret gone is skipped: it does not exist');
    expect(sentences).toContain(CHOSEN);
  });

  const annotated = (name: string) => {
    const annotations = { 'pullkey.dev/pull-secrets': 'pull' };
    const metadata = { name: 'default', namespace: name, annotations };
    node.server.permissions.allowPullSecrets(name, 'default', { names: ['pull'] });
    return namespaceOf(name, { metadata });
  };

  test('by the names of the annotation', async () => {
    const { sentences } = await forNamespace(annotated('annotated'));
    expect(sentences).toContain(
      '✓ 1 Secret from API, by the names in the annotation pullkey.dev/pull-secrets: pull',
    );
    expect(sentences).toContain(CHOSEN);
  });

  test('not by the annotation, where the kubelet does not pass it on', async () => {
    const plugin = {
      tokenAttributes: {
        ...GOOD_PLUGIN.tokenAttributes,
        optionalServiceAccountAnnotationKeys: undefined,
      },
    };
    const { code, sentences } = await forNamespace(annotated('not-passed'), { plugin });
    expect(sentences).toContain(
      '! the annotation pullkey.dev/pull-secrets of the service account is not passed on: the plugin’s entry does not list it in optionalServiceAccountAnnotationKeys',
    );
    expect(code).toBe(1);
  });
});

describe('no Secrets come, and why:', () => {
  test('the service account may read none', async () => {
    const { code, sentences } = await forNamespace(namespaceOf('nothing'));
    const role = sentences.find((one) => one.startsWith('✗ the API server "API" answered'));
    expect(role).toContain('with 403');
    expect(role).toEndWith('pullkey render rbac --namespace nothing --service-account default');
    expect(sentences).toContain('✗ no credential: the plugin fails before it is chosen');
    expect(code).toBe(1);
  });

  test('the API server does not accept the audience', async () => {
    const tokenAttributes = { ...GOOD_PLUGIN.tokenAttributes, serviceAccountTokenAudience: 'x' };
    const { code, sentences } = await forNamespace('team-a', { plugin: { tokenAttributes } });
    expect(sentences.join('\n')).toContain(
      'the token\'s audience (aud) is "x": set serviceAccountTokenAudience',
    );
    expect(code).toBe(1);
  });

  test('a token may not be asked for', async () => {
    const token = node.server.tokens.issueForUser({ name: 'guest', groups: [] });
    const { code, sentences } = await forNamespace('team-a', { token });
    const problem = sentences.find((one) => one.startsWith('✗ the kubelet gets no token'));
    expect(problem).toContain('cannot create resource \\"serviceaccounts/token\\"');
    expect(sentences).toContain('endpoint 1 of 2: mirror mirror.test');
    expect(sentences.join('\n')).toContain('! the service account’s annotations are not known: ');
    expect(code).toBe(1);
  });

  test('there is no such service account', async () => {
    const { code, sentences } = await explain(node, [
      HUB,
      '-n',
      'team-a',
      '--service-account',
      'gone',
    ]);
    expect(sentences.join('\n')).toContain('serviceaccounts \\"gone\\" not found');
    expect(code).toBe(1);
  });
});

describe('the auth file itself may be what fails:', () => {
  test('the node’s own is broken', async () => {
    writeFileSync(node.globalAuthFile, '{');
    const { code, sentences } = await forNamespace('team-a');
    rmSync(node.globalAuthFile);
    const problem =
      'cannot use the global auth file "/config.json": it is no complete JSON document; mend it or name another with --kubelet-auth-file';
    expect(sentences).toContain(`✗ none: ${problem}`);
    expect(sentences.at(-1)).toBe(`✗ ${problem}`);
    expect(code).toBe(1);
  });

  test('its directory is relative', async () => {
    const args = [HUB, '-n', 'team-a', '--auth-dir', 'auth'];
    const { code, sentences } = await explain(node, args, { flagsInArgs: true });
    const problem = 'provided "auth" directory is not an absolute path; give --auth-dir one';
    expect(sentences).toContain('! not looked at');
    expect(sentences).toContain(`✗ none: ${problem}`);
    expect(sentences.at(-1)).toBe(`✗ ${problem}`);
    expect(code).toBe(1);
  });
});
