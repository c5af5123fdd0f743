import { afterEach, beforeEach, describe, expect } from 'bun:test';
import { copyFileSync, readFileSync } from 'node:fs';
import { credentialName } from '../../src/providers/systemd-creds.ts';
import { asKubelet, GENERIC_PLUGIN, TestStore } from '../support/credential-store.ts';
import { expectFileRefusal } from '../support/file-refusal.ts';
import { MAIN, pullkey } from '../support/pullkey.ts';
import { expectNoSecrets, PASSWORD } from '../support/secrecy.ts';
import {
  inPlaceOfSystemdCreds,
  otherHost,
  otherHostTest,
  systemdCredsTest,
} from '../support/systemd-creds.ts';

const ROOT = new URL('../../', import.meta.url).pathname;

let store: TestStore;
beforeEach(() => {
  store = new TestStore();
});
afterEach(() => store[Symbol.dispose]());

/** Encrypts a text as an administrator would by hand. */
function encrypt(name: string, text: string): Uint8Array {
  const run = Bun.spawnSync(['systemd-creds', 'encrypt', `--name=${name}`, '-', '-'], {
    stdin: Buffer.from(text),
  });
  expect(run.exitCode).toBe(0);
  return run.stdout;
}

/** Stores an encrypted credential as an administrator does. */
function add(scope: string): void {
  const args = ['add', scope, '--username', 'u', '--encrypt', '--credroot', store.root];
  expect(pullkey(['credentials', ...args], `${PASSWORD}\n`)).toMatchObject({ exitCode: 0 });
}

const text = JSON.stringify({ username: 'u', password: PASSWORD, duration: '1h' });

describe('an encrypted file', () => {
  systemdCredsTest('that pullkey wrote is answered from', async () => {
    const scopes = ['registry.example.org', 'registry.example.org:5000/team-a', '[::1]:5000'];
    for (const scope of scopes) {
      add(scope);
      expect(readFileSync(`${store.root}/${scope}.cred`, 'latin1')).not.toContain(PASSWORD);
      const image = `${scope}/app`;
      const { stdout } = await store.pull(image);
      expect(asKubelet(stdout, image).keyring).toEqual([{ username: 'u', password: PASSWORD }]);
    }
  });

  systemdCredsTest('may be made by hand, under the name that its scope has', async () => {
    const digest = Bun.SHA256.hash('a.example', 'hex');
    store.write('a.example.cred', encrypt(`pullkey-${digest}`, text));
    const { stdout } = await store.pull('a.example/b');
    expect(JSON.parse(stdout)).toMatchObject({
      cacheDuration: '1h',
      auth: { 'a.example': { username: 'u', password: PASSWORD } },
    });
  });

  systemdCredsTest('made by the commands of the documentation is answered from', async () => {
    const page = readFileSync(`${ROOT}docs/generic-provider.md`, 'utf8');
    const [block = ''] = /^# umask .*\n# systemd-creds encrypt .*$/m.exec(page) ?? [];
    const commands = block
      .replaceAll(/^# /gm, '')
      .replaceAll('/etc/kubernetes/registries', store.root);
    await Bun.write(`${store.helperDir}/credential.json`, text);
    const shell = Bun.spawnSync(['sh', '-ec', commands], { cwd: store.helperDir });
    expect(shell.exitCode).toBe(0);
    const { stdout } = await store.pull('registry.example.org/b');
    const { keyring } = asKubelet(stdout, 'registry.example.org/b');
    expect(keyring).toEqual([{ username: 'u', password: PASSWORD }]);
  });

  systemdCredsTest('goes before one in plain text for the same scope', async () => {
    const name = credentialName({ text: 'a.example', path: '' });
    store.write('a.example.cred', encrypt(name, text));
    store.write('a.example.json', { username: 'plain', password: 'p' });
    const { stdout } = await store.pull('a.example/b');
    expect(JSON.parse(stdout).auth['a.example'].username).toBe('u');
  });

  systemdCredsTest('says in the debug log what it is, and not what it holds', async () => {
    const name = credentialName({ text: 'a.example', path: '' });
    const path = store.write('a.example.cred', encrypt(name, text));
    const { stderr } = await store.pull('a.example/b', { flags: ['--debug'] });
    expect(stderr).toContain(`Got credentials: user "u" from "${path}" (encrypted)`);
    expectNoSecrets({ exitCode: 0, stdout: '', stderr });
  });

  systemdCredsTest('may name a credential helper', async () => {
    const name = credentialName({ text: 'a.example', path: '' });
    store.write('a.example.cred', encrypt(name, '{"credHelper":"mine"}'));
    store.writeHelper('mine', `echo '{"Username":"h","Secret":"s"}'`);
    const { stdout } = await store.pull('a.example/b');
    expect(JSON.parse(stdout).auth['a.example']).toEqual({ username: 'h', password: 's' });
  });
});

describe('an encrypted file is refused, with the way to make it anew,', () => {
  async function expectRefusal(...reasons: readonly string[]): Promise<void> {
    for (const reason of reasons) expectFileRefusal(await store.pull('a.example/b'), reason);
  }
  const ANEW = 'make it anew: pullkey credentials rotate a.example --username USER';

  otherHostTest('when it is from another host, and made anew it is answered from', async () => {
    add('a.example');
    using host = otherHost('own');
    const there = { command: [...host.inside, GENERIC_PLUGIN] };
    expectFileRefusal(await store.pull('a.example/b', there), ANEW);
    const rotate = ['rotate', 'a.example', '--username', 'u', '--credroot', store.root];
    const command = [...host.inside, process.execPath, MAIN, 'credentials', ...rotate];
    expect(Bun.spawnSync(command, { stdin: Buffer.from('new') }).exitCode).toBe(0);
    const { stdout } = await store.pull('a.example/b', there);
    expect(JSON.parse(stdout).auth['a.example']).toEqual({ username: 'u', password: 'new' });
    await expectRefusal(ANEW);
  });

  otherHostTest('when the host has no key yet', async () => {
    add('a.example');
    using host = otherHost('none');
    const command = [...host.inside, GENERIC_PLUGIN];
    expectFileRefusal(await store.pull('a.example/b', { command }), ANEW);
  });

  otherHostTest('when systemd-creds is not installed', async () => {
    add('a.example');
    const command = [...inPlaceOfSystemdCreds('/dev/null'), GENERIC_PLUGIN];
    const result = await store.pull('a.example/b', { command });
    expectFileRefusal(result, '(systemd-creds is not installed)');
  });

  otherHostTest('when systemd-creds hangs', async () => {
    add('a.example');
    const hanging = store.writeHelper('hanging', 'exec sleep 600');
    const command = [...inPlaceOfSystemdCreds(hanging), GENERIC_PLUGIN];
    const result = await store.pull('a.example/b', { command, flags: ['--timeout', '3s'] });
    expectFileRefusal(result, '(systemd-creds did not end in time)');
  });

  systemdCredsTest('when a bit of it is another', async () => {
    const sealed = encrypt(credentialName({ text: 'a.example', path: '' }), text);
    const bytes = Buffer.from(Buffer.from(sealed).toString(), 'base64');
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    store.write('a.example.cred', bytes.toString('base64'));
    await expectRefusal(ANEW);
  });

  systemdCredsTest('when it is for another scope', async () => {
    store.write('b.example.cred', encrypt(credentialName({ text: 'b.example', path: '' }), text));
    copyFileSync(`${store.root}/b.example.cred`, `${store.root}/a.example.cred`);
    await expectRefusal(ANEW);
  });

  systemdCredsTest('when it is garbage', async () => {
    store.write('a.example.cred', PASSWORD);
    await expectRefusal(ANEW);
  });

  systemdCredsTest('when it is empty', async () => {
    store.write('a.example.cred', '');
    await expectRefusal(ANEW);
  });

  systemdCredsTest('when what was encrypted is no JSON', async () => {
    const name = credentialName({ text: 'a.example', path: '' });
    store.write('a.example.cred', encrypt(name, `user:${PASSWORD}`));
    await expectRefusal('it is no JSON document, from line 1, column 1 on');
  });
});
