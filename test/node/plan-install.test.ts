import { describe, expect, test } from 'bun:test';
import type { InstallPlan } from '../../src/node/plan-install.ts';
import { EXECUTABLE, plan } from '../support/install.ts';
import {
  CLOUD_IMAGE,
  K3S,
  KUBEADM_DEB,
  KUBEADM_RPM,
  MICROSHIFT,
  type NodeFiles,
  nodeTree,
  RHCOS,
  RHCOS_BARE_METAL,
  RHCOS_IMAGE,
} from '../support/node-trees.ts';

const FLAGS =
  '--image-credential-provider-bin-dir=/usr/libexec/kubelet-image-credential-provider-plugins ' +
  '--image-credential-provider-config=/etc/kubernetes/credential-provider-config.yaml';
const PLUGINS = '/usr/libexec/kubelet-image-credential-provider-plugins';

function planned(files: NodeFiles, rest: Parameters<typeof plan>[1] = {}): InstallPlan {
  using node = nodeTree(files);
  return plan(node.path, rest);
}

function paths({ changes }: InstallPlan): string[] {
  return changes.map(({ path }) => path);
}

function textAt({ changes }: InstallPlan, path: string): string {
  const after = changes.find((change) => change.path === path)?.after;
  if (after?.kind !== 'file') throw new Error(`no file is planned at ${path}`);
  return Buffer.from(after.bytes).toString();
}

describe('on a node of kubeadm', () => {
  test('everything is new, and the flags go where its packages leave them to us', () => {
    const result = planned(KUBEADM_DEB);
    expect(result.kind).toBe('kubeadm');
    expect(paths(result)).toEqual([
      `${PLUGINS}/pullkey`,
      `${PLUGINS}/crio-credential-provider`,
      '/etc/tmpfiles.d/pullkey.conf',
      '/etc/kubernetes/credential-provider-config.yaml',
      '/etc/default/kubelet',
    ]);
    expect(textAt(result, '/etc/default/kubelet')).toBe(`KUBELET_EXTRA_ARGS="${FLAGS}"\n`);
    const config = textAt(result, '/etc/kubernetes/credential-provider-config.yaml');
    expect(config).toContain('- docker.io\n');
    expect(config).toContain('args:\n      - --kubeconfig=/etc/kubernetes/kubelet.conf\n');
    expect(result.configHash).toStartWith('sha256:');
  });

  test('arguments that are there stay', () => {
    const text = textAt(planned(KUBEADM_RPM), '/etc/sysconfig/kubelet');
    expect(text).toBe(`# ours\nKUBELET_EXTRA_ARGS='--node-ip=10.0.0.2 ${FLAGS}'\nOTHER=1\n`);
  });

  test('both providers, and a drop-in for registries.conf', () => {
    const result = planned(KUBEADM_DEB, { provider: 'both', registriesDropIn: 'x = 1\n' });
    expect(paths(result)).toContain(`${PLUGINS}/generic-credential-provider`);
    expect(textAt(result, '/etc/containers/registries.conf.d/50-pullkey.conf')).toBe('x = 1\n');
    const config = textAt(result, '/etc/kubernetes/credential-provider-config.yaml');
    expect(config.match(/- name: .*/g)).toEqual([
      '- name: crio-credential-provider',
      '- name: generic-credential-provider',
    ]);
  });

  test('the file provider alone needs no auth directory and no audience', () => {
    const result = planned(KUBEADM_DEB, { provider: 'generic' });
    expect(paths(result)).not.toContain('/etc/tmpfiles.d/pullkey.conf');
    expect(result.notes).toEqual([]);
  });

  test('flags that are there already are not given twice', () => {
    const env = 'KUBELET_KUBEADM_ARGS="--image-credential-provider-config=/etc/cp.yaml"\n';
    const result = planned({ ...KUBEADM_DEB, '/var/lib/kubelet/kubeadm-flags.env': env });
    expect(textAt(result, '/var/lib/kubelet/kubeadm-flags.env')).toBe(
      `KUBELET_KUBEADM_ARGS="--image-credential-provider-config=/etc/cp.yaml --image-credential-provider-bin-dir=${PLUGINS}"\n`,
    );
    expect(paths(result)).not.toContain('/etc/default/kubelet');
    expect(paths(result)).toContain('/etc/cp.yaml');
  });

  test("the audience is the API server's, a pod's, or a guess that is told", () => {
    const audience = (result: InstallPlan) =>
      /serviceAccountTokenAudience: (.*)/.exec(
        textAt(result, '/etc/kubernetes/credential-provider-config.yaml'),
      )?.[1];
    const manifest = '    - --service-account-issuer=https://issuer.example\n';
    expect(
      audience(
        planned({ ...KUBEADM_DEB, '/etc/kubernetes/manifests/kube-apiserver.yaml': manifest }),
      ),
    ).toBe('https://issuer.example');
    const claims = {
      aud: ['https://pod.example'],
      'kubernetes.io': { namespace: 'a' },
    };
    const token = `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.y`;
    const volume =
      '/var/lib/kubelet/pods/1/volumes/kubernetes.io~projected/kube-api-access-1/token';
    expect(audience(planned({ ...KUBEADM_DEB, [volume]: token }))).toBe('https://pod.example');
    const guessed = planned(KUBEADM_DEB);
    expect(audience(guessed)).toBe('https://kubernetes.default.svc');
    expect(guessed.notes[0]).toContain('give --audience');
    expect(planned(KUBEADM_DEB, { audience: 'https://mine' }).notes).toEqual([]);
  });
});

describe('on a node of OpenShift', () => {
  test('the provider joins those of the platform', () => {
    const result = planned(RHCOS);
    const file = '/etc/kubernetes/credential-providers/ecr-credential-provider.yaml';
    expect(paths(result)).toEqual([
      `${PLUGINS}/pullkey`,
      `${PLUGINS}/crio-credential-provider`,
      '/etc/tmpfiles.d/pullkey.conf',
      file,
    ]);
    const config = textAt(result, file);
    expect(config).toContain('  # from the platform\n  - name: ecr-credential-provider\n');
    expect(config).toContain('serviceAccountTokenAudience: https://kubernetes.default.svc\n');
    expect(result.notes.join()).toContain('machine-config-operator');
  });

  test('a read-only plugin directory is layered over, not written', () => {
    expect(() => planned(RHCOS_IMAGE)).toThrow(/read-only; layer an image .*render containerfile/);
  });

  test('where the image has our executable already, only the configuration changes', () => {
    const layered = {
      ...RHCOS_IMAGE,
      [`${PLUGINS}/crio-credential-provider`]: EXECUTABLE.toString(),
    };
    expect(paths(planned(layered))).toEqual([
      '/etc/tmpfiles.d/pullkey.conf',
      '/etc/kubernetes/credential-providers/ecr-credential-provider.yaml',
    ]);
  });

  test("the unit's own variable carries the flags where there is no platform provider", () => {
    const result = planned(RHCOS_BARE_METAL);
    const path =
      '/etc/systemd/system/kubelet.service.d/40-kubelet-crio-image-credential-provider.conf';
    expect(textAt(result, path)).toContain(
      `Environment="KUBELET_CRIO_IMAGE_CREDENTIAL_PROVIDER_FLAGS=${FLAGS}"`,
    );
  });
});

describe('on other nodes', () => {
  test('MicroShift gets a fragment of configuration, and plugins where they can be written', () => {
    const result = planned(MICROSHIFT);
    expect(result.service).toBe('microshift.service');
    expect(result.flags).toEqual({
      config: '/etc/microshift/credential-providers.yaml',
      pluginDir: '/var/lib/pullkey/plugins',
    });
    expect(textAt(result, '/etc/microshift/config.d/20-pullkey.yaml')).toEndWith(
      'kubelet:\n  imageCredentialProviderConfigPath: /etc/microshift/credential-providers.yaml\n  imageCredentialProviderBinDir: /var/lib/pullkey/plugins\n',
    );
  });

  test('k3s finds everything at its usual places, without flags', () => {
    const result = planned(K3S);
    expect(result.service).toBe('k3s.service');
    expect(paths(result)).toEqual([
      '/var/lib/rancher/credentialprovider/bin/pullkey',
      '/var/lib/rancher/credentialprovider/bin/crio-credential-provider',
      '/etc/tmpfiles.d/pullkey.conf',
      '/var/lib/rancher/credentialprovider/config.yaml',
    ]);
    const elsewhere = 'kubelet-arg:\n- image-credential-provider-config=/etc/x.yaml\n';
    const moved = planned({ ...K3S, '/etc/rancher/k3s/config.yaml': elsewhere });
    expect(moved.flags.config).toBe('/etc/x.yaml');
  });

  test('a plugin directory that cannot be written is left for one of ours, others linked', () => {
    const result = planned(CLOUD_IMAGE);
    expect(result.flags).toEqual({
      config: '/etc/eks/config.json',
      pluginDir: '/var/lib/pullkey/plugins',
    });
    const link = result.changes.find(({ path }) => path.endsWith('/ecr-credential-provider'));
    expect(link?.after).toEqual({
      kind: 'link',
      target: '/usr/libexec/plugins/ecr-credential-provider',
    });
    expect(textAt(result, '/etc/systemd/system/kubelet.service.d/20-pullkey.conf')).toContain(
      'ExecStart=\nExecStart=/usr/bin/kubelet --kubeconfig=/var/lib/kubelet/kubeconfig --image-credential-provider-bin-dir=/var/lib/pullkey/plugins --image-credential-provider-config=/etc/eks/config.json --v=2\n',
    );
    const config = JSON.parse(textAt(result, '/etc/eks/config.json'));
    expect(config.providers.map(({ name }: { name: string }) => name)).toEqual([
      'ecr-credential-provider',
      'crio-credential-provider',
    ]);
  });

  test('in a directory of configurations ours is a file of its own', () => {
    const unit =
      '[Service]\nExecStart=/usr/bin/kubelet --image-credential-provider-config=/etc/cp\n';
    const other = CLOUD_IMAGE['/etc/eks/config.json'] ?? '';
    const files = {
      '/usr/lib/systemd/system/kubelet.service': unit,
      '/etc/cp/10.json': other,
      [`${PLUGINS}/ecr-credential-provider`]: 'x',
    };
    expect(paths(planned(files))).toContain('/etc/cp/50-pullkey.yaml');
    const ours = planned(files);
    const merged = planned(
      { ...files, '/etc/cp/20.yaml': textAt(ours, '/etc/cp/50-pullkey.yaml') },
      {
        patterns: [{ pattern: 'quay.io' }],
      },
    );
    expect(paths(merged)).toContain('/etc/cp/20.yaml');
    expect(paths(merged)).not.toContain('/etc/cp/50-pullkey.yaml');
  });

  test('the command line of the kubelet that runs counts', () => {
    const running = [
      '--image-credential-provider-config',
      '/a.yaml',
      '--image-credential-provider-bin-dir=/b',
    ];
    const result = planned({}, { running });
    expect(result.flags).toEqual({ config: '/a.yaml', pluginDir: '/b' });
    expect(paths(result)).not.toContain('/etc/systemd/system/kubelet.service.d/20-pullkey.conf');
  });
});

describe('nothing is planned where the kubelet would not start:', () => {
  const config = '/etc/kubernetes/credential-provider-config.yaml';
  const entry = (name: string) =>
    `- {name: ${name}, matchImages: [a.io], defaultCacheDuration: 0s, apiVersion: credentialprovider.kubelet.k8s.io/v1}\n`;
  const head = 'apiVersion: kubelet.config.k8s.io/v1\nkind: CredentialProviderConfig\nproviders:\n';

  test('a broken configuration', () => {
    const files = { ...KUBEADM_DEB, [config]: `${head}${entry('a/b')}` };
    expect(() => planned(files)).toThrow(/must be mended first:\n.*\.yaml:4:10: providers\.name/);
  });

  test('a second document that would get lost', () => {
    const files = { ...KUBEADM_DEB, [config]: `${head}${entry('ecr')}---\nx: 1\n` };
    expect(() => planned(files)).toThrow(/a second YAML document/);
  });

  test('a configured provider without an executable', () => {
    const files = { ...KUBEADM_DEB, [config]: head + entry('ecr') };
    expect(() => planned(files)).toThrow(
      /provider ecr of .* has no executable in .*, and the kubelet would not start; put it there/,
    );
    const present = { ...files, [`${PLUGINS}/ecr`]: 'x' };
    expect(paths(planned(present))).toContain(config);
  });

  test('a drop-in after ours that takes the flags back', () => {
    const late = '/etc/systemd/system/kubelet.service.d/99-own.conf';
    const files = { ...KUBEADM_DEB, [late]: '[Service]\nExecStart=\nExecStart=/usr/bin/kubelet\n' };
    expect(() => planned(files)).toThrow(
      /would not get its flags .*: 99-own\.conf among the files/,
    );
  });
});
