import { describe, expect, test } from 'bun:test';
import { parseRegistriesConf } from '../../src/registries/conf-file.ts';
import { documents, render, rendered } from '../support/render.ts';

describe('render rbac', () => {
  test('prints roles for a namespace, for all nodes, or both', () => {
    const kinds = (line: string) =>
      documents(rendered(line)).map((one) => (one as { kind: string }).kind);
    expect(kinds('rbac --namespace team-a')).toEqual(['Role', 'RoleBinding']);
    expect(kinds('rbac --nodes --audience x')).toEqual(['ClusterRole', 'ClusterRoleBinding']);
    expect(kinds('rbac --nodes --namespace a')).toHaveLength(4);
    expect(render('rbac')).toMatchObject({ exitCode: 2, stdout: '' });
  });

  test('adds the rule for service accounts before 1.34 only', () => {
    expect(rendered('rbac --nodes --kubernetes-version 1.33')).toContain('serviceaccounts');
    expect(rendered('rbac --nodes --kubernetes-version v1.34.1')).not.toContain(
      '- serviceaccounts',
    );
    expect(render('rbac --nodes --kubernetes-version 2').exitCode).toBe(2);
  });

  test('refuses names that no object can have', () => {
    expect(render('rbac --namespace Team_A')).toMatchObject({ exitCode: 2, stdout: '' });
    expect(render('rbac --namespace a --secret b/c')).toMatchObject({ exitCode: 2, stdout: '' });
    const names = Array.from({ length: 33 }, (_, index) => `s${index}`);
    expect(render(`rbac --namespace a --secret ${names.join(' ')}`)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('more than 32 Secrets are named'),
    });
    expect(rendered(`rbac --namespace a --secret ${names.slice(1).join(' ')}`)).toContain(
      '- s32\n',
    );
  });
});

describe('render registries-conf', () => {
  test('writes mirrors in the order given, readable by the library', () => {
    const text = rendered(
      'registries-conf --mirror docker.io=a.io/x,insecure --mirror *.b.io=c.io --mirror docker.io=d.io,digest-only',
    );
    expect(parseRegistriesConf('registries.conf', Buffer.from(text)).registries).toMatchObject([
      {
        prefix: 'docker.io',
        mirrors: [
          { location: 'a.io/x', insecure: true },
          { location: 'd.io', pullFromMirror: 'digest-only' },
        ],
      },
      { prefix: '*.b.io', location: '', mirrors: [{ location: 'c.io' }] },
    ]);
  });

  test('reads mirror sets from standard input', () => {
    const set =
      'kind: ImageTagMirrorSet\nspec: {imageTagMirrors: [{source: a.io, mirrors: [b.io]}]}\n';
    expect(rendered('registries-conf --from-idms -', set)).toContain(
      'pull-from-mirror = "tag-only"',
    );
    expect(render('registries-conf --from-idms -', 'kind: Pod\n')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('standard input:1:1: its kind is "Pod"'),
    });
  });

  test('marks insecure mirrors of sets, and says where no set names a mirror', () => {
    const set = (mirrors: string) =>
      `kind: ImageTagMirrorSet\nspec: {imageTagMirrors: [{source: a.io, mirrors: [${mirrors}]}]}\n`;
    expect(
      rendered('registries-conf --from-idms - --insecure *.c.io b.io:5000', set('b.io:5000')),
    ).toContain('location = "b.io:5000"\ninsecure = true\n');
    expect(render('registries-conf --from-idms -', set(''))).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: 'pullkey: the sets in standard input name no mirrors: there is nothing to write\n',
    });
  });

  test.each([
    ['--mirror docker.io=http://a.io', '"http://a.io": it is no HOST[:PORT][/PATH] without scheme'],
    ['--mirror docker.io=mirror', '"mirror": it is no HOST'],
    ['--mirror docker.io=a.io:tag', '"a.io:tag": it is no HOST'],
    ['--mirror nginx=a.io', '"nginx": it is no HOST'],
    ['--mirror index.docker.io=a.io', '"index.docker.io": it is no HOST'],
    ['--mirror *.a.io/x=b.io', '"*.a.io/x": after "*." only a host may stand'],
    ['--mirror a.io=b.io --insecure https://b.io', '--insecure "https://b.io": it is no HOST'],
    ['', 'give either --mirror PREFIX=LOCATION or --from-idms FILE'],
  ])('%s is wrong use', (flags, message) => {
    const run = render(`registries-conf ${flags}`.trim());
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toContain(message);
  });
});

describe('render pull-secret and manifests', () => {
  test('print one stream of YAML documents, or the same objects as one JSON List', () => {
    const line = 'manifests --namespace team-a --registry a.io --username u';
    const stream = rendered(line, 'hunter2');
    expect(stream.match(/^---$/gm)).toHaveLength(4);
    expect(JSON.parse(rendered(`${line} -o json`, 'hunter2'))).toEqual({
      apiVersion: 'v1',
      kind: 'List',
      items: documents(stream),
    });
  });

  test('take the password from standard input alone', () => {
    const line =
      'pull-secret --namespace team-a --registry localhost:5000 --username myuser -o json';
    const secret = JSON.parse(rendered(line, 'hunter2\n'));
    const config = Buffer.from(secret.data['.dockerconfigjson'], 'base64').toString();
    expect(JSON.parse(config).auths['localhost:5000'].password).toBe('hunter2');
    expect(render(line, '\n')).toMatchObject({ exitCode: 1, stdout: '' });
  });

  test.each([
    '--registry https://a.io --username u',
    '--registry a.io --username u:x',
    '--registry a.io',
    '--username u',
  ])('%s is wrong use', (flags) => {
    const run = render(`manifests --namespace team-a ${flags}`, 'hunter2');
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).not.toContain('hunter2');
  });
});

describe('render test-pod, feature-gate and kubelet-drop-in', () => {
  test('the pod runs on the node named and pulls the image given', () => {
    const [pod] = documents(rendered('test-pod --node worker-1.example.com --image quay.io/a/b:1'));
    expect(JSON.stringify(pod)).toContain('"values":["worker-1.example.com"]');
    expect(pod).toMatchObject({
      spec: { containers: [{ image: 'quay.io/a/b:1', imagePullPolicy: 'Always' }] },
    });
    expect(render('test-pod --image A:').exitCode).toBe(2);
  });

  test('the feature gate comes with its warning, on standard error too', () => {
    const run = render('feature-gate');
    expect(run.stderr).toContain('cannot be undone');
    expect(run.stdout).toStartWith('# CustomNoUpgrade cannot be undone');
  });

  test('the drop-in is for the kubelet.service of kubeadm or OpenShift', () => {
    expect(rendered('kubelet-drop-in --config /etc/c.yaml --bin-dir /opt/p')).toContain(
      '--image-credential-provider-bin-dir=/opt/p --image-credential-provider-config=/etc/c.yaml\n',
    );
    expect(rendered('kubelet-drop-in --style openshift')).toContain(
      'KUBELET_CRIO_IMAGE_CREDENTIAL_PROVIDER_FLAGS=',
    );
    expect(render('kubelet-drop-in --style k3s').stderr).toContain('kubeadm, openshift');
    expect(render('kubelet-drop-in --config relative.yaml').exitCode).toBe(2);
  });
});
