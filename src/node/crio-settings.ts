import { Failure } from '../diagnostics/errors.ts';
import { plain } from '../diagnostics/plain.ts';
import { flagValue } from '../kubelet/running-kubelet.ts';
import { decodeText } from '../registries/decode-text.ts';
import { ConfProblem } from '../registries/errors.ts';
import { Table } from '../registries/table.ts';
import { parseToml } from '../registries/toml.ts';
import { exists, type NodeTree } from './node-tree.ts';
import { commandLineOf, environmentOf, readServiceUnit } from './service-unit.ts';

/** What of CRI-O's configuration decides about pulls with credentials. */
export interface CrioSettings {
  readonly namespacedAuthDir: CrioSetting;
  readonly globalAuthFile: CrioSetting;
  readonly autoReloadRegistries: CrioSetting;
  readonly logLevel: CrioSetting;
}

/** A value, and the file, flag or variable that sets it; undefined for CRI-O's default. */
export interface CrioSetting {
  readonly value: string;
  readonly from: string | undefined;
}

export const CRIO_SERVICE = 'crio.service';

/** What CRI-O leaves on a node. */
const TRACES: readonly string[] = ['/etc/crio/crio.conf', '/etc/crio/crio.conf.d', '/usr/bin/crio'];

/** Whether CRI-O is on a node, as far as its files tell. */
export function isCrioInstalled(tree: NodeTree): boolean {
  const unit = readServiceUnit(tree, CRIO_SERVICE);
  return unit !== undefined || TRACES.some((path) => exists(tree, path));
}

const CRIO_CONF = '/etc/crio/crio.conf';
const CRIO_CONF_DIR = '/etc/crio/crio.conf.d';
const DEEPEST_DIRECTORY = 8;

/** Tables, keys, flags, variables and defaults. Source: crio.conf(5), crio(8), cri-o pkg/config, internal/criocli. */
const SETTINGS: Readonly<Record<keyof CrioSettings, Description>> = {
  namespacedAuthDir: {
    key: ['crio', 'image', 'namespaced_auth_dir'],
    flag: 'namespaced-auth-dir',
    variable: 'CONTAINER_NAMESPACED_AUTH_DIR',
    fallback: '/etc/crio/auth',
  },
  globalAuthFile: {
    key: ['crio', 'image', 'global_auth_file'],
    flag: 'global-auth-file',
    variable: 'CONTAINER_GLOBAL_AUTH_FILE',
    fallback: '',
  },
  autoReloadRegistries: {
    key: ['crio', 'image', 'auto_reload_registries'],
    flag: 'auto-reload-registries',
    variable: 'AUTO_RELOAD_REGISTRIES',
    fallback: 'false',
  },
  logLevel: {
    key: ['crio', 'runtime', 'log_level'],
    flag: 'log-level',
    variable: 'CONTAINER_LOG_LEVEL',
    fallback: 'info',
  },
};

interface Description {
  readonly key: readonly [table: string, subtable: string, key: string];
  readonly flag: string;
  readonly variable: string;
  readonly fallback: string;
}

/**
 * CRI-O's settings as it reads them: defaults, crio.conf, everything below crio.conf.d in the order of names,
 * variables, then flags of its unit, or of the process that runs. Throws a Failure for a file that is no TOML.
 */
export function crioSettings(tree: NodeTree, running?: readonly string[]): CrioSettings {
  const unit = readServiceUnit(tree, CRIO_SERVICE);
  const words = running ?? (unit === undefined ? [] : commandLineOf(tree, unit));
  const environment = unit === undefined ? new Map<string, string>() : environmentOf(tree, unit);
  const confDir = flagValue(words, 'config-dir') ?? CRIO_CONF_DIR;
  const files = [
    flagValue(words, 'config') ?? CRIO_CONF,
    ...filesBelow(tree, confDir, DEEPEST_DIRECTORY),
  ].flatMap((file) => fileOf(tree, file));
  const setting = (name: keyof CrioSettings): CrioSetting =>
    settingOf(SETTINGS[name], { words, environment, files });
  return {
    namespacedAuthDir: setting('namespacedAuthDir'),
    globalAuthFile: setting('globalAuthFile'),
    autoReloadRegistries: setting('autoReloadRegistries'),
    logLevel: setting('logLevel'),
  };
}

interface Sources {
  readonly words: readonly string[];
  readonly environment: ReadonlyMap<string, string>;
  readonly files: readonly { readonly file: string; readonly root: Table }[];
}

function settingOf(
  { key, flag, variable, fallback }: Description,
  { words, environment, files }: Sources,
): CrioSetting {
  const ofFlag = flagValue(words, flag);
  if (ofFlag !== undefined) return { value: ofFlag, from: `--${flag}` };
  if (words.includes(`--${flag}`)) return { value: 'true', from: `--${flag}` };
  const ofVariable = environment.get(variable);
  if (ofVariable !== undefined) return { value: ofVariable, from: variable };
  const values = files.map(({ file, root }) => ({ from: file, value: valueIn(file, root, key) }));
  const last = values.findLast(({ value }) => value !== undefined);
  return { value: last?.value ?? fallback, from: last?.from };
}

function valueIn(file: string, root: Table, [table, subtable, key]: Description['key']) {
  return unlessRefused(file, () => {
    const within = root.table(table)?.table(subtable);
    return key.startsWith('auto_') ? within?.boolean(key)?.toString() : within?.string(key);
  });
}

function fileOf(tree: NodeTree, file: string): Sources['files'] {
  const bytes = tree.read(file);
  if (bytes === undefined) return [];
  return unlessRefused(file, () => [
    { file, root: new Table(parseToml(decodeText(bytes)), undefined) },
  ]);
}

/** Files of any name, those of directories in their place. Source: filepath.Walk of Go. */
function filesBelow(tree: NodeTree, directory: string, depth: number): readonly string[] {
  if (depth === 0) return [];
  return tree.list(directory).flatMap((name) => {
    const path = `${directory}/${name}`;
    const isDirectory = tree.snapshot(path).kind === 'directory';
    return isDirectory ? filesBelow(tree, path, depth - 1) : [path];
  });
}

function unlessRefused<Result>(file: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfProblem)) throw error;
    const { at, message } = error;
    const place = at !== undefined && 'line' in at ? `:${at.line}:${at.column}` : '';
    throw new CrioConfError(
      `${plain(file)}${place}`,
      message.replace('registries.conf', 'crio.conf'),
    );
  }
}

/** CRI-O does not start with such a file. */
export class CrioConfError extends Failure {
  constructor(place: string, problem: string) {
    super(`${place}: ${problem}`);
    this.name = 'CrioConfError';
  }
}
