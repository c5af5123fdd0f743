import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { ApiServer } from '../../src/demo/api-server.ts';
import { slow } from '../../src/demo/faults.ts';
import { KUBEADM_DEB, nodeTree } from '../support/node-trees.ts';
import { type PullkeyRun, pullkeyAsync } from '../support/pullkey.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const ISSUER = 'https://kubernetes.default.svc.cluster.local';
const DOCUMENTED = 'https://kubernetes.default.svc';
const REMARK = '# Must be an audience of the API server';
const CONFIG = 'render credential-provider-config --match-images docker.io';
const NODES = 'render rbac --nodes';

let server: ApiServer;
let directory: ReturnType<typeof temporaryDirectory>;
let kubeconfig: string;
beforeAll(async () => {
  server = await ApiServer.start({ issuer: ISSUER, audiences: [ISSUER, 'https://second'] });
  server.issueToken({ namespace: 'default', serviceAccount: 'default' });
  directory = temporaryDirectory();
  kubeconfig = file('kubeconfig', server.kubeconfig());
});
afterAll(async () => {
  await server.stop();
  directory[Symbol.dispose]();
});
beforeEach(() => {
  server.log.clear();
  server.faults.clear();
});

function file(name: string, text: string): string {
  writeFileSync(`${directory.path}/${name}`, text);
  return `${directory.path}/${name}`;
}

function run(line: string, environment: Record<string, string> = {}): Promise<PullkeyRun> {
  return pullkeyAsync(line.split(' '), environment);
}

/** The audiences that stand in YAML, and whether they are called a guess. */
function audiencesIn({ exitCode, stdout }: PullkeyRun) {
  expect(exitCode).toBe(0);
  const found = stdout.matchAll(/(?:serviceAccountTokenAudience: |^ {6}- )(https:\S+)$/gm);
  return [Array.from(found, ([, url]) => url), stdout.includes(REMARK)];
}

describe('without --audience', () => {
  test.each([CONFIG, NODES])('%s asks the cluster of --kubeconfig, and says so', async (line) => {
    const told = await run(`${line} --kubeconfig ${kubeconfig}`);
    expect(audiencesIn(told)).toEqual([[ISSUER], false]);
    expect(told.stderr).toBe(
      `pullkey: the audience is ${ISSUER}, that of ${server.url} in ${kubeconfig}\n`,
    );
  });

  test('the cluster is that of $KUBECONFIG, else of ~/.kube/config', async () => {
    expect(audiencesIn(await run(CONFIG, { KUBECONFIG: kubeconfig }))).toEqual([[ISSUER], false]);
    const listed = { KUBECONFIG: `/no/such:${kubeconfig}` };
    expect(audiencesIn(await run(CONFIG, listed))).toEqual([[ISSUER], false]);
    mkdirSync(`${directory.path}/.kube`, { recursive: true });
    file('.kube/config', server.kubeconfig());
    const home = { KUBECONFIG: '', HOME: directory.path };
    expect(audiencesIn(await run(CONFIG, home))).toEqual([[ISSUER], false]);
  });

  test('without a cluster it is the documented one, with a comment', async () => {
    const environments = [
      { KUBECONFIG: '/dev/null' },
      { KUBECONFIG: '', HOME: `${directory.path}/empty-home` },
    ];
    for (const environment of environments) {
      const told = await run(CONFIG, environment);
      expect(audiencesIn(told)).toEqual([[DOCUMENTED], true]);
      expect(told.stderr).toStartWith(`pullkey: no --audience is given, so it is ${DOCUMENTED}. `);
    }
    expect(server.log.entries).toEqual([]);
  });
});

test('nothing is asked where the audience is given or of no use', async () => {
  const environment = { KUBECONFIG: kubeconfig };
  const given = await run(`${NODES} --audience https://mine --kubeconfig /no/such`, environment);
  expect(audiencesIn(given)).toEqual([['https://mine'], false]);
  for (const line of ['render rbac --namespace a', `${CONFIG} --provider generic`]) {
    expect(await run(line, environment)).toMatchObject({ exitCode: 0, stderr: '' });
  }
  expect(server.log.entries).toEqual([]);
});

describe("where kubectl's cluster cannot be asked", () => {
  /** A note, and then what is printed without any cluster. */
  async function expectNote(environment: Record<string, string>, words: readonly string[]) {
    const [told, offline] = [await run(NODES, environment), await run(NODES)];
    expect(told).toMatchObject({ exitCode: 0, stdout: offline.stdout });
    expect(told.stderr).toEndWith(offline.stderr);
    expect(told.stderr).toStartWith(
      "pullkey: kubectl's cluster cannot be asked for its audience: ",
    );
    for (const word of words) expect(told.stderr).toContain(word);
    expect(told.stderr).not.toContain(server.adminToken);
  }

  test.each([
    ['it is gone', 'https://127.0.0.1:1', ['cannot reach', 'until the end of the 3 s)']],
    ['it is no API server', 'http://127.0.0.1', ['no https:// URL']],
  ])('because %s', (_, url, words) => {
    const text = server.kubeconfig().replace(server.url, url);
    return expectNote({ KUBECONFIG: file('other', text) }, words);
  });

  test('because it does not answer in time', async () => {
    server.faults.always(slow(60_000));
    await expectNote({ KUBECONFIG: kubeconfig }, ['did not answer within the 3 s;']);
  });

  test('because its user may not', async () => {
    const token = server.issueToken({ namespace: 'default', serviceAccount: 'weak' });
    const weak = { KUBECONFIG: file('weak', server.kubeconfig(token)) };
    await expectNote(weak, ['with 403', 'serviceaccounts/token']);
  });

  test('because its audience is nothing to write into files', async () => {
    await using odd = await ApiServer.start({ audiences: ['https://a\nb: c'] });
    odd.issueToken({ namespace: 'default', serviceAccount: 'default' });
    const environment = { KUBECONFIG: file('odd', odd.kubeconfig()) };
    await expectNote(environment, ['the audience "https://a\\nb: c" of']);
  });

  test('because $KUBECONFIG leads nowhere', async () => {
    const without = server.kubeconfig().replace('"current-context":"stand-in"', '"a":1');
    await expectNote({ KUBECONFIG: '/no/such' }, ['$KUBECONFIG names /no/such, which does']);
    await expectNote({ KUBECONFIG: `${kubeconfig}:${file('two', '')}` }, ['config view --flatten']);
    await expectNote({ KUBECONFIG: file('no-context', without) }, ['kubectl config use-context']);
    await expectNote({ KUBECONFIG: file('broken', ': [') }, ['is no valid YAML']);
  });
});

describe('where the cluster of --kubeconfig cannot be asked', () => {
  async function expectError(path: string, words: string) {
    const told = await run(`${NODES} --kubeconfig ${path}`);
    expect(told).toMatchObject({ exitCode: 1, stdout: '' });
    expect(told.stderr).toContain(words);
  }

  test('nothing is printed', async () => {
    const token = server.issueToken({ namespace: 'default', serviceAccount: 'weak' });
    await expectError('/no/such', '/no/such is no kubeconfig with a cluster');
    await expectError(file('weak', server.kubeconfig(token)), 'with 403');
    await expectError(file('nobody', server.kubeconfig('x')), 'with 401');
  });
});

describe('render credential-provider-config --merge', () => {
  const merge = (audience: string, rest: string) =>
    run(`${CONFIG} --audience ${audience}`).then(({ stdout }) =>
      run(`${CONFIG} --merge ${file('existing.yaml', stdout)}${rest}`, { KUBECONFIG: kubeconfig }),
    );

  test('keeps the audience of the file, and asks nobody', async () => {
    const told = await merge('https://mine', '');
    expect(audiencesIn(told)).toEqual([['https://mine'], false]);
    expect(told.stderr).toBe('');
    expect(server.log.entries).toEqual([]);
  });

  test('says where the cluster given does not accept it', async () => {
    const told = await merge('https://mine', ` --kubeconfig ${kubeconfig}`);
    expect(audiencesIn(told)).toEqual([['https://mine'], false]);
    expect(told.stderr).toContain(
      `audience https://mine is kept, though ${server.url} does not accept it; give --audience ${ISSUER}\n`,
    );
    expect((await merge('https://second', ` --kubeconfig ${kubeconfig}`)).stderr).toBe('');
  });
});

describe('pullkey install', () => {
  const MANIFEST = {
    '/etc/kubernetes/manifests/kube-apiserver.yaml': '    - --api-audiences=https://node\n',
  };
  async function audiences(files: Record<string, string>, rest = '') {
    using node = nodeTree({ ...KUBEADM_DEB, ...files });
    const line = `install --root ${node.path} --executable /bin/true --dry-run${rest}`;
    const { stdout, exitCode } = await run(line, { KUBECONFIG: kubeconfig });
    return [exitCode, /serviceAccountTokenAudience: (\S+)/.exec(stdout)?.[1]];
  }

  test('asks where the node does not tell', async () => {
    expect(await audiences({})).toEqual([0, ISSUER]);
    server.log.clear();
    expect(await audiences(MANIFEST)).toEqual([0, 'https://node']);
    expect(await audiences({}, ' --audience https://mine')).toEqual([0, 'https://mine']);
    expect(await audiences({}, ' --provider generic')).toEqual([0, undefined]);
    expect(server.log.entries).toEqual([]);
  });

  test('goes by the cluster of --kubeconfig first', async () => {
    expect(await audiences(MANIFEST, ` --kubeconfig ${kubeconfig}`)).toEqual([0, ISSUER]);
    expect(await audiences({}, ' --kubeconfig /no/such')).toEqual([1, undefined]);
  });
});
