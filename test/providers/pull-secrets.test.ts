import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { ApiServer } from '../../src/demo/api-server.ts';
import { deadlineIn } from '../../src/diagnostics/deadline.ts';
import { ApiClient } from '../../src/kubernetes/client.ts';
import { readPullSecrets } from '../../src/providers/pull-secrets.ts';
import { secret } from '../support/api-client.ts';

let server: ApiServer;
beforeAll(async () => {
  server = await ApiServer.start();
  server.apply(secret('one', 'team-a'), secret('two', 'team-a'));
});
afterAll(() => server.stop());

/** Reads as a service account of the namespace, whatever the identity says. */
function read(annotation?: string, identity: object = {}) {
  const token = server.issueToken({ namespace: 'team-a', serviceAccount: 'app' });
  const { certificateAuthority, url } = server;
  const client = new ApiClient(
    { url, host: 'api', certificateAuthority },
    { token },
    deadlineIn(30_000),
  );
  const claims = { namespace: 'team-a', serviceAccount: 'app', audiences: [], ...identity };
  return readPullSecrets(client, claims, annotation);
}

describe('without the right to list', () => {
  test('a token that names no service account ends in the list’s refusal', async () => {
    server.log.clear();
    const nameless = read(undefined, { serviceAccount: undefined });
    await expect(nameless).rejects.toThrow(
      'give the service account "NAME" a Role in namespace "team-a" with list on Secrets',
    );
    expect(server.log.entries).toHaveLength(1);
  });
  test('an annotation without a name gives no Secrets, and asks for none', async () => {
    server.log.clear();
    expect(await read(' , ,')).toEqual({ source: 'annotation', secrets: [], skipped: [] });
    expect(server.log.entries).toEqual([]);
  });
  test('a service account’s own Secrets are read, in their order', async () => {
    const metadata = { name: 'app', namespace: 'team-a' };
    const imagePullSecrets = [{ name: 'two' }, { name: 'one' }, { name: 7 }, 'x'];
    server.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata, imagePullSecrets });
    const names = ['app', 'one', 'two'];
    server.permissions.allow({
      subject: { namespace: 'team-a', serviceAccount: 'app' },
      namespace: 'team-a',
      verbs: ['get'],
      resources: ['secrets', 'serviceaccounts'],
      resourceNames: names,
    });
    const { source, secrets } = await read();
    expect({ source, names: secrets.map(({ name }) => name) }).toEqual({
      source: 'service-account',
      names: ['two', 'one'],
    });
  });
});
