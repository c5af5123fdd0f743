import { describe, expect, test } from 'bun:test';
import { flagSettingOf } from '../../src/node/flag-setting.ts';
import { kubeletService, nodeKindOf } from '../../src/node/node-kind.ts';
import { DirectoryTree } from '../../src/node/node-tree.ts';
import { commandLineOf, readServiceUnit } from '../../src/node/service-unit.ts';
import { install, plan } from '../support/install.ts';
import {
  CLOUD_IMAGE,
  K3S,
  KUBEADM_DEB,
  KUBEADM_RPM,
  type NodeFiles,
  nodeTree,
  RHCOS,
  RHCOS_BARE_METAL,
} from '../support/node-trees.ts';

const UNIT = '/usr/lib/systemd/system/kubelet.service';
const DROP_IN = '/etc/systemd/system/kubelet.service.d/20-pullkey.conf';
const PLUGINS = '/usr/libexec/kubelet-image-credential-provider-plugins';
const CONFIG = '/etc/kubernetes/credential-provider-config.yaml';
const FLAGS = `--image-credential-provider-bin-dir=${PLUGINS} --image-credential-provider-config=${CONFIG}`;

/** The words that systemd would start the kubelet of a node with, after an installation there. */
async function startedWith(files: NodeFiles): Promise<readonly string[]> {
  using node = nodeTree(files);
  await install(node.path);
  const tree = new DirectoryTree(node.path);
  const unit = readServiceUnit(tree, kubeletService(tree, nodeKindOf(tree)));
  return unit === undefined ? [] : commandLineOf(tree, unit);
}

function changed(files: NodeFiles, rest: Parameters<typeof plan>[1] = {}): Record<string, string> {
  using node = nodeTree(files);
  const changes = plan(node.path, rest).changes.filter(({ why }) => why === "the kubelet's flags");
  return Object.fromEntries(
    changes.map(({ path, after }) => [
      path,
      after.kind === 'file' ? Buffer.from(after.bytes).toString() : after.kind,
    ]),
  );
}

const unit = (command: string, rest = '') => ({
  [UNIT]: `[Service]\n${rest}ExecStart=${command}\n`,
});

describe('the kubelet is started with each flag once', () => {
  const nodes: readonly (readonly [string, NodeFiles])[] = [
    ['on kubeadm with deb packages', KUBEADM_DEB],
    ['on kubeadm with rpm packages', KUBEADM_RPM],
    ['on RHCOS', RHCOS],
    ['on RHCOS without a platform provider', RHCOS_BARE_METAL],
    ['on a cloud image', CLOUD_IMAGE],
    ['where only a command is', unit('/usr/bin/kubelet --v=2')],
    ['where one flag is there', unit('/usr/bin/kubelet --image-credential-provider-config=/etc/c')],
    [
      'where both are, one in a variable',
      unit(
        '/usr/bin/kubelet --image-credential-provider-bin-dir /opt/bin $ARGS',
        'Environment="ARGS=--image-credential-provider-config /etc/c --v=1"\n',
      ),
    ],
    [
      'where a flag is given twice',
      {
        ...KUBEADM_DEB,
        '/etc/default/kubelet':
          'KUBELET_EXTRA_ARGS="--image-credential-provider-config=/etc/a --v=1 --image-credential-provider-config=/etc/b"\n',
      },
    ],
    [
      'where a drop-in sets the variable that files may set',
      { ...KUBEADM_DEB, ...{ [DROP_IN.replace('20-pullkey', '15-own')]: ownArguments() } },
    ],
  ];

  function ownArguments(): string {
    return '[Service]\nEnvironment="KUBELET_EXTRA_ARGS=--v=3 --node-ip=10.0.0.3"\n';
  }

  test.each(nodes)('%s', async (_, files) => {
    const words = await startedWith(files);
    for (const flag of ['config', 'bin-dir']) {
      const name = `--image-credential-provider-${flag}`;
      expect(words.filter((word) => word.split('=')[0] === name)).toHaveLength(1);
    }
  });

  test('what a drop-in gives besides stays', async () => {
    const files = { ...KUBEADM_DEB, [DROP_IN.replace('20-pullkey', '15-own')]: ownArguments() };
    expect(await startedWith(files)).toContain('--node-ip=10.0.0.3');
    expect(changed(files)).toEqual({
      [DROP_IN]: expect.stringContaining(`KUBELET_EXTRA_ARGS=--v=3 --node-ip=10.0.0.3 ${FLAGS}"`),
    });
  });
});

describe('a kubelet that runs', () => {
  const running = [
    '--image-credential-provider-config=/run/c',
    '--image-credential-provider-bin-dir=/run/b',
  ];

  test('tells the flags that its unit leaves to a script, which get no second time', () => {
    expect(changed(unit('/usr/local/bin/start-kubelet'), { running })).toEqual({});
  });

  test('does not tell what its unit says for the next start', () => {
    using node = nodeTree(unit('/usr/bin/kubelet --image-credential-provider-config=/etc/c'));
    expect(plan(node.path, { running }).flags).toEqual({ config: '/etc/c', pluginDir: '/run/b' });
  });
});

test('a unit whose kubelet is started by a script of its own is left to whoever wrote it', () => {
  using node = nodeTree(unit("/bin/bash -c 'exec /usr/bin/kubelet --v=2'"));
  expect(() => plan(node.path)).toThrow(
    /starts the kubelet in a script of its own; add --image-credential-provider-config=\/etc\/kub/,
  );
});

describe('k3s', () => {
  const service = (words: string) => ({
    ...K3S,
    '/etc/systemd/system/k3s.service': `[Service]\nExecStart=/usr/local/bin/k3s server ${words}\n`,
  });
  const config = (files: NodeFiles) => {
    using node = nodeTree(files);
    const tree = new DirectoryTree(node.path);
    return flagSettingOf(tree, nodeKindOf(tree)).current.config;
  };
  const file = (text: string) => ({ '/etc/rancher/k3s/config.yaml': text });
  const OWN = 'image-credential-provider-config';

  test('takes the flags of its command line before those of its files', () => {
    expect(config(service(''))).toBe('/var/lib/rancher/credentialprovider/config.yaml');
    expect(config({ ...service(''), ...file(`${OWN}: /etc/a.yaml\n`) })).toBe('/etc/a.yaml');
    const both = { ...service(`--${OWN} /etc/b.yaml`), ...file(`${OWN}: /etc/a.yaml\n`) };
    expect(config(both)).toBe('/etc/b.yaml');
  });

  test("takes the kubelet's own arguments before all", () => {
    const own = service(`--${OWN}=/etc/b.yaml`);
    expect(config({ ...own, ...file(`kubelet-arg: [${OWN}=/etc/c.yaml]\n`) })).toBe('/etc/c.yaml');
    expect(config(service(`--kubelet-arg ${OWN}=/etc/d.yaml --${OWN}=/etc/b.yaml`))).toBe(
      '/etc/d.yaml',
    );
    expect(config(service(`--kubelet-arg=${OWN}=/etc/e.yaml`))).toBe('/etc/e.yaml');
  });

  test('is not told in vain: a command line that would win has to be changed by hand', () => {
    const files = {
      ...service('--image-credential-provider-bin-dir=/usr/libexec/k3s'),
      '/run/ostree-booted': '',
    };
    using node = nodeTree(files);
    expect(() => plan(node.path)).toThrow(/among the files of k3s\.service decides its command/);
  });
});

describe('notes', () => {
  const notes = (files: NodeFiles) => {
    using node = nodeTree(files);
    return plan(node.path, { audience: 'https://a' }).notes;
  };

  test('say where no kubelet is known that would take the flags', () => {
    expect(notes({ '/etc/hostname': 'n\n' })).toEqual([
      'there is no kubelet.service here yet; its flags reach one that uses $KUBELET_EXTRA_ARGS',
    ]);
    expect(notes(KUBEADM_DEB)).toEqual([]);
    expect(notes(K3S)).toEqual([]);
  });

  test('say that an older MicroShift takes none', () => {
    expect(notes({ '/etc/microshift/config.yaml': '' })).toEqual([
      expect.stringContaining('does not know kubelet.imageCredentialProviderConfigPath yet'),
    ]);
  });
});
