import { describe, expect, test } from 'bun:test';
import { chmodSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { crioAuth } from '../../../src/cli/doctor/crio-auth.ts';
import { crioRegistries } from '../../../src/cli/doctor/crio-registries.ts';
import { crioVersion } from '../../../src/cli/doctor/crio-version.ts';
import type { ProgramRun } from '../../../src/cli/doctor/machine.ts';
import {
  expectChange,
  findingIn,
  healthyNode,
  look,
  machine,
  programs,
  service,
} from '../../support/doctor.ts';
import { writeNodeFile } from '../../support/node-trees.ts';

const CONF = '/etc/crio/crio.conf.d/10-crio.conf';
const MIRRORS = '/etc/containers/registries.conf';
const PLUGIN_CONFIG = '/etc/kubernetes/credential-provider-config.yaml';

describe('crio-version', () => {
  test.each([
    ['crio version 1.34.1\nGitCommit: x\n', 'ok', 'CRI-O 1.34.1, as the running process tells,'],
    ['crio version 1.33.2\n', 'broken', 'takes no auth files of namespaces'],
  ] as const)('of the running one: %j is %s', async (printed, verdict, text) => {
    using node = await healthyNode();
    const surroundings = {
      machine: machine({ crio: [service(9)] }),
      run: programs({ '/proc/9/exe': printed }),
    };
    findingIn(await look(node.path, crioVersion, surroundings), { verdict, text });
  });

  test('of the packages that is too old is told', async () => {
    const status = (version: string) => ({
      '/var/lib/dpkg/status': `Package: cri-o\nVersion: ${version}\n`,
    });
    using node = await healthyNode('kubeadm', status('1.33.4-1.1'));
    await expectChange(
      node.path,
      crioVersion,
      {
        verdict: 'broken',
        text: 'CRI-O 1.33.4-1.1, as /var/lib/dpkg/status tells, takes no auth files',
        change: /^upgrade it to 1\.34 or later$/,
      },
      () => {
        for (const [path, text] of Object.entries(status('1.35.0-1.1')))
          writeNodeFile(node.path, path, text);
      },
    );
  });

  test('of a node of OpenShift is that of its release', async () => {
    using node = await healthyNode('RHCOS', { '/etc/os-release': 'OPENSHIFT_VERSION="4.20"\n' });
    findingIn(await look(node.path, crioVersion), {
      verdict: 'broken',
      text: 'CRI-O 1.33, as /etc/os-release (4.20) tells',
    });
    using newer = await healthyNode('RHCOS', { '/etc/os-release': 'OPENSHIFT_VERSION="5.0"\n' });
    findingIn(await look(newer.path, crioVersion), { verdict: 'ok', text: 'CRI-O 1.36' });
  });

  test('without CRI-O is told, and without a version nothing is claimed', async () => {
    using node = await healthyNode();
    rmSync(join(node.path, '/var/lib/dpkg/status'));
    findingIn(await look(node.path, crioVersion), {
      verdict: 'unknown',
      text: 'nothing here tells the version of CRI-O',
    });
    rmSync(join(node.path, '/etc/crio/crio.conf.d'), { recursive: true });
    rmSync(join(node.path, '/usr/lib/systemd/system/crio.service'));
    findingIn(await look(node.path, crioVersion), {
      verdict: 'broken',
      text: 'there is no CRI-O on this node',
    });
    expect(await look(node.path, crioAuth)).toEqual([]);
  });
});

describe('crio-auth', () => {
  test('directories that differ are told with both ways out', async () => {
    using node = await healthyNode();
    const own =
      'namespaced_auth_dir = "/run/crio/auth"\nglobal_auth_file = "/var/lib/kubelet/config.json"\n';
    writeNodeFile(node.path, CONF, `[crio.image]\n${own}`);
    await expectChange(
      node.path,
      crioAuth,
      {
        verdict: 'broken',
        text: `CRI-O takes auth files from /run/crio/auth (${CONF}), and the plugin puts them into /etc/crio/auth`,
        change:
          /^write --auth-dir=\/run\/crio\/auth into the args of crio-credential-provider, then restart the kubelet; or change namespaced_auth_dir/,
      },
      () => addPluginArg(node.path, '--auth-dir=/run/crio/auth'),
    );
  });

  test('global auth files that differ are told with the argument that mends it', async () => {
    using node = await healthyNode();
    writeNodeFile(node.path, CONF, '[crio.image]\nglobal_auth_file = "/etc/crio/global.json"\n');
    await expectChange(
      node.path,
      crioAuth,
      {
        verdict: 'warning',
        text: "credentials of CRI-O's /etc/crio/global.json",
        change: /^write --kubelet-auth-file=\/etc\/crio\/global\.json into the args of/,
      },
      () => addPluginArg(node.path, '--kubelet-auth-file=/etc/crio/global.json'),
    );
  });

  test('a global auth file that only the plugin has is told with the drop-in that mends it', async () => {
    using node = await healthyNode();
    writeNodeFile(node.path, CONF, '');
    expect(await look(node.path, crioAuth)).toMatchObject([
      { verdict: 'ok' },
      { verdict: 'ok', text: 'neither CRI-O nor the plugin has a global auth file' },
    ]);
    writeNodeFile(node.path, '/var/lib/kubelet/config.json', '{"auths":{}}');
    await expectChange(
      node.path,
      crioAuth,
      {
        verdict: 'warning',
        text: 'CRI-O has no global_auth_file',
        change:
          /^write global_auth_file = "\/var\/lib\/kubelet\/config\.json" into \/etc\/crio\/crio\.conf\.d\/10-pullkey\.conf under \[crio\.image\]/,
      },
      () =>
        writeNodeFile(
          node.path,
          '/etc/crio/crio.conf.d/10-pullkey.conf',
          '[crio.image]\nglobal_auth_file = "/var/lib/kubelet/config.json"\n',
        ),
    );
  });

  test('a file that CRI-O cannot read is told with its place', async () => {
    using node = await healthyNode();
    writeNodeFile(node.path, '/etc/crio/crio.conf', '[crio.image\n');
    await expectChange(
      node.path,
      crioAuth,
      { verdict: 'broken', text: 'CRI-O does not start with /etc/crio/crio.conf:1:', change: /./ },
      () => rmSync(join(node.path, '/etc/crio/crio.conf')),
    );
    writeNodeFile(node.path, '/etc/crio/crio.conf', '[crio.image]\nglobal_auth_file = 7\n');
    findingIn(await look(node.path, crioAuth), { verdict: 'broken', text: 'must be a string' });
  });

  test.each([
    [
      'a later file',
      { '/etc/crio/crio.conf.d/20/x': '[crio.image]\nnamespaced_auth_dir = "/b"\n' },
      '/b',
    ],
    [
      'a variable of the unit',
      {
        '/etc/sysconfig/crio': 'CONTAINER_NAMESPACED_AUTH_DIR=/c\n',
        '/usr/lib/systemd/system/crio.service':
          '[Service]\nEnvironmentFile=-/etc/sysconfig/crio\nExecStart=/usr/bin/crio\n',
      },
      '/c',
    ],
    [
      'a flag of the unit',
      {
        '/usr/lib/systemd/system/crio.service':
          '[Service]\nExecStart=/usr/bin/crio --namespaced-auth-dir=/d\n',
      },
      '/d',
    ],
  ] as const)('%s decides', async (_, files, directory) => {
    using node = await healthyNode('kubeadm', files);
    findingIn(await look(node.path, crioAuth), {
      verdict: 'broken',
      text: `CRI-O takes auth files from ${directory} (`,
    });
  });

  test('the flags of the one that runs decide', async () => {
    using node = await healthyNode();
    const running = { machine: machine({ crio: [service(9, ['--namespaced-auth-dir', '/e'])] }) };
    findingIn(await look(node.path, crioAuth, running), {
      verdict: 'broken',
      text: 'from /e (--namespaced-auth-dir)',
    });
  });
});

/** Writes an argument into the entry of the plugin. */
function addPluginArg(root: string, argument: string): void {
  const text = `apiVersion: kubelet.config.k8s.io/v1
kind: CredentialProviderConfig
providers:
- name: crio-credential-provider
  matchImages: [docker.io]
  defaultCacheDuration: 0s
  apiVersion: credentialprovider.kubelet.k8s.io/v1
  args: ["${argument}"]
  tokenAttributes: {serviceAccountTokenAudience: x, cacheType: Token, requireServiceAccount: false}
`;
  writeNodeFile(root, PLUGIN_CONFIG, text);
}

describe('crio-registries', () => {
  const STARTED = Date.now() - 3_600_000;
  const RELOAD = { command: 'systemctl reload crio' };
  const crio = { ...service(9), startedAt: STARTED };
  const running = { machine: machine({ crio: [crio] }) };
  const journal = (at: number) =>
    `${JSON.stringify({ MESSAGE: 'Applied new registry configuration: …', _COMM: 'crio', __REALTIME_TIMESTAMP: String(at * 1000) })}\n`;
  const noEntry: ProgramRun = { code: 1, stdout: '-- No entries --\n', stderr: '' };

  const state = (at: number) =>
    `StateChangeTimestamp=Sat ${new Date(at).toISOString().replace('T', ' ').replace('Z', '000 UTC')}\n`;

  test('that were read at the start are fine', async () => {
    using node = await healthyNode();
    const later = { ...crio, startedAt: Date.now() + 60_000 };
    const found = await look(node.path, crioRegistries, { machine: machine({ crio: [later] }) });
    expect(found).toMatchObject([
      { verdict: 'ok', text: 'CRI-O (process 9) has read registries.conf at its start' },
    ]);
  });

  test('that were changed since are told, and fine after the command that is told', async () => {
    using node = await healthyNode();
    const before = { systemctl: state(STARTED), journalctl: noEntry };
    const [found] = await look(node.path, crioRegistries, { ...running, run: programs(before) });
    expect(found).toMatchObject({ verdict: 'broken', remedy: RELOAD });
    expect(found?.text).toMatch(
      /^CRI-O has not read registries\.conf anew: \/etc\/containers\S* was changed at \S+Z, after CRI-O's start, and it was not reloaded$/,
    );
    const reloaded = { systemctl: state(Date.now() + 1_000), journalctl: noEntry };
    const after = await look(node.path, crioRegistries, { ...running, run: programs(reloaded) });
    findingIn(after, { verdict: 'ok', text: 'CRI-O has read registries.conf at its reload of' });
  });

  test('that were read after a signal by hand are fine: the journal tells', async () => {
    using node = await healthyNode();
    const asked: string[][] = [];
    const run = programs(
      { systemctl: state(STARTED), journalctl: journal(Date.now() + 1_000) },
      asked,
    );
    findingIn(await look(node.path, crioRegistries, { ...running, run }), {
      verdict: 'ok',
      text: 'at its reload of',
    });
    expect(asked[1]).toContain('_PID=9');
  });

  test.each<[string, string | undefined, ProgramRun, string]>([
    [
      'has no journal',
      undefined,
      { problem: 'journalctl cannot be run (ENOENT)' },
      'journalctl cannot be run',
    ],
    [
      'may not read the journal',
      undefined,
      { code: 1, stdout: '', stderr: 'Hint: …\n' },
      'the journal cannot be read',
    ],
    [
      'has a CRI-O that says little',
      '[crio.runtime]\nlog_level = "warn"\n',
      noEntry,
      'CRI-O logs nothing of it at level warn',
    ],
  ])('nothing is claimed where one %s', async (_, conf, journalctl, why) => {
    using node = await healthyNode(
      'kubeadm',
      conf === undefined ? {} : { '/etc/crio/crio.conf': conf },
    );
    const run = programs({ systemctl: { problem: 'no' }, journalctl });
    const found = findingIn(await look(node.path, crioRegistries, { ...running, run }), {
      verdict: 'unknown',
      text: why,
    });
    expect(found.remedy).toEqual(RELOAD);
  });

  test('nothing is claimed where only names or modes may have changed', async () => {
    using node = await healthyNode();
    const old = new Date(STARTED - 60_000);
    for (const path of [MIRRORS, '/etc/containers']) utimesSync(join(node.path, path), old, old);
    chmodSync(join(node.path, MIRRORS), 0o600);
    const run = programs({ systemctl: state(STARTED), journalctl: noEntry });
    findingIn(await look(node.path, crioRegistries, { ...running, run }), {
      verdict: 'unknown',
      text: 'its content may be what it was',
    });
  });

  test('a CRI-O that watches drop-ins reads them by itself, but not the main file', async () => {
    using node = await healthyNode('kubeadm', {
      [CONF]: '[crio.image]\nauto_reload_registries = true\n',
    });
    const run = programs({ systemctl: state(STARTED), journalctl: noEntry });
    findingIn(await look(node.path, crioRegistries, { ...running, run }), {
      verdict: 'broken',
      text: 'anew',
    });
    rmSync(join(node.path, MIRRORS));
    writeNodeFile(node.path, '/etc/containers/registries.conf.d/x.conf', '');
    findingIn(await look(node.path, crioRegistries, { ...running, run }), {
      verdict: 'ok',
      text: 'CRI-O (process 9) reads /etc/containers/registries.conf.d at each change',
    });
  });

  test('a CRI-O that does not run, or runs several times, or hides its start', async () => {
    using node = await healthyNode();
    expect(await look(node.path, crioRegistries, { machine: machine({}) })).toMatchObject([
      {
        verdict: 'broken',
        text: 'CRI-O does not run',
        remedy: { command: 'systemctl restart crio.service' },
      },
    ]);
    const blind = { machine: { ...machine({}), seesAll: false } };
    expect(await look(node.path, crioRegistries, blind)).toMatchObject([{ verdict: 'unknown' }]);
    const several = { machine: machine({ crio: [crio, crio] }) };
    expect(await look(node.path, crioRegistries, several)).toMatchObject([{ verdict: 'unknown' }]);
    const hidden = { machine: machine({ crio: [{ ...crio, startedAt: undefined }] }) };
    expect(await look(node.path, crioRegistries, hidden)).toMatchObject([{ verdict: 'unknown' }]);
  });
});
