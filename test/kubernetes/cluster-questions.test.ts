import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { ApiServer } from '../../src/demo/api-server.ts';
import { createAuthority } from '../../src/demo/certificates.ts';
import { body, endless, wrongKind } from '../../src/demo/faults.ts';
import { deadlineIn } from '../../src/diagnostics/deadline.ts';
import {
  isAllowed,
  isSelfAllowed,
  nodeSubject,
  serviceAccountSubject,
  whoAmI,
} from '../../src/kubernetes/access-reviews.ts';
import { apiServerAudiences } from '../../src/kubernetes/audiences.ts';
import { ApiClient } from '../../src/kubernetes/client.ts';
import { someNode } from '../../src/kubernetes/nodes.ts';
import { authorityNames, peerCertificate } from '../../src/kubernetes/peer-certificate.ts';
import { listPods } from '../../src/kubernetes/pods.ts';
import { askServer } from '../../src/kubernetes/server-answer.ts';
import { listServiceAccounts } from '../../src/kubernetes/service-accounts.ts';

const LIST = { verb: 'list', resource: 'secrets', namespace: 'team-a' };

let server: ApiServer;
beforeAll(async () => {
  server = await ApiServer.start({ audiences: ['https://one', 'https://two'] });
  server.issueToken({ namespace: 'team-a', serviceAccount: 'app', pod: 'web', node: 'n1' });
  server.issueToken({ namespace: 'team-a', serviceAccount: 'app', pod: 'else', node: 'n2' });
  server.issueToken({ namespace: 'team-b', serviceAccount: 'app', pod: 'other', node: 'n1' });
});
afterAll(() => server.stop());
afterEach(() => server.faults.clear());

function clientFor(token = server.adminToken): ApiClient {
  return new ApiClient(placeOf(server), { token }, deadlineIn(10_000));
}

function placeOf({ url, certificateAuthority }: ApiServer) {
  return { url, host: 'api', certificateAuthority };
}

describe('rights', () => {
  test('are those of whom they are asked for', async () => {
    const app = serviceAccountSubject('team-a', 'app');
    expect(await isAllowed(clientFor(), app, LIST)).toBe(false);
    server.permissions.allowPullSecrets('team-a', 'app');
    expect(await isAllowed(clientFor(), app, LIST)).toBe(true);
    expect(await isAllowed(clientFor(), serviceAccountSubject('team-b', 'app'), LIST)).toBe(false);
    expect(
      await isAllowed(clientFor(), nodeSubject('n1'), { verb: 'list', resource: 'pods' }),
    ).toBe(true);
    expect(await isSelfAllowed(clientFor(server.tokens.issueForNode('n1')), LIST)).toBe(false);
    expect(await isSelfAllowed(clientFor(), LIST)).toBe(true);
  });

  test('belong to somebody', async () => {
    const { user, groups } = await whoAmI(clientFor(server.tokens.issueForNode('n1')));
    expect(user).toBe(nodeSubject('n1').user);
    expect([...groups].sort()).toEqual([...nodeSubject('n1').groups].sort());
  });

  test('are not read out of something else', async () => {
    server.faults.always(wrongKind);
    const expected = 'is answered with a "Banana", not a ';
    await expect(isSelfAllowed(clientFor(), LIST)).rejects.toThrow(`${expected}SelfSubjectAccess`);
    await expect(whoAmI(clientFor())).rejects.toThrow(`${expected}SelfSubjectReview`);
    server.faults.always(body('{"kind":"SelfSubjectAccessReview","status":{"allowed":"yes"}}'));
    await expect(isSelfAllowed(clientFor(), LIST)).rejects.toThrow('SelfSubjectAccessReview');
  });
});

describe('lists', () => {
  test('of pods are those of a namespace and a node', async () => {
    const names = async (where: object) =>
      (await listPods(clientFor(), where)).map(({ namespace, name }) => `${namespace}/${name}`);
    expect(await names({ namespace: 'team-a' })).toEqual(['team-a/else', 'team-a/web']);
    expect(await names({ node: 'n1' })).toEqual(['team-a/web', 'team-b/other']);
    expect(await names({ namespace: 'team-a', node: 'n1' })).toEqual(['team-a/web']);
  });

  test('of service accounts tell what each says of pulls', async () => {
    const metadata = { name: 'named', namespace: 'team-a', annotations: { a: 'b' } };
    const imagePullSecrets = [{ name: 'one' }];
    server.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata, imagePullSecrets });
    const found = await listServiceAccounts(clientFor(), 'team-a');
    expect([...found.keys()]).toEqual(['app', 'default', 'named']);
    expect(found.get('named')).toEqual({
      annotations: new Map([['a', 'b']]),
      imagePullSecrets: ['one'],
    });
  });

  test('of nodes give one', async () => {
    expect(await someNode(clientFor())).toBe('n1');
    server.faults.always(body('{"kind":"NodeList","items":[{"metadata":{"name":"../x"}}]}'));
    expect(await someNode(clientFor())).toBeUndefined();
  });

  test('are not read out of something else', async () => {
    server.faults.always(wrongKind);
    await expect(listPods(clientFor(), {})).rejects.toThrow('not a PodList');
    await expect(listServiceAccounts(clientFor(), 'a')).rejects.toThrow('not a ServiceAccountList');
    await expect(someNode(clientFor())).rejects.toThrow('not a NodeList');
  });
});

test('the audiences are those of a token without a wish', async () => {
  const account = { namespace: 'team-a', serviceAccount: 'app' };
  expect(await apiServerAudiences(clientFor(), account)).toEqual(['https://one', 'https://two']);
  const claims = Buffer.from(JSON.stringify({ 'kubernetes.io': { namespace: 'a' } }));
  const token = `x.${claims.toString('base64url')}.y`;
  server.faults.always(body(JSON.stringify({ kind: 'TokenRequest', status: { token } })));
  await expect(apiServerAudiences(clientFor(), account)).rejects.toThrow('without an audience');
});

describe('a server answers', () => {
  const ask = (token?: string) =>
    askServer(placeOf(server), token === undefined ? undefined : { token }, deadlineIn(5_000));

  test('with its version and time, to anybody', async () => {
    const { status, version, clockOffset } = await ask();
    expect({ status, version }).toEqual({ status: 200, version: 'v1.34.0+stand-in' });
    expect(Math.abs(clockOffset ?? Number.NaN)).toBeLessThan(60_000);
  });

  test('whether it knows who asks', async () => {
    expect((await ask(server.adminToken)).status).toBe(200);
    expect(await ask('x')).toMatchObject({ status: 401, version: undefined });
  });

  test('with a body that is not read to its end', async () => {
    server.faults.always(endless);
    expect(await ask()).toMatchObject({ status: 200, version: undefined });
  });
});

describe('a certificate', () => {
  test('is seen without being trusted', async () => {
    const authority = await createAuthority('somebody');
    const hosts = ['api.example.com', '10.0.0.1'];
    await using other = await ApiServer.start({ authority, certificate: { hosts } });
    const found = await peerCertificate(placeOf(other), deadlineIn(5_000));
    expect(found).toMatchObject({ issuer: 'CN=somebody', names: hosts });
    expect(found?.notAfter.getTime()).toBeGreaterThan(Date.now());
    expect(authorityNames(authority.certificate + server.certificateAuthority)).toEqual([
      'CN=somebody',
      'CN=kubernetes',
    ]);
  });

  test('is not there where nobody shows one', async () => {
    const silent = Bun.listen({
      hostname: '127.0.0.1',
      port: 0,
      socket: { data: () => undefined },
    });
    for (const port of [silent.port, 1]) {
      const place = { url: `https://127.0.0.1:${port}`, host: 'x' };
      expect(await peerCertificate(place, deadlineIn(300))).toBeUndefined();
    }
    silent.stop(true);
    expect(
      authorityNames('-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----'),
    ).toBeUndefined();
  });
});
