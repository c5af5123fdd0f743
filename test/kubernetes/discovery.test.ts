import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createAuthority } from '../../src/demo/certificates.ts';
import { type ApiServerOptions, discoverApiServer } from '../../src/kubernetes/discovery.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const directory = temporaryDirectory();
afterAll(() => directory[Symbol.dispose]());
const file = (name: string) => `${directory.path}/${name}`;

let ca: string;
beforeAll(async () => {
  ca = (await createAuthority('cluster')).certificate;
  writeFileSync(file('ca.crt'), ca);
});
beforeEach(() => {
  rmSync(file('apiserver-url.env'), { force: true, recursive: true });
  writeFileSync(file('kubeconfig'), kubeconfig({ server: 'https://from-kubeconfig:6443' }));
});

function kubeconfig(cluster: object): string {
  return JSON.stringify({ kind: 'Config', clusters: [{ name: 'c', cluster }] });
}

function writeEnv(text: string): void {
  writeFileSync(file('apiserver-url.env'), text);
}

const BASE = {
  skipTlsVerify: false,
  kubernetesConfigDir: directory.path,
  parentPid: () => process.pid,
};

/** Finds the server by flags for a kubeconfig and a CA, unless a test says otherwise. */
function discover(options: Partial<ApiServerOptions> = {}) {
  const flags = { kubeconfig: file('kubeconfig'), certificateAuthority: file('ca.crt') };
  return discoverApiServer({ ...BASE, ...flags, ...options });
}

describe('the API server’s address comes from', () => {
  test('the flag, before all else', () => {
    writeEnv('KUBERNETES_SERVICE_HOST=env\nKUBERNETES_SERVICE_PORT=1\n');
    expect(discover({ apiServer: 'https://flag:6443' })).toMatchObject({
      url: 'https://flag:6443',
      host: 'flag:6443',
      from: 'flag',
    });
  });
  test('apiserver-url.env, before the kubeconfig', () => {
    writeEnv('KUBERNETES_SERVICE_HOST=env\nKUBERNETES_SERVICE_PORT=6443\n');
    expect(discover()).toMatchObject({ host: 'env:6443', from: 'env-file' });
  });
  test('the kubeconfig', () =>
    expect(discover()).toMatchObject({ host: 'from-kubeconfig:6443', from: 'kubeconfig' }));
  test('the default, where the kubelet has no kubeconfig either', () => {
    const found = discoverApiServer({ ...BASE, certificateAuthority: file('ca.crt') });
    // A machine that is a node has one.
    if (found.from === 'default') expect(found.host).toBe('localhost:6443');
    else expect(found.from).toBe('kubeconfig');
  });

  const ADDRESSES: readonly (readonly [string, string])[] = [
    ['api.example', 'api.example:443'],
    ['api.example:6443', 'api.example:6443'],
    ['https://api.example/', 'api.example:443'],
    ['https://[::1]:6443', '[::1]:6443'],
    ['https://api.example:6443/prefix/', 'api.example:6443'],
  ];
  test.each(ADDRESSES)('the flag %s', (apiServer, host) =>
    expect(discover({ apiServer }).host).toBe(host),
  );
  test('a path stays part of it', () =>
    expect(discover({ apiServer: 'https://a/k8s/x/' }).url).toBe('https://a/k8s/x'));

  test.each([
    'http://api.example',
    'https://user:password@api.example',
    'https://api.example/?a',
    'https://api.example/#a',
    'ftp://x',
    'https://',
    '%',
  ])('never %s', (apiServer) =>
    expect(() => discover({ apiServer })).toThrow('give --api-server https://HOST:PORT'),
  );
});

describe('apiserver-url.env', () => {
  const TEXTS: readonly (readonly [string, string])[] = [
    ['KUBERNETES_SERVICE_HOST=h\nKUBERNETES_SERVICE_PORT=1\n', 'h:1'],
    ['KUBERNETES_SERVICE_HOST="h"\nKUBERNETES_SERVICE_PORT=\'1\'', 'h:1'],
    ['# comment\nexport KUBERNETES_SERVICE_HOST = h # host\n\tKUBERNETES_SERVICE_PORT=1', 'h:1'],
    ['KUBERNETES_SERVICE_HOST=::1\nKUBERNETES_SERVICE_PORT=1', '[::1]:1'],
    ['KUBERNETES_SERVICE_HOST=[::1]\r\nKUBERNETES_SERVICE_PORT=1\r\n', '[::1]:1'],
    ['KUBERNETES_SERVICE_HOST=a\nKUBERNETES_SERVICE_HOST=b\nKUBERNETES_SERVICE_PORT=1', 'b:1'],
  ];
  test.each(TEXTS)('%j names a host', (text, host) => {
    writeEnv(text);
    expect(discover().host).toBe(host);
  });
  test.each(['', 'KUBERNETES_SERVICE_HOST=h\n', 'KUBERNETES_SERVICE_PORT=1\n'])(
    '%j names none',
    (text) => {
      writeEnv(text);
      expect(discover().from).toBe('kubeconfig');
    },
  );
  test('that cannot be read is refused', () => {
    mkdirSync(file('apiserver-url.env'));
    expect(() => discover()).toThrow(
      /apiserver-url\.env": is a directory \(EISDIR\); make it readable or give --api-server/,
    );
  });
});

describe('the kubelet’s kubeconfig is found', () => {
  /** A process that looks like a kubelet with these arguments. */
  async function withKubelet(args: readonly string[], check: (pid: number) => void): Promise<void> {
    const kubelet = Bun.spawn(['sh', '-c', 'echo; read -r _', 'kubelet', ...args], {
      stdin: 'pipe',
      stdout: 'pipe',
    });
    await kubelet.stdout.getReader().read();
    check(kubelet.pid);
    kubelet.kill();
    await kubelet.exited;
  }
  const fromParent = (parentPid: number) => {
    return discoverApiServer({ ...BASE, skipTlsVerify: true, parentPid: () => parentPid }).host;
  };

  const COMMAND_LINES = [
    ['--kubeconfig', file('kubeconfig')],
    [`--kubeconfig=${file('kubeconfig')}`],
    ['--v=2', '-kubeconfig', file('kubeconfig'), '--x'],
  ];
  test.each(COMMAND_LINES.map((args) => [args]))('on its command line: %j', (args) =>
    withKubelet(args, (pid) => expect(fromParent(pid)).toBe('from-kubeconfig:6443')),
  );
  test('and one that is not a kubeconfig is refused where a flag names it', () => {
    writeFileSync(file('kubeconfig'), 'kind: KubeletConfiguration\n');
    expect(() => discover()).toThrow(
      'is no kubeconfig with a cluster; give --kubeconfig the kubelet',
    );
  });
  test('and one that is not there is refused where a flag names it', () => {
    const given = { ...BASE, kubeconfig: file('mistyped') };
    expect(() => discoverApiServer(given)).toThrow(
      `${JSON.stringify(file('mistyped'))} does not exist; give --kubeconfig the kubelet`,
    );
  });
});

describe('the certificate authority is', () => {
  test('the flag’s, with its file', () =>
    expect(discover()).toMatchObject({ certificateAuthority: ca, authorityFile: file('ca.crt') }));
  test('else the kubeconfig’s', () => {
    const data = { 'certificate-authority-data': Buffer.from(ca).toString('base64') };
    writeFileSync(file('kubeconfig'), kubeconfig({ server: 'https://a', ...data }));
    const found = discoverApiServer({ ...BASE, kubeconfig: file('kubeconfig') });
    expect(found.certificateAuthority).toBe(ca);
  });
  test('not asked for where verification is off', () =>
    expect(discover({ skipTlsVerify: true }).certificateAuthority).toBeUndefined());
  test('refused where the flag’s is not there', () =>
    expect(() => discover({ certificateAuthority: file('missing') })).toThrow(
      "does not exist; give --certificate-authority the cluster's CA",
    ));
});
