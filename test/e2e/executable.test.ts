import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { closeSync, mkdirSync, openSync, readSync, symlinkSync, writeFileSync } from 'node:fs';
import { auth, mirrorConf, requestText, runPlugin, TestNode } from '../support/node.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const BUILD = new URL('../../build/', import.meta.url).pathname;
const ROOT = new URL('../../', import.meta.url).pathname;
const NGINX = 'docker.io/library/nginx';

function output(command: readonly string[], environment: Record<string, string> = {}) {
  const run = Bun.spawnSync([...command], {
    env: { PATH: '/usr/bin:/bin', ...environment },
    cwd: ROOT,
  });
  return { exitCode: run.exitCode, stdout: run.stdout.toString(), stderr: run.stderr.toString() };
}

describe('the one executable', () => {
  test('is a plugin by the name it is started as', () => {
    expect(output([`${BUILD}crio-credential-provider`, '--version']).stdout).toStartWith(
      'Version:',
    );
  });
  test('is a plugin by the name of a link anywhere', () => {
    using directory = temporaryDirectory();
    symlinkSync(`${BUILD}pullkey`, `${directory.path}/crio-credential-provider`);
    expect(output([`${directory.path}/crio-credential-provider`, '--version']).stdout).toStartWith(
      'Version:',
    );
  });
  test('reports its version as JSON with the original’s keys', () => {
    const { stdout } = output([`${BUILD}crio-credential-provider`, '--version-json']);
    expect(Object.keys(JSON.parse(stdout))).toEqual([
      'version',
      'gitCommit',
      'gitCommitDate',
      'buildDate',
      'runtimeVersion',
      'compiler',
      'platform',
      'dependencies',
    ]);
  });
  test('holds its code where the kernel can map it in huge pages', () => {
    const file = openSync(`${BUILD}pullkey`, 'r');
    const elf = Buffer.alloc(4096);
    readSync(file, elf);
    closeSync(file);
    const headers = Array.from({ length: elf.readUInt16LE(56) }, (_, index) =>
      elf.subarray(elf.readUInt16LE(32) + index * elf.readUInt16LE(54)),
    );
    // Of type LOAD and executable (elf(5)).
    const code = headers.filter((one) => one.readUInt32LE(0) === 1 && one.readUInt32LE(4) & 1);
    const [offset, address] = [8, 16].map((at) => code[0]?.readBigUInt64LE(at) ?? 0n);
    expect(code).toHaveLength(1);
    expect(((address ?? 0n) - (offset ?? 1n)) % (2n * 1024n * 1024n)).toBe(0n);
  });
  test('takes flags with one dash, as Go programs do', () => {
    expect(output([`${BUILD}crio-credential-provider`, '-version']).stdout).toStartWith('Version:');
  });
  test('names the known flags where one is unknown', () => {
    const { exitCode, stdout, stderr } = output([`${BUILD}crio-credential-provider`, '--what']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('unknown argument "--what"; known are --registries-conf');
  });
  test.each([
    ['--timeout', 'soon', '--timeout takes a duration such as 500ms, 30s or 1h, not "soon"'],
    ['--log-level', 'loud', '--log-level does not know "loud"; known are error, warn, info, debug'],
    [
      '--image-access',
      'all',
      '--image-access does not know "all"; known are service-account, node',
    ],
  ])('refuses %s %s', (flag, value, message) => {
    const { exitCode, stderr } = output([`${BUILD}crio-credential-provider`, flag, value]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });
  test('has another registries.conf built in where the build says so', () => {
    using directory = temporaryDirectory();
    const settings = { GOOS: 'linux', GOARCH: process.arch === 'arm64' ? 'arm64' : 'amd64' };
    const path = `${directory.path}/crio-credential-provider`;
    const built = output([`${ROOT}node_modules/.bin/bun`, 'scripts/build.ts', path], {
      ...settings,
      REGISTRIES_CONF: '/opt/other/registries.conf',
      HOME: directory.path,
    });
    expect(built).toMatchObject({ exitCode: 0 });
    expect(output([path, '--help']).stdout).toContain('default /opt/other/registries.conf');
  });
});

describe('the working directory', () => {
  let node: TestNode;
  beforeAll(async () => {
    node = await TestNode.start();
    node.addNamespace('default', { 'localhost:5000': auth('u', 'p') });
    writeFileSync(node.registriesConf, mirrorConf('docker.io', 'localhost:5000'));
  });
  afterAll(() => node[Symbol.asyncDispose]());

  test('is not read, whatever lies in it', async () => {
    const hostile = `${node.root}/hostile`;
    mkdirSync(hostile);
    const proof = `${node.root}/proof`;
    writeFileSync(
      `${hostile}/preload.ts`,
      `require('node:fs').writeFileSync(${JSON.stringify(proof)}, '')`,
    );
    writeFileSync(`${hostile}/bunfig.toml`, 'preload = ["./preload.ts"]\n');
    writeFileSync(
      `${hostile}/.env`,
      'NODE_TLS_REJECT_UNAUTHORIZED=0\nHTTPS_PROXY=http://127.0.0.1:1\n',
    );
    writeFileSync(`${hostile}/package.json`, '{"imports":{"#x":"./preload.ts"}}');
    writeFileSync(
      `${hostile}/tsconfig.json`,
      '{"compilerOptions":{"paths":{"*":["./preload.ts"]}}}',
    );
    await using other = await TestNode.start();
    const distrusted = await node.pull(NGINX, 'default', {
      workingDirectory: hostile,
      flags: ['--certificate-authority', other.certificateAuthority],
    });
    expect(distrusted.stderr).toContain('is not trusted');
    const trusted = await node.pull(NGINX, 'default', { workingDirectory: hostile });
    expect(trusted.exitCode).toBe(0);
    expect(await Bun.file(proof).exists()).toBe(false);
  });
});

test('a request needs no flag to be understood', async () => {
  const { exitCode, stdout } = await runPlugin(requestText({ image: NGINX }));
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout).kind).toBe('CredentialProviderResponse');
});
