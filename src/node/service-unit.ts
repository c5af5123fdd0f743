import { parseEnvironmentFile } from './environment-file.ts';
import { type NodeTree, readText } from './node-tree.ts';
import { expandCommand, splitWords } from './systemd-words.ts';

/** Where systemd looks for units, in falling precedence (systemd.unit(5)). */
const UNIT_DIRECTORIES: readonly string[] = [
  '/etc/systemd/system',
  '/run/systemd/system',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
];

/** What a service's unit and drop-ins say together. */
export interface ServiceUnit {
  readonly name: string;
  /** The unit, then its drop-ins in the order of their reading. */
  readonly files: readonly string[];
  /** The command line before its variables are replaced; undefined where there is none. */
  readonly command: string | undefined;
  /** Of `Environment=` alone. */
  readonly environment: ReadonlyMap<string, string>;
  /** In their order; those that may be missing included. */
  readonly environmentFiles: readonly string[];
}

/** Reads a service's unit with its drop-ins, but for one; undefined where the node has no such unit. */
export function readServiceUnit(
  tree: NodeTree,
  name: string,
  without?: string,
): ServiceUnit | undefined {
  const unit = UNIT_DIRECTORIES.map((directory) => `${directory}/${name}`).find(
    (path) => readText(tree, path) !== undefined,
  );
  if (unit === undefined) return undefined;
  const files = [unit, ...dropIns(tree, name)].filter((file) => file !== without);
  const settings = files.flatMap((file) => serviceSettings(readText(tree, file) ?? ''));
  const commands = listOf(settings, 'ExecStart');
  return {
    name,
    files,
    command: commands.at(-1)?.replace(/^[@\-:+!|]+/, ''),
    environment: new Map(
      listOf(settings, 'Environment')
        .flatMap(splitWords)
        .map((word) => {
          const equals = word.indexOf('=');
          return [word.slice(0, equals), word.slice(equals + 1)];
        }),
    ),
    environmentFiles: listOf(settings, 'EnvironmentFile').map((path) => path.replace(/^-/, '')),
  };
}

/** The variables that a service is started with: those of its files win. */
export function environmentOf(
  tree: NodeTree,
  { environment, environmentFiles }: ServiceUnit,
): ReadonlyMap<string, string> {
  const ofFiles = environmentFiles.flatMap((path) => [
    ...parseEnvironmentFile(readText(tree, path) ?? ''),
  ]);
  return new Map([...environment, ...ofFiles]);
}

/** The words that a service is started with, its program first. */
export function commandLineOf(tree: NodeTree, unit: ServiceUnit): readonly string[] {
  return expandCommand(unit.command ?? '', environmentOf(tree, unit));
}

function dropIns(tree: NodeTree, name: string): readonly string[] {
  const byName = new Map<string, string>();
  for (const directory of UNIT_DIRECTORIES) {
    for (const file of tree.list(`${directory}/${name}.d`)) {
      if (file.endsWith('.conf') && !byName.has(file))
        byName.set(file, `${directory}/${name}.d/${file}`);
    }
  }
  return [...byName.keys()].sort().map((file) => byName.get(file) ?? '');
}

type Setting = readonly [name: string, value: string];

/** The settings of `[Service]`; a line ends with a backslash where it goes on. */
function serviceSettings(text: string): readonly Setting[] {
  const settings: Setting[] = [];
  let section = '';
  let pending = '';
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*[#;]/.test(line)) continue;
    if (line.endsWith('\\')) {
      pending += `${line.slice(0, -1)} `;
      continue;
    }
    const whole = (pending + line).trim();
    pending = '';
    const header = /^\[(.*)\]$/.exec(whole)?.[1];
    if (header !== undefined) section = header;
    const [, name, value = ''] = /^([A-Za-z]\w*)\s*=\s*(.*)$/s.exec(whole) ?? [];
    if (section === 'Service' && name !== undefined) settings.push([name, value]);
  }
  return settings;
}

/** The values of a setting that may come several times; an empty one takes back those before it. */
function listOf(settings: readonly Setting[], name: string): readonly string[] {
  const values = settings.filter(([one]) => one === name).map(([, value]) => value);
  return values.slice(values.lastIndexOf('') + 1);
}
