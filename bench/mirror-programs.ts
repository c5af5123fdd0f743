import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshCopy } from './executables.ts';
import type { BenchNode } from './node.ts';
import type { Contestant } from './process.ts';

const NAME = 'crio-credential-provider';

/** Another program of that name, and where it looks for what we give ours by flags. */
export interface Baseline {
  readonly executable: string;
  /** Absent for another build of Pullkey, which takes our flags. */
  readonly paths?: {
    readonly registriesConf: string;
    /** Directory of `apiserver-url.env`. */
    readonly kubernetesConfigDir: string;
  };
}

/** A mirror credential provider, ready to run. */
export interface MirrorProgram extends Contestant {
  readonly executable: string;
  /** Where its registries.conf is. */
  readonly registriesConf: string;
}

/** Ours. */
export function ourProgram(built: string, directory: string, node: BenchNode): MirrorProgram {
  const executable = freshCopy(built, join(directory, 'ours'), NAME);
  return program([executable, ...flags(node)], node.registriesConf);
}

/** The one that ours is compared with. */
export function baselineProgram(
  { executable, paths }: Baseline,
  directory: string,
  node: BenchNode,
): MirrorProgram {
  const copy = freshCopy(executable, join(directory, 'baseline'), NAME);
  if (paths === undefined) return program([copy, ...flags(node)], node.registriesConf);
  mkdirSync(paths.kubernetesConfigDir, { recursive: true });
  const env = `KUBERNETES_SERVICE_HOST=127.0.0.1\nKUBERNETES_SERVICE_PORT=${node.apiServerPort}\n`;
  writeFileSync(join(paths.kubernetesConfigDir, 'apiserver-url.env'), env);
  return program([copy], paths.registriesConf);
}

function program(command: readonly string[], registriesConf: string): MirrorProgram {
  return { executable: command[0] ?? '', command, registriesConf, finish: takeAuthFile };
}

/** Takes the auth file away as CRI-O does; a program whose file waits for CRI-O may queue up behind it. */
function takeAuthFile(log: string): void {
  const path = /\bAuth file path: (.+)$/m.exec(log)?.[1];
  if (path === undefined) throw new Error(`no auth file was written: ${log.slice(-500)}`);
  rmSync(path);
}

function flags(node: BenchNode): string[] {
  return [
    ...['--registries-conf', node.registriesConf, '--registries-conf-dir', `${node.root}/none`],
    ...['--auth-dir', node.authDir, '--kubelet-auth-file', `${node.root}/config.json`],
    ...['--api-server', `https://127.0.0.1:${node.apiServerPort}`],
    ...['--certificate-authority', node.certificateAuthority],
  ];
}
