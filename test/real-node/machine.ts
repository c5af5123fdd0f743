import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

const PULLKEY = new URL('../../build/pullkey', import.meta.url).pathname;
const MOST_OUTPUT = 256 * 1024 * 1024;
/** CRI-O's default, and the plugin's. */
export const AUTH_DIR = '/etc/crio/auth';

/** Settings that scripts/e2e.sh has checked. */
export const SETTINGS = {
  registry: setting('E2E_REGISTRY'),
  user: setting('E2E_USER'),
  password: setting('E2E_PASSWORD'),
  plugin: setting('E2E_PLUGIN'),
};

function setting(name: string): string {
  const value = process.env[name] ?? '';
  if (value === '') throw new Error(`${name} is not set: start this with make e2e`);
  return value;
}

/** Runs a program of the machine to its end; throws with its message where it fails. */
export function run(command: readonly string[], input = ''): string {
  const [program = '', ...rest] = command;
  const options = { input, encoding: 'utf8', maxBuffer: MOST_OUTPUT } as const;
  const { status, stdout, stderr, error } = spawnSync(program, rest, options);
  if (status === 0) return stdout;
  throw new Error(`${command.join(' ')} failed (${error?.message ?? status}): ${stderr}`);
}

export function kubectl(args: readonly string[], input = ''): string {
  return run(['kubectl', ...args], input);
}

interface Nodes {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly status: {
      readonly nodeInfo: { readonly kubeletVersion: string; readonly machineID: string };
    };
  }[];
}

/** This machine's node: its name and its kubelet's minor version. A cluster's only node is taken for it. */
export function thisNode(): { readonly name: string; readonly minor: number } {
  const { items }: Nodes = JSON.parse(kubectl(['get', 'nodes', '-o', 'json']));
  const machine = readFileSync('/etc/machine-id', 'utf8').trim();
  const own = items.find(({ status }) => status.nodeInfo.machineID === machine);
  const node = own ?? (items.length === 1 ? items[0] : undefined);
  if (node === undefined) {
    throw new Error('none of the cluster’s nodes is this machine, by /etc/machine-id');
  }
  const [, minor] = /^v\d+\.(\d+)/.exec(node.status.nodeInfo.kubeletVersion) ?? [];
  return { name: node.metadata.name, minor: Number(minor) };
}

/** A namespace whose pods may read its pull secrets; with a Secret it has one for the registry. */
export function createTenant(name: string, hasSecret: boolean): void {
  const secret = hasSecret ? ['--registry', SETTINGS.registry, '--username', SETTINGS.user] : [];
  const render = [PULLKEY, 'render', 'manifests', '--namespace', name, ...secret];
  kubectl(['apply', '-f', '-'], run(render, hasSecret ? SETTINGS.password : ''));
}

/** Files that wait for CRI-O, or that it has not removed. */
export function leftFiles(): string[] {
  if (!existsSync(AUTH_DIR)) return [];
  const names = readdirSync(AUTH_DIR, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.json'));
}
