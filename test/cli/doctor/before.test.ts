import { describe, expect, test } from 'bun:test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before } from '../../../src/cli/doctor/before.ts';
import type { Finding } from '../../../src/cli/doctor/check.ts';
import { FilesDirectory } from '../../../src/cli/files-directory.ts';
import { findingIn, healthyNode, look } from '../../support/doctor.ts';
import { writeNodeFile } from '../../support/node-trees.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const HEAD = `variant: openshift
version: 4.21.0
metadata:
  name: 99-worker-x
  labels: {machineconfiguration.openshift.io/role: worker}
`;

const CONF = `${HEAD}storage:
  files:
  - path: /etc/a.conf
    mode: 0644
    contents: {inline: "one\\ntwo\\n"}
  - path: /etc/new.conf
    contents: {inline: "x"}
systemd:
  units:
  - name: crio.service
    dropins:
    - {name: 10-a.conf, contents: "[Service]\\nEnvironment=A=1\\n"}
  - name: own.service
    contents: "[Service]\\nExecStart=/bin/true\\n"
  - name: ntp.service
    mask: true
`;

/** What is told of each path: its state, and for people. */
async function told(root: string, text: string, name = 'config.bu'): Promise<readonly Finding[]> {
  using files = temporaryDirectory();
  const file = join(files.path, name);
  writeFileSync(file, text);
  writeFileSync(join(files.path, 'local.conf'), 'one\ntwo\n');
  return look(root, before(file, new FilesDirectory(files.path)));
}

const states = (findings: readonly Finding[]) =>
  findings.map(({ verdict, details }) => [details?.['path'], details?.['state'], verdict]);

describe('before', () => {
  test('files, units and drop-ins are new, the same, or differ', async () => {
    using node = await healthyNode('RHCOS');
    expect(states(await told(node.path, CONF))).toEqual([
      ['/etc/a.conf', 'new', 'ok'],
      ['/etc/new.conf', 'new', 'ok'],
      ['/etc/systemd/system/crio.service.d/10-a.conf', 'new', 'ok'],
      ['/etc/systemd/system/own.service', 'new', 'ok'],
      ['/etc/systemd/system/ntp.service', 'new', 'ok'],
    ]);
    writeNodeFile(node.path, '/etc/a.conf', 'one\ntwo\n');
    writeNodeFile(node.path, '/etc/new.conf', 'y');
    writeNodeFile(node.path, '/etc/systemd/system/ntp.service', '[Service]\n');
    const dropIn = '/etc/systemd/system/crio.service.d/10-a.conf';
    writeNodeFile(node.path, dropIn, '[Service]\nEnvironment=A=1\n');
    const found = await told(node.path, CONF);
    expect(states(found)).toEqual([
      ['/etc/a.conf', 'same', 'ok'],
      ['/etc/new.conf', 'differs', 'warning'],
      [dropIn, 'same', 'ok'],
      ['/etc/systemd/system/own.service', 'new', 'ok'],
      ['/etc/systemd/system/ntp.service', 'differs', 'warning'],
    ]);
    findingIn(found, {
      verdict: 'warning',
      text: '/etc/systemd/system/ntp.service (masked unit) is replaced: a file becomes a link to /dev/null',
    });
  });

  test('what differs is summed up, with the first line that would be lost', async () => {
    using node = await healthyNode('RHCOS');
    const path = '/etc/crio/crio.conf.d/a.conf';
    writeNodeFile(node.path, path, 'one\nours\nmore\n');
    const [found] = await told(node.path, CONF.replace('/etc/a.conf', path));
    expect(found).toEqual({
      check: 'before',
      verdict: 'warning',
      text: `${path} (file) is replaced: 1 lines come and 2 go, the first of them ours`,
      remedy: { change: 'carry over into that file what the node shall keep' },
      details: { path, state: 'differs', linesAdded: 1, linesRemoved: 2 },
    });
  });

  test('the change that is told mends it', async () => {
    using node = await healthyNode('RHCOS');
    writeNodeFile(node.path, '/etc/a.conf', 'one\nours\n');
    const carriedOver = CONF.replace('one\\ntwo', 'one\\nours');
    const [found] = await told(node.path, carriedOver);
    expect(found).toMatchObject({ verdict: 'ok', text: '/etc/a.conf (file) stays the same' });
  });

  test('another mode counts, and no line is shown that may be a secret', async () => {
    using node = await healthyNode('RHCOS');
    writeNodeFile(node.path, '/etc/a.conf', 'one\ntwo\n');
    const [mode] = await told(node.path, CONF.replace('mode: 0644', 'mode: 0600'));
    expect(mode?.text).toEndWith('is replaced: mode 0644 becomes 0600');
    writeNodeFile(node.path, '/etc/a.conf', '{"auths":{"a":{"auth":"czNjcmV0"}}}\n');
    const [secret] = await told(node.path, CONF);
    expect(secret?.text).toEndWith('2 lines come and 1 go');
    const provider = '/etc/kubernetes/credential-providers/a.yaml';
    writeNodeFile(node.path, provider, '- {name: KEY, value: czNjcmV0}\n');
    const [masked] = await told(node.path, CONF.replace('/etc/a.conf', provider));
    expect(masked?.text).toEndWith('the first of them "- {name: KEY, value: ********}"');
  });

  test('local files of a Butane config count, and what is wrong in a file is told', async () => {
    using node = await healthyNode('RHCOS');
    const local = `${HEAD}storage:\n  files:\n  - {path: /etc/a.conf, contents: {local: local.conf}}\n`;
    writeNodeFile(node.path, '/etc/a.conf', 'one\ntwo\n');
    expect(states(await told(node.path, local))).toEqual([['/etc/a.conf', 'same', 'ok']]);
    const wrong = `${HEAD}storage:\n  files:\n  - {path: /etc/containers/registries.conf, contents: {inline: "[[registry]"}}\n`;
    findingIn(await told(node.path, wrong), {
      verdict: 'broken',
      text: /^\/etc\/containers\/registries\.conf:1:\d+, as it would be: not valid TOML/,
    });
  });

  test('MachineConfigs are read as well, one or several, as YAML or JSON', async () => {
    using node = await healthyNode('RHCOS');
    const machineConfig = (path: string) => ({
      apiVersion: 'machineconfiguration.openshift.io/v1',
      kind: 'MachineConfig',
      spec: { config: { storage: { files: [{ path, contents: { source: 'data:,x' } }] } } },
    });
    const json = JSON.stringify(machineConfig('/etc/b'));
    expect(states(await told(node.path, json, 'a.json'))).toEqual([['/etc/b', 'new', 'ok']]);
    const several = `${json}\n---\n${JSON.stringify(machineConfig('/etc/c'))}\n`.replace('{', ' {');
    const yaml = `---\n${several}`;
    expect(states(await told(node.path, yaml, 'a.yaml'))).toEqual([
      ['/etc/b', 'new', 'ok'],
      ['/etc/c', 'new', 'ok'],
    ]);
  });

  test('contents from elsewhere are not known, and an empty config writes nothing', async () => {
    using node = await healthyNode('RHCOS');
    const remote = `kind: MachineConfig\nspec: {config: {storage: {files: [{path: /etc/b, contents: {source: 'https://a.example/x'}}]}}}\n`;
    findingIn(await told(node.path, remote, 'a.yaml'), {
      verdict: 'unknown',
      text: '/etc/b: its source is no data URL',
    });
    findingIn(await told(node.path, 'kind: MachineConfig\nspec: {config: {}}\n', 'a.yaml'), {
      verdict: 'ok',
      text: 'writes no file, link or unit',
    });
  });

  test.each([
    ['a.yaml', 'kind: Pod\n', 'it is neither a MachineConfig nor a Butane config'],
    ['a.json', '{', 'cannot tell what'],
    ['a.bu', 'variant: openshift\nversion: 4.21.0\n', 'cannot tell what'],
  ])('%s that says %j is refused', async (name, text, message) => {
    using node = await healthyNode('RHCOS');
    await expect(told(node.path, text, name)).rejects.toThrow(message);
  });
});
