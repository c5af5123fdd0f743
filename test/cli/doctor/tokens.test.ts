import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { readFileSync, writeFileSync } from 'node:fs';
import { ApiServer } from '../../../src/demo/api-server.ts';
import { body } from '../../../src/demo/faults.ts';
import { diagnose, runRemedy } from '../../support/cluster-doctor.ts';
import {
  KUBEADM_DEB,
  nodeTree,
  RHCOS_BARE_METAL,
  writeNodeFile,
} from '../../support/node-trees.ts';
import { pullkey } from '../../support/pullkey.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const ISSUER = 'https://kubernetes.default.svc.cluster.local';
const WRONG = 'https://kubernetes.default.svc';
const VERB = 'request-serviceaccounts-token-audience';
const NODES = { group: 'system:nodes' };

let server: ApiServer;
let directory: ReturnType<typeof temporaryDirectory>;
beforeEach(async () => {
  server = await ApiServer.start({ issuer: ISSUER, audiences: [ISSUER, 'https://second'] });
  server.issueToken({ namespace: 'default', serviceAccount: 'default' });
  directory = temporaryDirectory();
});
afterEach(async () => {
  await server.stop();
  directory[Symbol.dispose]();
});

/** A kubelet's configuration with our provider's entry for an audience. */
function config(audience: string): string {
  const line = `render credential-provider-config --match-images docker.io --audience ${audience}`;
  const path = `${directory.path}/providers.yaml`;
  writeFileSync(path, pullkey(line.split(' ')).stdout);
  return path;
}

/** What a workstation sees of a configuration. */
function withAudience(audience: string, namespace?: string) {
  const flags = { credentialProviderConfig: config(audience) };
  return diagnose(server, { flags, ...(namespace === undefined ? {} : { namespace }) });
}

/** What the kubelet of n1 sees, where pods are on it. */
function asKubelet(audience: string, rest: { readonly namespace?: string } = {}) {
  const flags = { credentialProviderConfig: config(audience) };
  return diagnose(server, { flags, token: server.tokens.issueForNode('n1'), ...rest });
}

function podOnNode(namespace = 'default'): void {
  server.issueToken({ namespace, serviceAccount: 'default', pod: 'web', node: 'n1' });
}

describe('who asks', () => {
  test('is told', async () => {
    expect((await diagnose(server)).of('identity')).toEqual(['ok: asks as admin of /kubeconfig']);
    expect((await asKubelet(ISSUER)).of('identity')).toEqual([
      'ok: asks as system:node:n1 of /kubeconfig',
    ]);
  });

  test('is refused', async () => {
    const text = 'the API server refuses the user of /kubeconfig (401)';
    const found = await diagnose(server, { token: 'expired' });
    expect(found.of('identity')).toEqual([`unknown: ${text}: log in again`]);
    expect(found.remedyOf('identity')).toContain('--kubeconfig FILE');
    expect(found.of('node-tokens')).toEqual([
      'unknown: not seen, because nobody is there to ask as',
    ]);
    using node = nodeTree(KUBEADM_DEB);
    const onNode = await diagnose(server, { token: 'expired', root: node.path });
    expect(onNode.of('identity')).toEqual([`broken: ${text}, so the kubelet gets no pods`]);
    expect(onNode.remedyOf('identity')).toContain('client certificate has expired');
  });

  test('needs a user that can be used', async () => {
    const kubeconfig = `${directory.path}/exec`;
    const text = server.kubeconfig().replace(/"user":\{"token":"[^"]*"\}/, '"user":{"exec":{}}');
    writeFileSync(kubeconfig, text);
    const found = await diagnose(server, { flags: { kubeconfig } });
    expect(found.of('identity')[0]).toEndWith('its user has a login program');
    expect(found.remedyOf('identity')).toContain('name another with --kubeconfig');
  });
});

describe('a token of the configured audience', () => {
  const REFUSED = `broken: the API server refuses tokens for ${WRONG} with 401; it accepts ${ISSUER}, https://second`;

  test('is accepted', async () => {
    for (const audience of [ISSUER, 'https://second']) {
      expect((await withAudience(audience)).of('token-audience')).toEqual([
        `ok: the API server accepts tokens for ${audience}`,
      ]);
    }
  });

  test('is judged by another namespace’s where the tenant’s is not there', async () => {
    const found = await withAudience(ISSUER, 'not-there');
    expect(found.of('token-audience')[0]).toStartWith('ok: ');
  });

  test('is refused, and the change that mends it is named', async () => {
    const found = await withAudience(WRONG);
    expect(found.of('token-audience')).toEqual([REFUSED]);
    expect(found.remedyOf('token-audience')).toBe(
      `write serviceAccountTokenAudience: ${ISSUER} into ${directory.path}/providers.yaml`,
    );
  });

  test('is refused on a node, and the command mends it', async () => {
    using node = nodeTree(KUBEADM_DEB);
    const install = (...rest: string[]) =>
      pullkey(['install', '--root', node.path, '--executable', '/bin/true', ...rest]);
    expect(install('--audience', WRONG).exitCode).toBe(0);
    const found = await diagnose(server, { root: node.path });
    expect(found.of('token-audience')).toEqual([REFUSED]);
    const command = found.remedyOf('token-audience');
    expect(command).toBe(`pullkey install --root ${node.path} --audience ${ISSUER} --restart`);
    // There is no kubelet to restart, and this runs from source.
    await runRemedy(`${command.replace(/ --restart$/, '')} --executable /bin/true`, server);
    expect((await diagnose(server, { root: node.path })).of('token-audience')).toEqual([
      `ok: the API server accepts tokens for ${ISSUER}`,
    ]);
  });

  test('is changed by a MachineConfig where these own the files', async () => {
    using node = nodeTree(RHCOS_BARE_METAL);
    const path = '/etc/kubernetes/credential-providers/generic-credential-provider.yaml';
    writeNodeFile(node.path, path, readFileSync(config(WRONG), 'utf8'));
    const flags = { credentialProviderConfig: path };
    const found = await diagnose(server, { root: node.path, flags });
    expect(found.remedyOf('token-audience')).toBe(
      `write serviceAccountTokenAudience: ${ISSUER} into ${path}, by the MachineConfig that writes it`,
    );
  });

  test('is not known, but what would be accepted is', async () => {
    const found = await diagnose(server);
    expect(found.of('token-audience')).toEqual([
      `unknown: no entry of crio-credential-provider is known here; the API server accepts ${ISSUER}, https://second`,
    ]);
    expect(found.remedyOf('token-audience')).toContain('pullkey lint FILE compares the audience');
  });

  test('cannot be had by everybody', async () => {
    const token = server.issueToken({ namespace: 'default', serviceAccount: 'weak' });
    const flags = { credentialProviderConfig: config(ISSUER) };
    const found = await diagnose(server, { token, flags });
    expect(found.of('token-audience')[0]).toStartWith(
      `unknown: no token for ${ISSUER} can be had: the API server`,
    );
    expect(found.remedyOf('token-audience')).toContain('administrator');
    expect(JSON.stringify(found)).not.toContain(token);
  });

  test('is asked for by a kubelet with one of its own pods', async () => {
    podOnNode();
    server.permissions.allow({ subject: NODES, verbs: [VERB], resources: [WRONG] });
    expect((await asKubelet(WRONG)).of('token-audience')).toEqual([REFUSED]);
    // Not even allowed to ask, it compares with a token without a wish.
    expect((await asKubelet('https://third')).of('token-audience')[0]).toContain('with 401');
    expect((await asKubelet('https://second')).of('token-audience')[0]).toStartWith('ok: ');
  });

  test('is seen by a kubelet without pods as soon as there is one', async () => {
    server.apply({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' } });
    const found = await asKubelet(ISSUER);
    expect(found.of('token-audience')).toEqual([
      'unknown: no pod of a service account is on this node, for which a token could be had',
    ]);
    const command = found.remedyOf('token-audience');
    expect(command).toBe('pullkey render test-pod --node n1 | kubectl apply -f -');
    await runRemedy(command, server);
    // What the scheduler does.
    podOnNode();
    expect((await asKubelet(ISSUER)).of('token-audience')[0]).toStartWith('ok: ');
  });
});

describe('nodes', () => {
  const MAY = `ok: nodes may request tokens for ${ISSUER}`;
  const MAY_NOT = `broken: nodes may not request tokens for ${ISSUER}, so kubelets do not run the plugin`;

  test.each([
    ['an administrator', withAudience],
    ['a kubelet', asKubelet],
  ])('may not request tokens, as %s sees, until the command is run', async (_, look) => {
    podOnNode();
    const found = await look(ISSUER);
    expect(found.of('node-tokens')).toEqual([MAY_NOT]);
    const command = found.remedyOf('node-tokens');
    expect(command).toMatch(/^pullkey render rbac --nodes --audience \S+ \| kubectl apply .*-f -$/);
    await runRemedy(command.replace(/--kubeconfig \S+ /, ''), server);
    expect((await look(ISSUER)).of('node-tokens')).toEqual([MAY]);
  });

  test('need the audience that the configuration has to get', async () => {
    const found = await withAudience(WRONG);
    expect(found.of('node-tokens')).toEqual([MAY_NOT]);
    expect((await diagnose(server)).of('node-tokens')).toEqual([MAY_NOT]);
  });

  test('may be allowed for single namespaces and service accounts', async () => {
    server.issueToken({ namespace: 'team-a', serviceAccount: 'app', pod: 'web' });
    server.issueToken({ namespace: 'team-a', serviceAccount: 'other', pod: 'else' });
    expect((await withAudience(ISSUER, 'team-a')).of('node-tokens')).toEqual([MAY_NOT]);
    const right = { subject: NODES, verbs: [VERB], resources: [ISSUER], namespace: 'team-a' };
    server.permissions.allow({ ...right, resourceNames: ['other'] });
    expect((await withAudience(ISSUER, 'team-a')).of('node-tokens')).toEqual([
      `broken: nodes may not request tokens for ${ISSUER} of service account app of team-a, so kubelets do not run the plugin`,
    ]);
    server.permissions.allow({ ...right, resourceNames: ['app'] });
    expect((await withAudience(ISSUER, 'team-a')).of('node-tokens')).toEqual([
      `ok: nodes may request tokens for ${ISSUER} of the service accounts of team-a`,
    ]);
    expect((await withAudience(ISSUER)).of('node-tokens')).toEqual([MAY_NOT]);
  });

  test('need one right more before 1.34', async () => {
    server.faults.always(body('{"gitVersion":"v1.33.1"}'), /^\/version$/);
    server.permissions.allow({ subject: NODES, verbs: [VERB], resources: [ISSUER] });
    const found = await withAudience(ISSUER);
    const reading = 'read service accounts, which is a right of their own before 1.34';
    expect(found.of('node-tokens')).toEqual([MAY, `broken: nodes may not ${reading}`]);
    const command = found.remedyOf('node-tokens');
    expect(command).toContain(` --audience ${ISSUER} --kubernetes-version v1.33.1 | kubectl`);
    await runRemedy(command.replace(/--kubeconfig \S+ /, ''), server);
    expect((await withAudience(ISSUER)).of('node-tokens')).toEqual([
      MAY,
      `ok: nodes may ${reading}`,
    ]);
  });

  test('are not judged by who may not ask for them', async () => {
    const token = server.issueToken({ namespace: 'default', serviceAccount: 'weak' });
    const flags = { credentialProviderConfig: config(ISSUER) };
    const found = await diagnose(server, { token, flags });
    expect(found.of('node-tokens')[0]).toMatch(/^unknown: the API server .* with 403/);
    expect(found.remedyOf('node-tokens')).toContain("an administrator's kubeconfig");
  });

  test('are not judged where no audience is known', async () => {
    expect(
      (await diagnose(server, { token: server.tokens.issueForNode('n1') })).of('node-tokens'),
    ).toEqual(['unknown: which audience nodes need is not known']);
  });
});
