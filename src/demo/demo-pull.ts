import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DEMO_IMAGE, type DemoCluster } from './demo-cluster.ts';
import { pullImage, takeAuthFile } from './pull-client.ts';

/** What the plugin said and what CRI-O's part then got. */
export interface DemoPull {
  readonly answer: string;
  readonly pluginLog: readonly string[];
  /** Who pulled: skopeo, or the client built in. */
  readonly client: string;
  /** Whether the image arrived; if not, `reason` holds the mirror's words. */
  readonly isPulled: boolean;
  readonly reason: string;
}

interface Pulled {
  readonly isPulled: boolean;
  readonly reason: string;
}

/** Pulls the demo's image for a namespace: kubelet, plugin and CRI-O's part, one after the other. */
export async function pullAsNode(cluster: DemoCluster, namespace: string): Promise<DemoPull> {
  const { stdout, stderr } = await runPlugin(cluster, namespace);
  const authFile = await takeAuthFile(cluster.authDir, namespace, DEMO_IMAGE);
  const skopeo = Bun.which('skopeo');
  const pulled =
    skopeo === null
      ? await pullWithBuiltIn(cluster, authFile)
      : await pullWithSkopeo(skopeo, cluster, authFile);
  if (authFile !== undefined) await rm(authFile);
  return {
    answer: stdout.trim(),
    pluginLog: stderr.trim().split('\n'),
    client: skopeo === null ? 'the built-in client' : 'skopeo',
    ...pulled,
  };
}

async function runPlugin(cluster: DemoCluster, namespace: string) {
  const plugin = Bun.spawn([process.execPath, ...cluster.flags], {
    argv0: 'crio-credential-provider',
    stdin: new TextEncoder().encode(cluster.request(namespace)),
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [stdout, stderr] = await Promise.all([plugin.stdout.text(), plugin.stderr.text()]);
  return { stdout, stderr };
}

async function pullWithBuiltIn(
  { registry }: DemoCluster,
  authFile: string | undefined,
): Promise<Pulled> {
  const sources = [
    { reference: `${registry.host}/library/nginx:latest`, insecure: true },
    { reference: 'upstream.invalid/library/nginx:latest', insecure: false },
  ];
  const { pulled, attempts } = await pullImage({ image: DEMO_IMAGE, sources, authFile });
  return { isPulled: pulled !== undefined, reason: attempts[0]?.outcome ?? 'no attempt' };
}

/** The library that CRI-O uses, reading our auth file. */
async function pullWithSkopeo(
  skopeo: string,
  cluster: DemoCluster,
  authFile: string | undefined,
): Promise<Pulled> {
  const home = join(cluster.directory, 'home');
  await mkdir(home, { recursive: true });
  const copy = Bun.spawn(
    [
      ...[skopeo, '--registries-conf', cluster.registriesConf, '--insecure-policy', 'copy'],
      ...['--authfile', authFile ?? join(home, 'none.json')],
      ...[`docker://${DEMO_IMAGE}:latest`, `dir:${join(home, 'image')}`],
    ],
    {
      env: { HOME: home, PATH: '/usr/bin:/bin' },
      stdin: 'ignore',
      stdout: 'ignore',
      stderr: 'pipe',
    },
  );
  const stderr = await copy.stderr.text();
  const isPulled = (await copy.exited) === 0;
  return { isPulled, reason: isPulled ? '200' : mirrorReason(stderr, cluster.registry.host) };
}

/** skopeo tells of the mirrors in brackets, and of the unreachable primary last. */
function mirrorReason(stderr: string, mirror: string): string {
  const escaped = mirror.replaceAll('.', '\\.');
  const found = new RegExp(`in ${escaped}/library/nginx: ([^\\]\\\\]+)\\]`).exec(stderr);
  return found?.[1] ?? stderr.trim();
}
