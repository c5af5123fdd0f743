import { describe, expect, test } from 'bun:test';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { crioAuth } from '../../../src/cli/doctor/crio-auth.ts';
import { crioVersion } from '../../../src/cli/doctor/crio-version.ts';
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
