import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { DEFAULT_DROP_IN_DIRS } from '../../src/registries/defaults.ts';
import { run, SETTINGS } from './machine.ts';

const CONF = '/etc/containers/registries.conf';
const SUFFIX = '.before-e2e';
const HEADER = '# Written by make e2e of Pullkey, which takes it away again.\n';

let isSetAside = false;

/**
 * Keeps the machine's own registries.conf, and the drop-ins that could add to what a case sets, until
 * `restoreRegistriesConf`. What a run that was interrupted has set aside stays there.
 */
export function setAsideRegistriesConf(): void {
  isSetAside = true;
  for (const path of [CONF, ...DEFAULT_DROP_IN_DIRS]) {
    if (existsSync(path + SUFFIX) || isOurs(path)) rmSync(path, { recursive: true, force: true });
    else if (holdsConfiguration(path)) renameSync(path, path + SUFFIX);
  }
}

export function restoreRegistriesConf(): void {
  if (!isSetAside) return;
  rmSync(CONF, { force: true });
  for (const path of [CONF, ...DEFAULT_DROP_IN_DIRS]) {
    if (!existsSync(path + SUFFIX)) continue;
    rmSync(path, { recursive: true, force: true });
    renameSync(path + SUFFIX, path);
  }
  restartCrio();
}

/** Gives the machine a registries.conf, or none, and lets CRI-O read it. */
export function setRegistriesConf(text: string | undefined): void {
  if (text === undefined) rmSync(CONF, { force: true });
  else writeFileSync(CONF, HEADER + text);
  restartCrio();
}

/** Docker Hub behind the registry as its mirror; itself it cannot be reached, so what comes is the mirror's. */
export function mirrored(): string {
  return `[[registry]]\nprefix = "docker.io"\nlocation = "upstream.invalid"\n[[registry.mirror]]\nlocation = "${SETTINGS.registry}"\ninsecure = true\n`;
}

/** Its unit tells when it is ready. */
function restartCrio(): void {
  run(['systemctl', 'restart', 'crio']);
}

function isOurs(path: string): boolean {
  return path === CONF && existsSync(path) && readFileSync(path, 'utf8').startsWith(HEADER);
}

/** Directories without files stay, for /usr may be read-only. */
function holdsConfiguration(path: string): boolean {
  return existsSync(path) && (path === CONF || readdirSync(path).length > 0);
}
