import { expect } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { createAuthority } from '../../src/demo/certificates.ts';
import { deadlineIn } from '../../src/diagnostics/deadline.ts';
import { ApiClient } from '../../src/kubernetes/client.ts';
import { directExchange } from '../../src/kubernetes/direct-exchange.ts';
import { discoverApiServer } from '../../src/kubernetes/discovery.ts';
import { getPullSecrets, listPullSecrets } from '../../src/kubernetes/secrets.ts';
import { readServiceAccount } from '../../src/kubernetes/service-accounts.ts';
import { anyJson, anyText, damaged } from './arbitraries.ts';
import { MARKER, type Property, property, unlessRefused } from './property.ts';

/** What a server may answer: right kinds with wrong content, other kinds, no JSON at all. */
const answer: fc.Arbitrary<string> = fc.oneof(
  anyText,
  anyJson.map((one) => JSON.stringify(one) ?? ''),
  fc
    .record(
      {
        kind: fc.constantFrom('SecretList', 'Secret', 'ServiceAccount', 'Status', 7),
        items: fc.oneof(anyJson, fc.array(anyJson)),
        metadata: fc.oneof(anyJson, fc.record({ name: anyText, annotations: anyJson })),
        imagePullSecrets: fc.oneof(anyJson, fc.array(fc.record({ name: anyJson }))),
        data: anyJson,
        type: anyJson,
        message: anyJson,
      },
      { requiredKeys: ['kind'] },
    )
    .map((one) => JSON.stringify(one)),
);

const authority = await createAuthority('fuzz');
const certificateAuthority = authority.certificate;
const { certificate, key } = await authority.issue();

const status = fc.constantFrom(200, 200, 200, 201, 204, 400, 403, 404, 410, 418, 301);

/** Answers whatever is asked with one thing, until it is stopped. */
async function withServer(
  [body, code]: readonly [string, number],
  use: (client: ApiClient) => Promise<void>,
): Promise<void> {
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    development: false,
    tls: { cert: certificate, key },
    fetch: () => new Response(code === 204 ? null : body, { status: code }),
  });
  const place = { url: `https://127.0.0.1:${server.port}`, host: 'server', certificateAuthority };
  try {
    await use(new ApiClient(place, { token: MARKER }, deadlineIn(20_000), directExchange));
  } finally {
    await server.stop(true);
  }
}

const KUBECONFIG = `apiVersion: v1
kind: Config
clusters:
- {name: c, cluster: {server: "https://api.example:6443", certificate-authority-data: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t}}
contexts:
- {name: x, context: {cluster: c, user: u}}
current-context: x
users:
- {name: u, user: {token: ${MARKER}}}
`;

async function discover(kubeconfig: string, envFile: string): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'pullkey-fuzz-'));
  try {
    writeFileSync(`${directory}/kubeconfig`, kubeconfig);
    writeFileSync(`${directory}/apiserver-url.env`, envFile);
    const found = await unlessRefused(() =>
      discoverApiServer({
        kubeconfig: `${directory}/kubeconfig`,
        kubernetesConfigDir: directory,
        skipTlsVerify: false,
        parentPid: () => process.pid,
      }),
    );
    if (found !== undefined) expect(new URL(found.url).protocol).toBe('https:');
  } finally {
    rmSync(directory, { recursive: true });
  }
}

export const ANSWER_PROPERTIES: readonly Property[] = [
  property(
    'any answer of the API server is read or refused',
    fc.tuple(answer, status),
    (answered) =>
      withServer(answered, async (client) => {
        await unlessRefused(() => listPullSecrets(client, 'default'));
        await unlessRefused(() => getPullSecrets(client, 'default', ['a']));
        await unlessRefused(() => readServiceAccount(client, 'default', 'a'));
      }),
    10,
  ),

  property(
    'any kubeconfig and apiserver-url.env give an https server or are refused',
    fc.tuple(
      fc.oneof(anyText, damaged(fc.constant(KUBECONFIG))),
      fc.oneof(
        anyText,
        fc
          .tuple(anyText, anyText)
          .map(
            ([host, port]) => `KUBERNETES_SERVICE_HOST=${host}\nKUBERNETES_SERVICE_PORT=${port}\n`,
          ),
      ),
    ),
    ([kubeconfig, envFile]) => discover(kubeconfig, envFile),
    3,
  ),
];
