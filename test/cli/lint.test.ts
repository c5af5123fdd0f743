import { describe, expect, test } from 'bun:test';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiServer } from '../../src/demo/api-server.ts';
import { pullkey, pullkeyAsync } from '../support/pullkey.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const CONFIG = `apiVersion: kubelet.config.k8s.io/v1
kind: CredentialProviderConfig
providers:
- name: crio-credential-provider
  matchImages: [quay.io]
  defaultCacheDuration: 0s
  apiVersion: credentialprovider.kubelet.k8s.io/v1
  tokenAttributes:
    serviceAccountTokenAudience: https://kubernetes.default.svc
    cacheType: Token
    requireServiceAccount: false
`;
const MIRRORS = '[[registry]]\nlocation = "docker.io"\n[[registry.mirror]]\nlocation = "m.corp"\n';

function files(texts: Readonly<Record<string, string>>) {
  const directory = temporaryDirectory();
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(directory.path, name), text);
  return directory;
}

describe('pullkey lint', () => {
  test('shows place, line, caret and rule, and counts', () => {
    using directory = files({ 'registries.conf': '[[registry]]\n  location = "https://a.io"\n' });
    const file = join(directory.path, 'registries.conf');
    const { stdout, stderr, exitCode } = pullkey(['lint', file]);
    const lines = stdout.split('\n');
    expect(lines[0]).toStartWith(`${file}:2:3: error: location "https://a.io" has a scheme`);
    expect(lines[0]).toEndWith(' [invalid-registries]');
    expect(lines.slice(1)).toEqual(['    2 |   location = "https://a.io"', '      |   ^', '']);
    expect(stderr).toBe('1 file checked: 1 error, 0 warnings\n');
    expect(exitCode).toBe(1);
  });

  test('ends well with warnings alone, and compares files with each other', () => {
    using directory = files({ 'config.yaml': CONFIG, 'registries.conf': MIRRORS });
    const names = ['config.yaml', 'registries.conf'].map((name) => join(directory.path, name));
    const { stdout, exitCode } = pullkey(['lint', '-o', 'json', ...names]);
    expect(JSON.parse(stdout)).toEqual([
      {
        file: names[1],
        line: 1,
        column: 1,
        severity: 'warning',
        rule: 'mirror-not-covered',
        message: expect.stringContaining('covers docker.io, so its mirrors get no credentials'),
      },
    ]);
    expect(exitCode).toBe(0);
  });

  test('reads standard input', () => {
    const { stdout, exitCode } = pullkey(['lint', '--kind', 'docker-config'], '[]');
    expect(stdout).toStartWith('<stdin>:1:1: error: a docker config is a JSON object with auths');
    expect(exitCode).toBe(1);
    expect(pullkey(['lint', '-'], MIRRORS)).toMatchObject({ stdout: '', exitCode: 0 });
  });

  test('reads a directory as the kubelet does, and drop-ins one by one', () => {
    using directory = files({ 'b.yaml': CONFIG, 'a.json': CONFIG, 'README.md': '' });
    const twice = pullkey(['lint', directory.path]);
    expect(twice.stdout).toContain(`${directory.path}/b.yaml:4:9: error: duplicate provider name`);
    expect(twice.stdout).toContain('    4 | - name: crio-credential-provider\n');
    using dropIns = files({ '10.conf': '[[registry]]', '20.conf': 'x =', 'README.md': '' });
    const { stdout, stderr } = pullkey(['lint', dropIns.path]);
    expect(stdout.match(/^\S+\.conf/gm)).toHaveLength(2);
    expect(stderr).toStartWith('2 files checked: 2 errors');
  });

  test('checks the Butane configs of a directory beside what else is in it', () => {
    const butane = 'variant: openshift\nversion: 4.21.0\n';
    using mixed = files({ 'a.bu': butane, '10.conf': '[[registry]]', 'b.yaml': CONFIG });
    const { stdout } = pullkey(['lint', mixed.path]);
    expect(stdout).toContain(`${mixed.path}/a.bu`);
    expect(stdout).toContain(`${mixed.path}/10.conf:1:1: error`);
    using kubelets = files({ 'a.bu': butane, 'b.yaml': CONFIG, 'c.yaml': CONFIG });
    const both = pullkey(['lint', kubelets.path]).stdout;
    expect(both).toContain(`${kubelets.path}/a.bu`);
    expect(both).toContain('duplicate provider name');
    using alone = files({ 'a.bu': butane, 'README.md': '' });
    expect(pullkey(['lint', alone.path]).stderr).toStartWith('1 file checked: ');
  });

  test('reads other directories file by file, as far as it knows the files', () => {
    const secret = 'kind: Secret\nmetadata: {name: a}\n';
    const names = ['a.bu', 'b.yaml', 'c.json', 'mirrors.conf'];
    const [butane, manifest, auths, conf] = ['variant: x\n', secret, '{"auths":[]}', 'x ='];
    const texts = { 'a.bu': butane, 'b.yaml': manifest, 'c.json': auths, 'mirrors.conf': conf };
    using directory = files({ ...texts, 'notes.txt': 'x', 'old.conf.bak': '[[registry]]' });
    mkdirSync(join(directory.path, 'sub'));
    symlinkSync('/nowhere', join(directory.path, 'dangling'));
    const { stdout, stderr, exitCode } = pullkey(['lint', `${directory.path}/`]);
    const found = [...stdout.matchAll(/^(\S+?):\d+:\d+: error/gm)].map(([, name]) => name);
    expect([...new Set(found)]).toEqual(names.map((name) => join(directory.path, name)));
    expect(stderr).toStartWith('4 files checked: ');
    expect(exitCode).toBe(1);
  });

  test('reads what else lies beside configurations of the kubelet as what it is', () => {
    using directory = files({ 'a.yaml': CONFIG, 'mirrors.conf': MIRRORS, 'b.bu': 'variant: x\n' });
    const { stdout, stderr } = pullkey(['lint', directory.path]);
    expect(stdout).toContain('/mirrors.conf:1:1: warning: no matchImages entry');
    expect(stdout).toContain('/b.bu:1:1: error: ');
    expect(stderr).toStartWith('3 files checked: 1 error, 1 warning');
  });

  test('reads an empty directory as the kubelet does', () => {
    using directory = files({ 'README.md': '' });
    const { stdout, exitCode } = pullkey(['lint', directory.path]);
    expect(stdout).toContain('error: no configuration files found in directory');
    expect(exitCode).toBe(1);
    expect(pullkey(['lint', '--kind', 'butane', directory.path]).exitCode).toBe(1);
  });

  test('holds mirrors against the patterns of a CRIOCredentialProviderConfig as well', () => {
    const object = (image: string) =>
      `apiVersion: config.openshift.io/v1\nkind: CRIOCredentialProviderConfig\nmetadata: {name: cluster}\nspec: {matchImages: [${image}]}\n`;
    using directory = files({
      'good.yaml': object('docker.io'),
      'bad.yaml': object('quay.io'),
      'registries.conf': MIRRORS,
    });
    const lint = (...names: string[]) =>
      pullkey(['lint', ...names.map((name) => join(directory.path, name))]).stdout;
    expect(lint('good.yaml', 'registries.conf')).toBe('');
    expect(lint('registries.conf', 'bad.yaml')).toContain('covers docker.io, so its mirrors');
    expect(lint('registries.conf')).toBe('');
  });

  test('looks for executables', () => {
    using directory = files({ 'config.yaml': CONFIG });
    const bin = join(directory.path, 'bin');
    mkdirSync(bin);
    const args = [
      'lint',
      '--credential-provider-bin-dir',
      bin,
      join(directory.path, 'config.yaml'),
    ];
    expect(pullkey(args).stdout).toContain('no executable crio-credential-provider');
    const plugin = join(bin, 'crio-credential-provider');
    writeFileSync(plugin, '');
    chmodSync(plugin, 0o755);
    expect(pullkey(args).stdout).toBe('');
  });

  describe('with a cluster at hand', () => {
    const BUTANE = `variant: openshift
version: 4.20.0
metadata:
  name: 99-worker
  labels: {machineconfiguration.openshift.io/role: worker}
storage:
  files:
    - path: /etc/kubernetes/credential-providers/generic-credential-provider.yaml
      contents: {inline: ${JSON.stringify(CONFIG)}}
`;
    const REFUSED =
      'serviceAccountTokenAudience is https://kubernetes.default.svc, which the API server';

    async function linted(name: string, text: string, issuer = 'https://issuer.example') {
      await using server = await ApiServer.start({ issuer });
      server.issueToken({ namespace: 'default', serviceAccount: 'default' });
      using directory = files({ [name]: text, kubeconfig: server.kubeconfig() });
      const [file, kubeconfig] = [`${directory.path}/${name}`, `${directory.path}/kubeconfig`];
      const given = await pullkeyAsync(['lint', '--kubeconfig', kubeconfig, file]);
      const found = await pullkeyAsync(['lint', file], { KUBECONFIG: kubeconfig });
      expect(found).toEqual(given);
      const stdout = given.stdout.replaceAll(server.url, 'API').replaceAll(file, name);
      return { ...given, stdout, asked: server.log.entries.length };
    }

    test('warns of an audience that it does not accept', async () => {
      const told = await linted('config.yaml', CONFIG);
      expect(told.stdout.split('\n')[0]).toBe(
        `config.yaml:4:3: warning: ${REFUSED} API does not accept; write https://issuer.example [audience]`,
      );
      expect(told).toMatchObject({ exitCode: 0, asked: 2 });
    });

    test('looks into the files of Butane and MachineConfigs', async () => {
      const { stdout } = await linted('worker.bu', BUTANE);
      expect(stdout).toContain(
        `in /etc/kubernetes/credential-providers/generic-credential-provider.yaml, line 4, column 3: ${REFUSED}`,
      );
      const compiled = pullkey(['butane'], BUTANE).stdout;
      expect((await linted('worker.yaml', compiled)).stdout).toContain(REFUSED);
    });

    test('has nothing to tell of one that it accepts', async () => {
      const told = await linted('config.yaml', CONFIG, 'https://kubernetes.default.svc');
      expect(told).toMatchObject({ exitCode: 0, stdout: '' });
    });

    test('asks for no other kind of file but by --kubeconfig', async () => {
      expect(await linted('registries.conf', MIRRORS)).toMatchObject({ stdout: '', asked: 1 });
    });

    test('goes on without kubectl’s cluster, and not without the one given', async () => {
      using directory = files({ 'config.yaml': CONFIG });
      const file = `${directory.path}/config.yaml`;
      const found = await pullkeyAsync(['lint', file], { KUBECONFIG: '/no/such' });
      expect(found).toMatchObject({ exitCode: 0, stdout: '' });
      expect(found.stderr).toContain("kubectl's cluster cannot be asked for its audience");
      const given = await pullkeyAsync(['lint', '--kubeconfig', '/no/such', file]);
      expect(given).toMatchObject({ exitCode: 1, stdout: '' });
      expect(given.stderr).toContain('/no/such is no kubeconfig with a cluster');
    });
  });

  test('shows no line that may hold a secret', () => {
    const secret = CONFIG.replace(
      '  tokenAttributes',
      '  env: [{name: A, value: s3cret, x: 1}]\n  tokenAttributes',
    );
    const { stdout } = pullkey(['lint'], secret);
    expect(stdout).toContain('[{name: A, value: ******, x: 1}]');
    const config = '{"auths":{"a.io":{"auth":"s3cret!"}}}';
    const told = pullkey(['lint'], config).stdout;
    expect(told).toContain('unusable-entry');
    expect(told).not.toContain('s3cret');
  });

  test('wants to know what a file is', () => {
    const { stderr, exitCode } = pullkey(['lint'], 'hello');
    expect(stderr).toStartWith('pullkey: cannot tell what <stdin> is; say it with --kind: ');
    expect(exitCode).toBe(2);
    expect(pullkey(['lint', '--kind', 'x']).stderr).toContain('Allowed choices are credential-p');
    expect(pullkey(['lint', '/no/such']).stderr).toBe(
      'pullkey: cannot read /no/such: no such file or directory (ENOENT); name a file that you may read\n',
    );
  });

  test('judges objects by their own kind, or all by the kind that is given', () => {
    const objects = 'kind: Pod\n---\nkind: CRIOCredentialProviderConfig\n---\nmetadata: {}\n';
    const rules = (...args: string[]) =>
      pullkey(['lint', ...args], objects).stdout.match(/^<stdin>:(\d+)/gm);
    expect(new Set(rules())).toEqual(new Set(['<stdin>:3', '<stdin>:5']));
    const given = rules('--kind', 'crio-credential-provider-config');
    expect(new Set(given)).toEqual(new Set(['<stdin>:1', '<stdin>:3', '<stdin>:5']));
  });
});
