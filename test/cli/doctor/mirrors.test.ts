import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { coverage } from '../../../src/cli/doctor/coverage.ts';
import { mirrors } from '../../../src/cli/doctor/mirrors.ts';
import { registriesConf } from '../../../src/cli/doctor/registries-conf.ts';
import { type Authority, createAuthority } from '../../../src/demo/certificates.ts';
import * as faults from '../../../src/demo/faults.ts';
import { htpasswdFor } from '../../../src/demo/htpasswd.ts';
import { Registry } from '../../../src/demo/registry.ts';
import { expectChange, expectMending, findingIn, healthyNode, look } from '../../support/doctor.ts';
import { writeNodeFile } from '../../support/node-trees.ts';

const CONF = '/etc/containers/registries.conf';

function mirrored(location: string, rest = ''): string {
  return `[[registry]]\nlocation = "docker.io"\n[[registry.mirror]]\nlocation = "${location}"\n${rest}`;
}

describe('registries-conf', () => {
  test('that is broken is told with its place on the node', async () => {
    using node = await healthyNode();
    writeNodeFile(node.path, CONF, '[[registry]\n');
    await expectChange(
      node.path,
      registriesConf,
      {
        verdict: 'broken',
        text: /^CRI-O refuses \/etc\/containers\/registries\.conf:1:1\d: /,
        change: /./,
      },
      () => writeNodeFile(node.path, CONF, mirrored('m.example')),
    );
  });

  test.each([
    [
      'is missing',
      () => undefined,
      `there is neither ${CONF} nor a drop-in, so nothing is mirrored`,
    ],
    [
      'mirrors nothing',
      () => '[[registry]]\nlocation = "a.example"\n',
      `no entry of ${CONF} has a mirror`,
    ],
  ])('that %s is told with how to write one', async (_, content, text) => {
    using node = await healthyNode();
    rmSync(join(node.path, CONF));
    const written = content();
    if (written !== undefined) writeNodeFile(node.path, CONF, written);
    await expectChange(
      node.path,
      registriesConf,
      {
        verdict: 'warning',
        text,
        change: /^write one: "pullkey install --mirror docker\.io=HOST:PORT" adds a drop-in$/,
      },
      () => writeNodeFile(node.path, CONF, mirrored('m.example')),
    );
  });

  test('with what is seldom meant is told with the advice', async () => {
    using node = await healthyNode();
    writeNodeFile(node.path, CONF, mirrored('mirror.example.com', 'insecure = true\n'));
    await expectChange(
      node.path,
      registriesConf,
      {
        verdict: 'warning',
        text: `${CONF}:5:1: insecure = true for mirror.example.com`,
        change: /remove it$/,
      },
      () => writeNodeFile(node.path, CONF, mirrored('mirror.example.com')),
    );
  });
});

describe('match-images', () => {
  test('that leave a mirrored prefix out are completed by the command that is told', async () => {
    using node = await healthyNode();
    const second =
      '[[registry]]\nlocation = "quay.io/team"\n[[registry.mirror]]\nlocation = "m.example"\n';
    writeNodeFile(node.path, '/etc/containers/registries.conf.d/10-quay.conf', second);
    await expectMending(node.path, coverage, {
      verdict: 'warning',
      text: 'no matchImages entry of crio-credential-provider covers quay.io/team, so its mirrors get no credentials',
      command: /^pullkey install/,
    });
  });

  test('that nearly cover a prefix are named', async () => {
    using node = await healthyNode();
    const config = join(node.path, '/etc/kubernetes/credential-provider-config.yaml');
    writeFileSync(config, readFileSync(config, 'utf8').replace('docker.io', 'a.example'));
    writeNodeFile(node.path, CONF, mirrored('m.example').replace('docker.io', 'a.example:5000'));
    findingIn(await look(node.path, coverage), {
      verdict: 'warning',
      text: /covers a\.example:5000, so its mirrors get no credentials \(a\.example: .*port/,
    });
  });
});

describe('mirrors', () => {
  let authority: Authority;
  let open: Registry;
  let closed: Registry;
  let secure: Registry;
  beforeAll(async () => {
    authority = await createAuthority('mirrors');
    open = Registry.start({});
    closed = Registry.start({ htpasswd: await htpasswdFor({ u: 'p' }) });
    secure = Registry.start({ certificate: await authority.issue() });
  });
  afterAll(() => Promise.all([open.stop(), closed.stop(), secure.stop()]));

  const asking = { flags: { probe: true } };

  test.each([
    ['200', () => open],
    ['401', () => closed],
  ])('that answer with %s are reached', async (_, registry) => {
    using node = await healthyNode();
    const { host } = registry();
    writeNodeFile(node.path, CONF, mirrored(`${host}/team`, 'insecure = true\n'));
    expect(await look(node.path, mirrors, asking)).toEqual([
      { check: 'mirrors', verdict: 'ok', text: `${host} answers as a registry` },
    ]);
  });

  test('that are not there are told with what to see to', async () => {
    using node = await healthyNode();
    writeNodeFile(node.path, CONF, mirrored('mirror.invalid'));
    const [found] = await look(node.path, mirrors, asking);
    expect(found).toEqual({
      check: 'mirrors',
      verdict: 'broken',
      text: 'mirror.invalid cannot be reached (no such host)',
      remedy: { change: `see to name, port and firewall, or take the mirror out of ${CONF}` },
    });
  });

  test('whose CA is unknown are trusted once it is where that is told', async () => {
    using node = await healthyNode();
    writeNodeFile(node.path, CONF, mirrored(secure.host));
    const { remedy } = findingIn(await look(node.path, mirrors, asking), {
      verdict: 'broken',
      text: `no TLS connection to ${secure.host} (the certificate is signed by an unknown authority)`,
    });
    const change = remedy !== undefined && 'change' in remedy ? remedy.change : '';
    const [, place = ''] = /^put the CA of its certificate into (\S+)$/.exec(change) ?? [];
    writeNodeFile(node.path, place, authority.certificate);
    expect(await look(node.path, mirrors, asking)).toMatchObject([{ verdict: 'ok' }]);
  });

  test('that speak no TLS are told with the setting for it', async () => {
    using node = await healthyNode();
    writeNodeFile(node.path, CONF, mirrored(open.host));
    const { remedy } = findingIn(await look(node.path, mirrors, asking), {
      verdict: 'broken',
      text: `no TLS connection to ${open.host} (the server does not speak TLS)`,
    });
    expect(remedy).toMatchObject({
      change: `let it speak TLS, or, where it shall not, write insecure = true beside its location in ${CONF}`,
    });
    writeNodeFile(node.path, CONF, mirrored(open.host, 'insecure = true\n'));
    expect(await look(node.path, mirrors, asking)).toMatchObject([{ verdict: 'ok' }]);
  });

  test('that answer as no registry does are told', async () => {
    using node = await healthyNode();
    writeNodeFile(node.path, CONF, mirrored(open.host, 'insecure = true\n'));
    open.faults.always(faults.status(503));
    findingIn(await look(node.path, mirrors, asking), {
      verdict: 'warning',
      text: `${open.host} answers with 503, which is no answer of a registry to pulls`,
    });
    open.faults.clear();
  });

  test('with a certificate that cannot be read are told', async () => {
    using node = await healthyNode();
    writeNodeFile(node.path, CONF, mirrored(secure.host));
    writeNodeFile(node.path, `/etc/containers/certs.d/${secure.host}/client.cert`, 'x');
    findingIn(await look(node.path, mirrors, asking), {
      verdict: 'broken',
      text: `${secure.host} cannot be asked: cannot read the registry certificate`,
    });
    writeFileSync(join(node.path, CONF), '');
    expect(await look(node.path, mirrors, asking)).toEqual([]);
  });
});
