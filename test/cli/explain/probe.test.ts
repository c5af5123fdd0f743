import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { type Authority, createAuthority } from '../../../src/demo/certificates.ts';
import * as faults from '../../../src/demo/faults.ts';
import { htpasswdFor } from '../../../src/demo/htpasswd.ts';
import { Registry } from '../../../src/demo/registry.ts';
import { type Explained, explain } from '../../support/explain.ts';
import { auth, pullSecret, TestNode } from '../../support/node.ts';

const HUB = 'docker.io/library/nginx';

let node: TestNode;
let authority: Authority;
let basic: Registry;
let bearer: Registry;
let secure: Registry;
let open: Registry;

beforeAll(async () => {
  node = await TestNode.start();
  authority = await createAuthority('registries');
  const htpasswd = await htpasswdFor({ me: 'right', limited: 'right' });
  const rights = { limited: ['other'] };
  const certificate = await authority.issue();
  basic = Registry.start({ htpasswd, rights });
  bearer = Registry.start({ htpasswd, rights, authentication: 'bearer' });
  secure = Registry.start({ htpasswd, certificate });
  open = Registry.start();
  for (const registry of [basic, bearer, secure, open]) registry.seedImage('library/nginx', '1.27');
  node.server.permissions.allowPullSecrets('team-a', 'default');
  node.token('team-a');
});
afterAll(() =>
  Promise.all([node, basic, bearer, secure, open].map((one) => one[Symbol.asyncDispose]())),
);

interface Scene {
  readonly mirrors: readonly Registry[];
  readonly user?: string;
  readonly password?: string;
  readonly image?: string;
  readonly insecure?: boolean;
  readonly flags?: readonly string[];
}

/** Probes the mirrors, all with one user's credential; Docker Hub itself is out of reach. */
async function probed({ mirrors, user, password = 'right', ...rest }: Scene): Promise<Explained> {
  const { image = `${HUB}:1.27`, insecure = true, flags = [] } = rest;
  const entries = mirrors.map(
    ({ host }) => `[[registry.mirror]]\nlocation = "${host}"\ninsecure = ${insecure}\n`,
  );
  writeFileSync(
    node.registriesConf,
    `[[registry]]\nprefix = "docker.io"\nlocation = "upstream.invalid"\n${entries.join('')}`,
  );
  const auths = Object.fromEntries(
    user === undefined ? [] : mirrors.map(({ host }) => [host, auth(user, password)]),
  );
  node.server.apply(pullSecret('team-a', 'pull', auths));
  return explain(node, [image, '-n', 'team-a', '--probe', ...flags]);
}

const answersIn = ({ sentences }: Explained) => sentences.filter((one) => one.includes(' probe: '));
const lastOf = ({ sentences }: Explained) => sentences.at(-1);

describe('each endpoint is asked as CRI-O would, and its answer stands next to it:', () => {
  test.each<[string, () => Registry]>([
    ['by basic authentication', () => basic],
    ['by a bearer token', () => bearer],
  ])('the image is there, %s', async (_, registry) => {
    const explained = await probed({ mirrors: [registry()], user: 'me' });
    expect(answersIn(explained)).toEqual([
      '✓ probe: 200: the image is there',
      '! probe: unreachable (no such host)',
    ]);
    expect(lastOf(explained)).toEndWith('gets its credential, and the image is there');
    expect(explained.code).toBe(0);
  });

  test.each<[string, () => Scene, string, string]>([
    [
      'a wrong password',
      () => ({ mirrors: [basic], user: 'me', password: 'wrong' }),
      '✗ probe: 401: user or password is wrong',
      'refuses the credential (401: user or password is wrong)',
    ],
    [
      'no right to the repository',
      () => ({ mirrors: [basic], user: 'limited' }),
      '✗ probe: 403: the credential has no right to this repository',
      'refuses the credential (403: the credential has no right to this repository)',
    ],
    [
      'no right to the repository, told late',
      () => ({ mirrors: [bearer], user: 'limited' }),
      '✗ probe: 401: the credential has no right to this repository',
      'refuses the credential (401: the credential has no right to this repository)',
    ],
    [
      'no credential, where one is asked for',
      () => ({ mirrors: [basic] }),
      '✗ probe: 401: asks for a credential',
      ', and it asks for one',
    ],
    [
      'no such tag',
      () => ({ mirrors: [basic], user: 'me', image: `${HUB}:2` }),
      '✗ probe: 404: there is no such image or tag',
      'no endpoint gives the image',
    ],
    [
      'a certificate that is not trusted',
      () => ({ mirrors: [secure], user: 'me', insecure: false }),
      '✗ probe: TLS error (the certificate is signed by an unknown authority)',
      'no endpoint gives the image',
    ],
    [
      'plain HTTP that is not said to be insecure',
      () => ({ mirrors: [basic], user: 'me', insecure: false }),
      '✗ probe: TLS error (',
      'no endpoint gives the image',
    ],
  ])('%s', async (_, scene, answer, cause) => {
    const explained = await probed(scene());
    expect(answersIn(explained)[0]).toStartWith(answer);
    expect(explained.sentences.find((one) => one.endsWith(cause))).toStartWith('✗ ');
    expect(explained.code).toBe(1);
  });

  test('an endpoint that is not there', async () => {
    const gone = Registry.start();
    await gone.stop();
    const explained = await probed({ mirrors: [gone, basic], user: 'me' });
    expect(answersIn(explained).slice(0, 2)).toEqual([
      '✗ probe: unreachable (connection refused)',
      '✓ probe: 200: the image is there',
    ]);
    expect(explained.code).toBe(0);
  });

  test('an endpoint that does not answer in time', async () => {
    basic.faults.always(faults.slow(600_000));
    const explained = await probed({ mirrors: [basic], user: 'me', flags: ['--timeout', '2s'] });
    basic.faults.clear();
    expect(answersIn(explained)[0]).toBe('✗ probe: no answer in time');
  });
});

test('an endpoint that gives the image to everybody needs no credential', async () => {
  const explained = await probed({ mirrors: [open] });
  expect(lastOf(explained)).toBe('✓ no endpoint needs a credential');
  expect(explained.code).toBe(0);
});

test('the certificates of certs.d are trusted', async () => {
  const directory = `${node.root}/certs.d`;
  mkdirSync(`${directory}/${secure.host}`, { recursive: true });
  writeFileSync(`${directory}/${secure.host}/ca.crt`, authority.certificate);
  const flags = ['--registry-certs-dir', directory];
  const explained = await probed({ mirrors: [secure], user: 'me', insecure: false, flags });
  expect(answersIn(explained)[0]).toBe('✓ probe: 200: the image is there');
  writeFileSync(`${directory}/${secure.host}/us.cert`, 'without key');
  const broken = await probed({ mirrors: [secure], user: 'me', insecure: false, flags });
  expect(answersIn(broken)[0]).toContain('us.key');
});

test('what CRI-O does not ask is not asked', async () => {
  const conf = '[[registry]]\nlocation = "docker.io"\nblocked = true\n';
  writeFileSync(node.registriesConf, `${conf}[[registry.mirror]]\nlocation = "${basic.host}"\n`);
  basic.log.clear();
  const explained = await explain(node, [HUB, '-n', 'team-a', '--probe']);
  expect(answersIn(explained)).toEqual([]);
  expect(basic.log.entries).toEqual([]);
});
