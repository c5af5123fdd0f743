import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import {
  auth,
  authFileName,
  mirrorConf,
  PLUGIN,
  pullSecret,
  requestText,
  runPlugin,
  TestNode,
} from '../support/node.ts';

const NGINX = 'docker.io/library/nginx';
const EMPTY = {
  kind: 'CredentialProviderResponse',
  apiVersion: 'credentialprovider.kubelet.k8s.io/v1',
  cacheKeyType: 'Image',
  cacheDuration: '0s',
};

let node: TestNode;

beforeAll(async () => {
  node = await TestNode.start();
  node.addNamespace('default', { 'http://localhost:5000': auth('myuser', 'mypassword') });
  node.addNamespace('bare', {});
});
afterAll(() => node[Symbol.asyncDispose]());
beforeEach(() => {
  rmSync(node.authDir, { recursive: true, force: true });
  rmSync(node.dropInDir, { recursive: true, force: true });
  rmSync(node.globalAuthFile, { force: true });
  writeFileSync(node.registriesConf, mirrorConf('docker.io', 'localhost:5000'));
});

describe('a pull through a mirror', () => {
  test('gets the namespace’s credential in the file that CRI-O takes', async () => {
    const { exitCode, stdout } = await node.pull(NGINX, 'default');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      ...EMPTY,
      auth: { [NGINX]: { username: '', password: '' } },
    });
    expect(node.authFiles()).toEqual([
      'default-7e59ad64326bc321517fb6fc6586de5ee149178394d9edfa2a877176cdf6fad5.json',
    ]);
    expect(node.auths(NGINX, 'default')).toEqual({
      'localhost:5000': auth('myuser', 'mypassword'),
    });
  });

  test('is logged in the sentences of the original', async () => {
    const { stderr } = await node.pull(NGINX, 'default');
    const path = `${node.authDir}/${authFileName(NGINX, 'default')}`;
    expect(stderr.split('\n')).toEqual([
      'Running credential provider',
      'Reading from stdin',
      'Parsed credential provider request for image "docker.io/library/nginx"',
      'Parsing namespace from request',
      `Matching mirrors for registry config: ${node.registriesConf}`,
      'Got mirror(s) for "docker.io/library/nginx": "localhost:5000"',
      'Getting secrets from namespace: default',
      `Using API server host: ${new URL(node.server.url).host}`,
      'Got 1 secret(s)',
      'Parsing secret: pull',
      'Found docker config JSON auth in secret "pull" for "http://localhost:5000"',
      'Checking if mirror "localhost:5000" matches registry "localhost:5000"',
      'Using mirror auth "localhost:5000" for registry from secret "localhost:5000"',
      `Wrote auth file to ${path} with 1 number of entries`,
      `Auth file path: ${path}`,
      '',
    ]);
  });

  test('is logged as far as it is decided before the API server answers', async () => {
    const { promise: told, resolve: answer } = Promise.withResolvers<void>();
    node.server.faults.next(async (_, trueAnswer) => {
      await told;
      return trueAnswer();
    });
    const request = requestText({ image: NGINX, token: node.token('default') });
    const plugin = Bun.spawn([PLUGIN, ...node.flags()], {
      stdin: new TextEncoder().encode(request),
      stdout: 'ignore',
      stderr: 'pipe',
      env: {},
    });
    let log = '';
    for await (const chunk of plugin.stderr) {
      log += Buffer.from(chunk).toString();
      if (log.includes('Using API server host')) answer();
    }
    expect(log.split('\n').slice(5, 9)).toEqual([
      'Got mirror(s) for "docker.io/library/nginx": "localhost:5000"',
      'Getting secrets from namespace: default',
      `Using API server host: ${new URL(node.server.url).host}`,
      'Got 1 secret(s)',
    ]);
    expect(await plugin.exited).toBe(0);
  });

  test('is answered in the version that was asked for', async () => {
    const wait = ['--publish-wait', '0s'];
    for (const version of ['v1', 'v1beta1', 'v1alpha1']) {
      const apiVersion = `credentialprovider.kubelet.k8s.io/${version}`;
      const { stdout } = await node.run(
        requestText({ image: NGINX, token: node.token('default'), apiVersion }),
        { flags: wait },
      );
      expect(JSON.parse(stdout).apiVersion).toBe(apiVersion);
    }
  });

  test('reads the Secrets with the pod’s token, and nothing else', async () => {
    node.server.log.clear();
    await node.pull(NGINX, 'default');
    expect(node.server.log.entries.map((one) => `${one.user} ${one.method} ${one.path}`)).toEqual([
      'system:serviceaccount:default:default GET /api/v1/namespaces/default/secrets?fieldSelector=type%3Dkubernetes.io%2Fdockerconfigjson&limit=500',
    ]);
  });

  test('leaves images on the node to every pod where that is asked for', async () => {
    const { stdout } = await node.pull(NGINX, 'default', { flags: ['--image-access', 'node'] });
    expect(JSON.parse(stdout)).toEqual(EMPTY);
  });
});

describe('nothing to do is an empty answer and one line', () => {
  async function expectCalm(request: string, line: string): Promise<void> {
    const { exitCode, stdout, stderr } = await node.run(request);
    expect({ exitCode, answer: JSON.parse(stdout), files: node.authFiles() }).toEqual({
      exitCode: 0,
      answer: EMPTY,
      files: [],
    });
    expect(stderr.trimEnd().split('\n').at(-1)).toBe(line);
  }

  test('without a token', () =>
    expectCalm(
      requestText({ image: NGINX }),
      'No service account token in the request, will not write any auth file',
    ));
  test('without a mirror', () =>
    expectCalm(
      requestText({ image: 'quay.io/team/app', token: node.token('default') }),
      'No mirrors found, will not write any auth file',
    ));
  test('without Secrets', () =>
    expectCalm(
      requestText({ image: NGINX, token: node.token('bare') }),
      'No docker auth found for any available secret',
    ));
  test('for a blocked registry', () => {
    writeFileSync(
      node.registriesConf,
      `${mirrorConf('docker.io', 'm.example')}`.replace('\n', '\nblocked = true\n'),
    );
    return expectCalm(
      requestText({ image: NGINX, token: node.token('default') }),
      'The registry "docker.io" is blocked, will not write any auth file',
    );
  });
  test('without any registries.conf', async () => {
    rmSync(node.registriesConf);
    const { stdout, stderr } = await node.pull(NGINX, 'default');
    expect(JSON.parse(stdout)).toEqual(EMPTY);
    expect(stderr).toBe(
      `Running credential provider\nRegistries conf path "${node.registriesConf}" does not exist, stopping\n`,
    );
  });
  test('asks the API server for nothing', async () => {
    node.server.log.clear();
    await node.pull('quay.io/team/app', 'default');
    expect(node.server.log.entries).toEqual([]);
  });
});

describe('a file that an earlier run left', () => {
  const path = () => `${node.authDir}/${authFileName(NGINX, 'default')}`;
  function leave(age: number): void {
    mkdirSync(node.authDir, { mode: 0o700 });
    writeFileSync(path(), '{}');
    const written = (Date.now() - age) / 1000;
    utimesSync(path(), written, written);
  }

  test('is removed where there is nothing to write any more', async () => {
    leave(10_000);
    writeFileSync(node.registriesConf, '');
    expect(await node.pull(NGINX, 'default')).toMatchObject({ exitCode: 0 });
    expect(node.authFiles()).toEqual([]);
  });
  test('stays where it is younger than the process', async () => {
    leave(-3_600_000);
    writeFileSync(node.registriesConf, '');
    await node.pull(NGINX, 'default');
    expect(node.authFiles()).toHaveLength(1);
  });
  test('stays where the auth directory is a link', async () => {
    leave(10_000);
    symlinkSync(node.authDir, `${node.root}/link`);
    writeFileSync(node.registriesConf, '');
    await node.pull(NGINX, 'default', { flags: ['--auth-dir', `${node.root}/link`] });
    expect(node.authFiles()).toHaveLength(1);
  });
});

describe('registries.conf', () => {
  test('may consist of drop-ins alone', async () => {
    rmSync(node.registriesConf);
    node.writeDropIn('10-mirror.conf', mirrorConf('docker.io', 'localhost:5000'));
    await node.pull(NGINX, 'default');
    expect(node.auths(NGINX, 'default')).toEqual({
      'localhost:5000': auth('myuser', 'mypassword'),
    });
  });
  test('may remap a registry without any mirror', async () => {
    writeFileSync(
      node.registriesConf,
      '[[registry]]\nprefix = "docker.io"\nlocation = "localhost:5000/hub"\n',
    );
    const { stderr } = await node.pull(NGINX, 'default');
    expect(stderr).toContain('Got mirror(s) for "docker.io/library/nginx": "localhost:5000/hub"');
    expect(node.auths(NGINX, 'default')).toEqual({
      'localhost:5000': auth('myuser', 'mypassword'),
    });
  });
  test('may have an endpoint that cannot be rewritten beside a good one', async () => {
    writeFileSync(
      node.registriesConf,
      `${mirrorConf('docker.io', 'UPPER/Case')}[[registry.mirror]]\nlocation = "localhost:5000"\n`,
    );
    const { exitCode, stderr } = await node.pull(NGINX, 'default');
    expect(exitCode).toBe(0);
    expect(stderr).toContain('CRI-O cannot use "UPPER/Case" for "docker.io/library/nginx"');
    expect(node.auths(NGINX, 'default')).toEqual({
      'localhost:5000': auth('myuser', 'mypassword'),
    });
  });
});

describe('credentials', () => {
  test('match on whole components', async () => {
    node.addNamespace('near', {
      'localhost:50': auth('a', 'a'),
      'localhost:5000/libr': auth('b', 'b'),
    });
    await node.pull(NGINX, 'near');
    expect(node.authFiles()).toEqual([]);
  });
  test('may be for one repository, Docker Hub by any name, a wildcard, or user name and password', async () => {
    node.addNamespace('forms', {
      'localhost:5000/library': auth('repository', 'p'),
      'https://index.docker.io/v1/': auth('hub', 'p'),
      'local*:5000': { username: 'wild', password: 'p' },
    });
    await node.pull(NGINX, 'forms');
    expect(node.auths(NGINX, 'forms')).toEqual({
      'docker.io': auth('hub', 'p'),
      'localhost:5000': auth('wild', 'p'),
      'localhost:5000/library': auth('repository', 'p'),
    });
  });
  test('of the node never go before the namespace’s', async () => {
    writeFileSync(
      node.globalAuthFile,
      JSON.stringify({
        auths: {
          'localhost:5000': auth('node', 'p'),
          'localhost:5000/library': auth('node', 'p'),
          'quay.io': auth('node', 'p'),
        },
      }),
    );
    const { stderr } = await node.pull(NGINX, 'default');
    expect(node.auths(NGINX, 'default')).toEqual({
      'localhost:5000': auth('myuser', 'mypassword'),
      'quay.io': auth('node', 'p'),
    });
    expect(stderr).toContain('Leaving out entry "localhost:5000/library" of global auth file');
  });
  test('that hide each other are named', async () => {
    node.addNamespace('twice', { 'localhost:5000': auth('first', 'p') });
    node.server.apply(pullSecret('twice', 'second', { 'localhost:5000': auth('second', 'p') }));
    const { stderr } = await node.pull(NGINX, 'twice');
    expect(node.auths(NGINX, 'twice')).toEqual({ 'localhost:5000': auth('second', 'p') });
    expect(stderr).toContain(
      'Entry "localhost:5000" of secret "pull" is hidden by entry "localhost:5000" of secret "second"',
    );
  });
});

describe('the API server', () => {
  test('is found by apiserver-url.env', async () => {
    const { hostname, port } = new URL(node.server.url);
    writeFileSync(
      `${node.root}/apiserver-url.env`,
      `KUBERNETES_SERVICE_HOST=${hostname}\nKUBERNETES_SERVICE_PORT='${port}'\n`,
    );
    const { exitCode, stderr } = await runPlugin(
      requestText({ image: NGINX, token: node.token('default') }),
      { flags: withoutApiServer(node.flags()) },
    );
    rmSync(`${node.root}/apiserver-url.env`);
    expect(stderr).toContain(`Using API server host: ${hostname}:${port}`);
    expect(exitCode).toBe(0);
  });
  test('and its CA are found in the kubelet’s kubeconfig', async () => {
    writeFileSync(`${node.root}/kubeconfig`, node.server.kubeconfig());
    const flags = withoutApiServer(node.flags()).filter(
      (one) => one !== '--certificate-authority' && one !== node.certificateAuthority,
    );
    const { exitCode } = await runPlugin(
      requestText({ image: NGINX, token: node.token('default') }),
      { flags: [...flags, '--kubeconfig', `${node.root}/kubeconfig`] },
    );
    expect(exitCode).toBe(0);
    expect(node.authFiles()).toHaveLength(1);
  });
  test('is found by the kubeconfig on the command line of the kubelet that starts the plugin', async () => {
    writeFileSync(`${node.root}/kubelet-kubeconfig`, node.server.kubeconfig());
    const flags = withoutApiServer(node.flags()).filter(
      (one) => one !== '--certificate-authority' && one !== node.certificateAuthority,
    );
    const kubelet = ['bash', '-c', '"$@"; exit $?', `--kubeconfig=${node.root}/kubelet-kubeconfig`];
    const { exitCode } = await runPlugin(
      requestText({ image: NGINX, token: node.token('default') }),
      {
        flags,
        command: [...kubelet, PLUGIN],
      },
    );
    expect(exitCode).toBe(0);
    expect(node.authFiles()).toHaveLength(1);
  });
  test('without any CA gets no token, and the message names the flags', async () => {
    const empty = JSON.parse(node.server.kubeconfig());
    delete empty.clusters[0].cluster['certificate-authority-data'];
    writeFileSync(`${node.root}/no-ca`, JSON.stringify(empty));
    const flags = node
      .flags()
      .filter((one) => one !== '--certificate-authority' && one !== node.certificateAuthority);
    const { exitCode, stdout, stderr } = await runPlugin(
      requestText({ image: NGINX, token: node.token('default') }),
      { flags: [...flags, '--kubeconfig', `${node.root}/no-ca`] },
    );
    expect({ exitCode, stdout, files: node.authFiles() }).toEqual({
      exitCode: 1,
      stdout: '',
      files: [],
    });
    expect(stderr).toContain('give --certificate-authority FILE or --kubeconfig FILE');
  });
  test('of another authority gets no token', async () => {
    await using other = await TestNode.start();
    const { exitCode, stdout, stderr } = await node.pull(NGINX, 'default', {
      flags: ['--certificate-authority', other.certificateAuthority],
    });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('is not trusted');
    const skipped = await node.pull(NGINX, 'default', {
      flags: ['--certificate-authority', other.certificateAuthority, '--insecure-skip-tls-verify'],
    });
    expect(skipped.exitCode).toBe(0);
    expect(skipped.stderr).toContain('is not verified');
  });
});

function withoutApiServer(flags: readonly string[]): string[] {
  const at = flags.indexOf('--api-server');
  return flags.filter((_, index) => index !== at && index !== at + 1);
}
