import { DEMO_IMAGE, DEMO_POD, DemoCluster, OTHER_TENANT, TENANT } from './demo-cluster.ts';
import { explainPull } from './demo-explanation.ts';
import { type DemoPull, pullAsNode } from './demo-pull.ts';

type Print = (text: string) => void;

/**
 * Shows the plugin's job to a person: one namespace pulls through the mirror, the other is refused by
 * it, and told why. False where it came out otherwise. With `untilStopped`, the node then stays that long.
 */
export async function demonstrate(
  print: Print,
  untilStopped?: () => Promise<void>,
): Promise<boolean> {
  const accesses: string[] = [];
  await using cluster = await DemoCluster.start((line) => accesses.push(line));
  print(setting(cluster));
  const good = await pullAsNode(cluster, TENANT);
  print(told(TENANT, good, cluster, accesses.splice(0)));
  const bad = await pullAsNode(cluster, OTHER_TENANT);
  print(told(OTHER_TENANT, bad, cluster, accesses.splice(0)));
  const why = await explainPull(cluster, OTHER_TENANT);
  print(`\n$ pullkey ${why.command.join(' ')}\n${withoutDirectory(why.answer, cluster)}`);
  if (untilStopped !== undefined) {
    print(invitation(cluster));
    await untilStopped();
  }
  const isRefused = !bad.isPulled && bad.reason.includes('unauthorized');
  return good.isPulled && isRefused && why.isNo;
}

function invitation({ credentialProviderConfig }: DemoCluster): string {
  const flag = `--credential-provider-config=${credentialProviderConfig}`;
  return `
The node stays until you press Ctrl-C. In another terminal, try

  pullkey explain ${DEMO_IMAGE} -n ${OTHER_TENANT} --probe ${flag}
  pullkey explain pod ${TENANT}/${DEMO_POD} --html pull.html ${flag}

`;
}

function setting({ registry, server }: DemoCluster): string {
  return `A node, made for this demo and gone after it:
  registries.conf    docker.io is mirrored by ${registry.host}; docker.io itself is out of reach
  mirror             ${registry.host}, asks for a password
  API server         ${server.url}
  namespace ${TENANT}   Secret mirror-pull: user myuser for ${registry.host}
  namespace ${OTHER_TENANT}   Secret quay-pull: user someone for quay.io
`;
}

function told(
  namespace: string,
  pull: DemoPull,
  cluster: DemoCluster,
  accesses: readonly string[],
): string {
  const result = pull.isPulled
    ? `PULLED ${DEMO_IMAGE} through the mirror with the credential of ${namespace}`
    : `REFUSED by the mirror: ${pull.reason}`;
  return `
A pod in namespace ${namespace} wants ${DEMO_IMAGE}
  crio-credential-provider, started by the kubelet, says:
${indented(shortened(pull.pluginLog, cluster))}
  The mirror saw, from ${pull.client} in the place of CRI-O:
${indented(accesses.map(withoutDetail))}
  ${result}
`;
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `    ${line}`).join('\n');
}

/** From the first decision on, without the temporary directory's name and with digests cut. */
function shortened(lines: readonly string[], cluster: DemoCluster): string[] {
  const start = lines.findIndex((line) => line.startsWith('Got mirror(s)'));
  return lines
    .slice(Math.max(start, 0))
    .map((line) => withShortDigest(withoutDirectory(line, cluster)));
}

function withoutDirectory(text: string, { directory }: DemoCluster): string {
  return text.replaceAll(directory, '…');
}

/** An access log line without time, size and client's version. */
function withoutDetail(line: string): string {
  const brief = line.replace(/ - (\S+) \[[^\]]*\] "([A-Z]+ \S+)[^"]*" (\d+) .*$/, ' $1: $2 → $3');
  return withShortDigest(brief);
}

function withShortDigest(text: string): string {
  return text.replace(/([0-9a-f]{8})[0-9a-f]{56}/g, '$1…');
}
