import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { writeFileSync } from 'node:fs';
import { ApiServer } from '../../../src/demo/api-server.ts';
import {
  type Authority,
  type CertificateRequest,
  createAuthority,
} from '../../../src/demo/certificates.ts';
import { slow } from '../../../src/demo/faults.ts';
import { type Diagnosis, diagnose, type Viewpoint } from '../../support/cluster-doctor.ts';
import { KUBEADM_DEB, nodeTree } from '../../support/node-trees.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const HOUR_MS = 60 * 60 * 1000;
const OTHERS = ['clock', 'api-server-version', 'identity', 'token-audience', 'node-tokens'];

let authority: Authority;
let server: ApiServer;
let directory: ReturnType<typeof temporaryDirectory>;
beforeAll(async () => {
  authority = await createAuthority('kubernetes');
  server = await ApiServer.start({ authority });
  directory = temporaryDirectory();
});
afterAll(async () => {
  await server.stop();
  directory[Symbol.dispose]();
});

function file(name: string, text: string): string {
  writeFileSync(`${directory.path}/${name}`, text);
  return `${directory.path}/${name}`;
}

/** Nothing else is said of a server that is not reached. */
function expectUnreached(found: Diagnosis): void {
  for (const check of OTHERS) {
    expect(found.of(check)).toEqual(['unknown: not seen, because the API server is not reached']);
  }
}

describe('an API server that answers', () => {
  const verified = async (view?: Viewpoint) => (await diagnose(server, view)).of('api-server');

  test('is told with its CA, and the files that both are from', async () => {
    expect(await verified()).toEqual([
      'ok: API answers, verified by CN=kubernetes; both are from /kubeconfig',
    ]);
    const certificateAuthority = file('ca.crt', authority.certificate);
    const flags = { certificateAuthority, apiServer: server.url };
    expect(await verified({ flags })).toEqual([
      `ok: API of --api-server answers, verified by CN=kubernetes in ${certificateAuthority}`,
    ]);
  });

  test('is not verified where a flag says so, and works without that flag', async () => {
    const found = await diagnose(server, { flags: { insecureSkipTlsVerify: true } });
    expect(found.of('api-server')).toEqual([
      'warning: API of /kubeconfig answers, and is not verified: with --insecure-skip-tls-verify pods’ tokens go to whoever answers',
    ]);
    expect(found.remedyOf('api-server')).toStartWith("take that flag out of the provider's args");
  });
});

describe('a certificate is refused that', () => {
  async function refused(certificate: CertificateRequest) {
    await using other = await ApiServer.start({ authority, certificate });
    const found = await diagnose(other);
    expectUnreached(found);
    expect(other.log.entries).toEqual([]);
    return found;
  }
  const near = (offset: number) => new Date(Date.now() + offset);
  const day = (date: Date) => date.toISOString().slice(0, 10);

  test('is signed by another CA, also by one of the same name', async () => {
    for (const name of ['other', 'kubernetes']) {
      const { certificate } = await createAuthority(name);
      const certificateAuthority = file('other.crt', certificate);
      const found = await diagnose(server, { flags: { certificateAuthority } });
      const held = name === 'other' ? 'CN=other' : 'another CA of that name';
      expect(found.of('api-server')).toEqual([
        `broken: API shows a certificate signed by CN=kubernetes, and ${certificateAuthority} holds ${held}`,
      ]);
      expect(found.remedyOf('api-server')).toContain('--certificate-authority FILE');
      expectUnreached(found);
    }
    const certificateAuthority = file('ca.crt', authority.certificate);
    const mended = await diagnose(server, { flags: { certificateAuthority } });
    expect(mended.of('api-server')[0]).toStartWith('ok: ');
  });

  test('has expired', async () => {
    const date = near(-HOUR_MS);
    const found = await refused({ notAfter: date });
    expect(found.of('api-server')[0]).toStartWith(
      `broken: the certificate of API has expired on ${day(date)}T`,
    );
    expect(found.remedyOf('api-server')).toContain('kubeadm certs renew apiserver');
  });

  test('is not valid yet', async () => {
    const date = near(HOUR_MS);
    const found = await refused({ notBefore: date });
    expect(found.of('api-server')[0]).toStartWith(
      `broken: the certificate of API is not valid before ${day(date)}T`,
    );
    expect(found.remedyOf('api-server')).toContain('set this clock');
  });

  test('is for other names, until one of these is used', async () => {
    await using other = await ApiServer.start({
      authority,
      certificate: { hosts: ['localhost', 'api.example.com'] },
    });
    const found = await diagnose(other);
    expect(found.of('api-server')).toEqual([
      'broken: the certificate of API is for localhost, api.example.com, and not for 127.0.0.1',
    ]);
    const apiServer = /--api-server (\S+?),/.exec(found.remedyOf('api-server'))?.[1];
    expect(apiServer).toBe(`https://localhost:${new URL(other.url).port}`);
    const mended = await diagnose(other, { flags: { apiServer } });
    expect(mended.of('api-server')[0]).toStartWith('ok: ');
  });
});

describe('an API server is not reached that', () => {
  test('is not there', async () => {
    const found = await diagnose(server, { flags: { apiServer: 'https://127.0.0.1:1' } });
    expect(found.of('api-server')).toEqual([
      'broken: nothing listens at https://127.0.0.1:1 of --api-server (ECONNREFUSED)',
    ]);
    expect(found.remedyOf('api-server')).toContain('start the API server, or correct the address');
    expectUnreached(found);
  });

  test('has a name that nobody knows', async () => {
    const found = await diagnose(server, { flags: { apiServer: 'api.invalid:6443' } });
    expect(found.of('api-server')[0]).toStartWith('broken: cannot reach the API server');
    expect(found.remedyOf('api-server')).toContain('check that it runs and that --api-server');
  });

  test('does not answer in time', async () => {
    server.faults.always(slow(60_000));
    const found = await diagnose(server, { flags: { timeout: '1s' } });
    server.faults.clear();
    expect(found.of('api-server')[0]).toEndWith('did not answer within the 1 s');
    expectUnreached(found);
  });
});

describe('without a usable kubeconfig', () => {
  const without = { kubeconfig: undefined } as const;

  test('nothing but that is said, and with kubectl’s all is seen', async () => {
    const found = await diagnose(server, { flags: without });
    expect(found.findings).toEqual([
      {
        check: 'api-server',
        verdict: 'unknown',
        text: 'no cluster is at hand: there is neither a kubelet’s nor kubectl’s kubeconfig',
        remedy: { change: 'name one: --kubeconfig FILE' },
      },
    ]);
    const KUBECONFIG = file('config', server.kubeconfig());
    const mended = await diagnose(server, { flags: without, environment: { KUBECONFIG } });
    expect(mended.of('identity')).toEqual([`ok: asks as admin of ${KUBECONFIG}`]);
  });

  test('a workstation does not know', async () => {
    const found = await diagnose(server, { flags: without, environment: { KUBECONFIG: '/no' } });
    expect(found.of('api-server')).toEqual([
      'unknown: $KUBECONFIG names /no, which does not exist',
    ]);
  });

  test('a node’s plugin would fail, and the one that was named must be usable', async () => {
    const flags = { kubeconfig: '/no/such' };
    const remedy = { change: "give --kubeconfig the kubelet's own" };
    const text = '"/no/such" does not exist';
    expect((await diagnose(server, { flags })).findings).toEqual([
      { check: 'api-server', verdict: 'broken', text, remedy },
    ]);
    using node = nodeTree(KUBEADM_DEB);
    expect((await diagnose(server, { flags, root: node.path })).findings).toEqual([
      { check: 'api-server', verdict: 'broken', text, remedy },
    ]);
  });
});
