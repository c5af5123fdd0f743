import { describe, expect, test } from 'bun:test';
import { readFileSync, writeFileSync } from 'node:fs';
import { accessLogLine } from '../src/demo/access-log.ts';
import { Cluster } from './support/cluster.ts';
import { printsAsDocumented } from './support/console-blocks.ts';
import { requestText, TestNode } from './support/node.ts';
import { renderedObjects } from './support/rendered-objects.ts';
import { expectSurvived, tryOut } from './support/trial.ts';

const ROOT = new URL('../', import.meta.url).pathname;
const REGISTRY = '--registry localhost:5000 --username myuser';

/** A page's walk: what it renders for the tenant, and what else its node has. */
interface Walk {
  readonly page: string;
  readonly lines: readonly string[];
  /** As the kubelet's configuration of that walk passes them. */
  readonly annotations?: object;
  readonly globalEntries: number;
}

const WALKS: readonly Walk[] = [
  {
    page: 'docs/kubernetes.md',
    lines: [`manifests --namespace team-a ${REGISTRY}`],
    annotations: { 'pullkey.dev/pull-secrets': 'mirror-pull' },
    globalEntries: 0,
  },
  {
    page: 'docs/openshift.md',
    lines: ['manifests --namespace team-a', `pull-secret --namespace team-a ${REGISTRY}`],
    globalEntries: 7,
  },
];

/** The lines of a page's `text` block with a piece of text in it. */
function documentedLog(page: string, piece: string): readonly string[] {
  const blocks = readFileSync(ROOT + page, 'utf8').matchAll(/^( *)```text\n([\s\S]*?)^ *```$/gm);
  for (const [, indent = '', text = ''] of blocks) {
    if (!text.includes(piece)) continue;
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => line.slice(indent.length));
  }
  throw new Error(`${page} shows no log with ${piece}`);
}

/** The log of the first pull of a pod in that walk, with the paths of a real node. */
async function logOf({ lines, annotations, globalEntries }: Walk): Promise<string> {
  await using node = await TestNode.start();
  writeFileSync(`${node.root}/kubeconfig`, node.server.kubeconfig());
  const cluster = Cluster.at(`${node.root}/kubeconfig`);
  for (const object of lines.flatMap(renderedObjects)) await cluster.create(object);
  const entries = Array.from({ length: globalEntries }, (_, index) => [
    `r${index}.io`,
    { auth: 'YTpi' },
  ]);
  const auths = Object.fromEntries(entries);
  writeFileSync(node.globalAuthFile, JSON.stringify({ auths }));
  const token = await cluster.token('team-a', 'default');
  const request = requestText({ image: 'docker.io/library/nginx', token, annotations });
  const log = expectSurvived(await tryOut(node, request)).map((line) => `${line}\n`);
  return log
    .join('')
    .replaceAll(node.authDir, '/etc/crio/auth')
    .replaceAll(node.registriesConf, '/etc/containers/registries.conf');
}

describe.each(WALKS.map((walk) => [walk.page, walk] as const))('%s', (page, walk) => {
  test('shows the log of the plugin', async () => {
    const documented = documentedLog(page, 'Running credential provider');
    const log = await logOf(walk);
    expect({ log, matches: printsAsDocumented(log, documented) }).toEqual({ log, matches: true });
  });

  test('shows the access log of the registry', () => {
    const line = accessLogLine(
      {
        time: new Date(),
        client: '127.0.0.1',
        user: 'myuser',
        method: 'GET',
        path: '/v2/library/nginx/manifests/latest',
        status: 200,
        userAgent: 'cri-o/1.34.0 go/go1.25.0 os/linux arch/amd64',
      },
      1958,
    );
    expect(printsAsDocumented(`${line}\n`, documentedLog(page, 'GET /v2'))).toBe(true);
  });
});
