import { chmodSync, writeFileSync } from 'node:fs';
import type { Finding } from '../../src/cli/doctor/check.ts';
import { CLUSTER_CHECKS } from '../../src/cli/doctor/cluster-checks.ts';
import { clusterWorld } from '../../src/cli/doctor/cluster-world.ts';
import { type NodeFlags, nodeWorld } from '../../src/cli/doctor/node-world.ts';
import { runChecks } from '../../src/cli/doctor/run-checks.ts';
import type { ApiServer } from '../../src/demo/api-server.ts';
import { DirectoryTree } from '../../src/node/node-tree.ts';
import { machine } from './doctor.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const ROOT = new URL('../../', import.meta.url).pathname;

/** From where the cluster is looked at. */
export interface Viewpoint {
  /** By default the administrator's. */
  readonly token?: string;
  /** The node's files; without them it is a workstation. */
  readonly root?: string;
  readonly namespace?: string;
  /** As commander makes them of the command line: `apiServer`, `certificateAuthority`, … */
  readonly flags?: NodeFlags;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs the cluster half of `pullkey doctor` in this process; by default with a kubeconfig for the server. */
export async function diagnose(server: ApiServer, view: Viewpoint = {}): Promise<Diagnosis> {
  using directory = temporaryDirectory();
  const kubeconfig = `${directory.path}/kubeconfig`;
  writeFileSync(kubeconfig, server.kubeconfig(view.token));
  const flags: NodeFlags = { kubeconfig, timeout: '20s', ...view.flags };
  // On a workstation no kubelet runs, whatever runs where the tests do.
  const surroundings = { machine: machine({}) };
  const node = nodeWorld(new DirectoryTree(view.root ?? '/'), flags, surroundings);
  const world = clusterWorld(view.namespace, node.plugin, node, view.environment ?? {});
  const findings = await runChecks(CLUSTER_CHECKS, world);
  const shown = JSON.stringify(findings)
    .replaceAll(directory.path, '')
    .replaceAll(server.url, 'API');
  return new Diagnosis(JSON.parse(shown));
}

/** Findings, with the server's address and the kubeconfig's directory left out. */
export class Diagnosis {
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    this.findings = findings;
  }

  /** `verdict: text` of each finding of a check. */
  of(check: string): string[] {
    return this.findings
      .filter((one) => one.check === check)
      .map(({ verdict, text }) => `${verdict}: ${text}`);
  }

  /** The command or change of the one finding of a check that has one. */
  remedyOf(check: string): string {
    const remedies = this.findings.flatMap((one) =>
      one.check === check && one.remedy !== undefined ? [one.remedy] : [],
    );
    const [remedy, ...others] = remedies;
    if (remedy === undefined || others.length > 0) {
      throw new Error(`${check} has ${remedies.length} remedies`);
    }
    return 'command' in remedy ? remedy.command : remedy.change;
  }
}

/** Runs a remedy in a shell, with `pullkey` as it is here and a kubectl of the server's administrator. */
export async function runRemedy(command: string, server: ApiServer): Promise<void> {
  using directory = temporaryDirectory();
  const program = (name: string, script: string) => {
    const path = `${directory.path}/${name}`;
    writeFileSync(path, `#!/bin/sh\nexec '${process.execPath}' '${ROOT}${script}' "$@"\n`);
    chmodSync(path, 0o755);
  };
  program('pullkey', 'src/bin/main.ts');
  program('kubectl', 'test/support/apply-to-server.ts');
  writeFileSync(`${directory.path}/kubeconfig`, server.kubeconfig());
  const shell = Bun.spawn(['bash', '-o', 'pipefail', '-c', command], {
    stdout: 'pipe',
    stderr: 'pipe',
    env: {
      ...process.env,
      PATH: `${directory.path}:${process.env['PATH'] ?? ''}`,
      KUBECONFIG: `${directory.path}/kubeconfig`,
    },
  });
  const stderr = await shell.stderr.text();
  if ((await shell.exited) !== 0) throw new Error(`${command}: ${stderr}`);
}
