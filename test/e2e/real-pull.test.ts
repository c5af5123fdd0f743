import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { rmSync, writeFileSync } from 'node:fs';
import { takeAuthFile } from '../../src/demo/pull-client.ts';
import { Registry } from '../../src/demo/registry.ts';
import {
  type DockerRegistry,
  dockerRegistry,
  startDockerRegistry,
} from '../support/docker-registry.ts';
import { auth, TestNode } from '../support/node.ts';
import { type Finished, realProgram, run } from '../support/real.ts';

const NGINX = 'docker.io/library/nginx';
const skopeo = realProgram('skopeo');
// skopeo is of no use here without the registry, and the other way round.
const realTest = dockerRegistry.path.includes('/') ? skopeo.test : dockerRegistry.test;

let node: TestNode;
let registry: DockerRegistry;

beforeAll(async () => {
  node = await TestNode.start();
  if (realTest === test.skip) return;
  registry = await startDockerRegistry({ alice: 'wonderland', bob: 'builder' });
  await fill(registry.host);
  node.addNamespace('team-a', { [`http://${registry.host}`]: auth('alice', 'wonderland') });
  node.addNamespace('team-b', { [registry.host]: auth('bob', 'wrong') });
  node.addNamespace('team-c', { 'quay.io': auth('alice', 'wonderland') });
  node.addNamespace('team-d', {
    [`${registry.host}/library`]: { username: 'bob', password: 'builder' },
    [registry.host]: auth('alice', 'wrong'),
  });
  node.addNamespace('team-e', {
    '127.0.*.1:*': auth('x', 'x'),
    [wildcard(registry.host)]: auth('alice', 'wonderland'),
  });
});
afterAll(async () => {
  await node[Symbol.asyncDispose]();
  await registry?.stop();
});
beforeEach(() => {
  rmSync(node.globalAuthFile, { force: true });
  if (realTest !== test.skip) writeFileSync(node.registriesConf, unreachableBehind(registry.host));
});

function wildcard(host: string): string {
  return host.replace('127.', '*.');
}

/** The primary cannot be reached, so that an image can only have come from the mirror. */
function unreachableBehind(mirror: string): string {
  return `[[registry]]\nprefix = "docker.io"\nlocation = "upstream.invalid"\n[[registry.mirror]]\nlocation = "${mirror}"\ninsecure = true\n`;
}

async function fill(host: string): Promise<void> {
  await using source = Registry.start();
  source.seedImage('library/nginx');
  const copied = await run(
    [
      ...[
        skopeo.path,
        '--insecure-policy',
        'copy',
        '--src-tls-verify=false',
        '--dest-tls-verify=false',
      ],
      ...['--dest-creds', 'alice:wonderland'],
      ...[`docker://${source.host}/library/nginx`, `docker://${host}/library/nginx`],
    ],
    { home: node.root },
  );
  expect(copied).toMatchObject({ code: 0 });
}

/** The kubelet's and CRI-O's part of a pull, with the library that CRI-O uses. */
async function pull(namespace: string): Promise<Finished> {
  expect(await node.pull(NGINX, namespace)).toMatchObject({ exitCode: 0 });
  const taken = await takeAuthFile(node.authDir, namespace, NGINX);
  return run(
    [
      ...[skopeo.path, '--registries-conf', node.registriesConf, '--insecure-policy', 'copy'],
      ...['--authfile', taken ?? `${node.root}/none.json`],
      ...[`docker://${NGINX}:latest`, `dir:${node.root}/image-${namespace}`],
    ],
    { home: node.root },
  );
}

describe('skopeo, reading our auth file against a real docker-registry', () => {
  realTest('copies the image for the namespace that has the credential', async () => {
    expect(await pull('team-a')).toMatchObject({ code: 0 });
  });
  realTest('is refused by the mirror for a namespace with a wrong password', async () => {
    const { code, stderr } = await pull('team-b');
    expect(code).not.toBe(0);
    expect(stderr).toContain(`in ${registry.host}/library/nginx: unauthorized`);
  });
  realTest('is refused by the mirror for a namespace without a credential for it', async () => {
    const { code, stderr } = await pull('team-c');
    expect(code).not.toBe(0);
    expect(stderr).toContain(`in ${registry.host}/library/nginx: unauthorized`);
  });
  realTest('prefers a credential for the repository to one for the registry', async () => {
    expect(await pull('team-d')).toMatchObject({ code: 0 });
  });
  realTest('finds the credential of a wildcard key', async () => {
    expect(await pull('team-e')).toMatchObject({ code: 0 });
  });
  realTest('never gets the node’s credential before the namespace’s', async () => {
    writeFileSync(
      node.globalAuthFile,
      JSON.stringify({ auths: { [`${registry.host}/library/nginx`]: auth('bob', 'stale') } }),
    );
    expect(await pull('team-a')).toMatchObject({ code: 0 });
  });
  realTest('pulls from where a registry is remapped to', async () => {
    writeFileSync(
      node.registriesConf,
      `[[registry]]\nprefix = "docker.io"\nlocation = "${registry.host}"\ninsecure = true\n`,
    );
    expect(await pull('team-a')).toMatchObject({ code: 0 });
    const refused = await pull('team-c');
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain('unauthorized');
  });
});
