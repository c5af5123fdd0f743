import { expect, test } from 'bun:test';
import { readFileSync, writeFileSync } from 'node:fs';
import { createAuthority } from '../../src/demo/certificates.ts';
import { judgeConfig } from '../../src/kubelet/read-config.ts';
import { asKubelet } from '../support/credential-store.ts';
import { dockerRegistry, startDockerRegistry } from '../support/docker-registry.ts';
import { FreshNode } from '../support/fresh-node.ts';
import { canOverlay } from '../support/mounts.ts';
import { PASSWORD } from '../support/secrecy.ts';
import { systemdCredsTest } from '../support/systemd-creds.ts';

const PAGE = new URL('../../docs/generic-provider.md', import.meta.url).pathname;
const HOST = 'registry.example.org';
const PLUGIN_DIR = '/usr/libexec/kubelet-image-credential-provider-plugins';
const CONFIG = '/etc/kubernetes/credential-provider-config.yaml';

/** What root types: the first console block of the page. */
function recipe(): string[] {
  const [, block = ''] = /^```console\n([\s\S]*?)^```$/m.exec(readFileSync(PAGE, 'utf8')) ?? [];
  return block.split('\n').flatMap((line) => (line.startsWith('# ') ? [line.slice(2)] : []));
}

/** Makes a registry known to the node by its name, as its administrator has done. */
function known(registry: string, authority: string): string[] {
  return [
    `echo '127.0.0.1 ${HOST}' >> /etc/hosts`,
    `mkdir -p /etc/docker/certs.d/${registry}`,
    `echo '${authority}' > /etc/docker/certs.d/${registry}/ca.crt`,
  ];
}

/** What the kubelet does then: it reads its files, and asks the plugin. */
function asTheKubelet(image: string): string[] {
  return [
    `cat ${CONFIG} > config.yaml`,
    'cat /etc/systemd/system/kubelet.service.d/20-pullkey.conf > drop-in.conf',
    `${PLUGIN_DIR}/generic-credential-provider < request.json > answer.json`,
    `pullkey credentials check --image ${image}`,
  ];
}

/** Skipped where one of the things that it needs is missing. */
function walkTest(): typeof systemdCredsTest {
  if (Bun.which('docker-registry') === null) return dockerRegistry.test;
  return canOverlay ? systemdCredsTest : test.skip;
}

walkTest()('ten lines lead from nothing to a working private registry', async () => {
  const authority = await createAuthority('registry');
  const certificate = await authority.issue({ hosts: [HOST, '127.0.0.1'] });
  await using server = await startDockerRegistry({ puller: PASSWORD }, certificate);
  using node = new FreshNode();
  const registry = `${HOST}:${server.host.split(':')[1]}`;
  const image = `${registry}/team/app`;
  const apiVersion = 'credentialprovider.kubelet.k8s.io/v1';
  const request = { kind: 'CredentialProviderRequest', apiVersion, image };
  writeFileSync(`${node.home}/request.json`, JSON.stringify(request));

  const typed = recipe();
  const session = await node.type(
    [
      ...known(registry, authority.certificate),
      ...typed.map((line) => line.replaceAll(HOST, registry)),
      ...asTheKubelet(image),
    ],
    { question: `Password of "puller" for ${registry}: `, answer: PASSWORD },
  );

  expect(typed.length).toBeLessThanOrEqual(10);
  expect(session.screen).not.toContain(PASSWORD);
  expect(session).toMatchObject({ exitCode: 0 });
  expect(session.screen).toMatch(new RegExp(`${registry} +puller +works`));
  expect(session.screen).toMatch(new RegExp(`${image} +puller +works`));
  const read = (name: string) => readFileSync(`${node.home}/${name}`, 'utf8');
  const bytes = Buffer.from(read('config.yaml'));
  expect(judgeConfig([{ path: 'config.yaml', bytes }])).toMatchObject({ ok: true, notes: [] });
  expect(read('drop-in.conf')).toContain(`--image-credential-provider-bin-dir=${PLUGIN_DIR}`);
  expect(read('drop-in.conf')).toContain(`--image-credential-provider-config=${CONFIG}`);
  const { keyring } = asKubelet(read('answer.json'), image);
  expect(keyring).toEqual([{ username: 'puller', password: PASSWORD }]);
});
