import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';

const PULLKEY = new URL('../../build/pullkey', import.meta.url).pathname;
const CONF = '/etc/containers/registries.conf';
/** Where drop-ins could add to what a case sets; put aside with the file. */
const ASIDE = [CONF, `${CONF}.d`, '/etc/containers/registries.rootful.conf.d'];
const SUFFIX = '.before-e2e';
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
  const { status, stdout, stderr } = spawnSync(program, rest, { input, encoding: 'utf8' });
  if (status === 0) return stdout;
  throw new Error(`${command.join(' ')} failed (${status}): ${stderr}`);
}

export function kubectl(args: readonly string[], input = ''): string {
  return run(['kubectl', ...args], input);
}

/** The name and the kubelet's minor version of the cluster's one node, or of this machine's. */
export function thisNode(): { readonly name: string; readonly minor: number } {
  const nodes = kubectl([
    'get',
    'nodes',
    '-o',
    'jsonpath={range .items[*]}{.metadata.name}{" "}{.status.nodeInfo.kubeletVersion}{" "}{.status.nodeInfo.machineID}{"\\n"}{end}',
  ]);
  const machine = run(['cat', '/etc/machine-id']).trim();
  const lines = nodes
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
  const [name = '', version = ''] = lines.find(([, , id]) => id === machine) ?? lines[0] ?? [];
  return { name, minor: Number(version.split('.')[1] ?? '0') };
}

/** Keeps the machine's own registries.conf until `restoreRegistriesConf`. */
export function setAsideRegistriesConf(): void {
  for (const path of ASIDE) if (existsSync(path)) renameSync(path, path + SUFFIX);
}

export function restoreRegistriesConf(): void {
  for (const path of ASIDE) {
    if (!existsSync(path + SUFFIX)) continue;
    rmSync(path, { recursive: true, force: true });
    renameSync(path + SUFFIX, path);
  }
  restartCrio();
}

/** Gives the machine a registries.conf, or none, and lets CRI-O read it. */
export function setRegistriesConf(text: string | undefined): void {
  if (text === undefined) rmSync(CONF, { force: true });
  else writeFileSync(CONF, text);
  restartCrio();
}

function restartCrio(): void {
  run(['systemctl', 'restart', 'crio']);
}

/** Docker Hub behind the registry as its mirror; itself it cannot be reached, so what comes is the mirror's. */
export function mirrored(): string {
  return `[[registry]]\nprefix = "docker.io"\nlocation = "upstream.invalid"\n[[registry.mirror]]\nlocation = "${SETTINGS.registry}"\ninsecure = true\n`;
}

/** A namespace whose pods may read its pull secrets; with a password it has one for the registry. */
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
