import type { Dropin, IgnitionRoot, Unit } from './config.ts';
import type { Report } from './report.ts';
import type { Path } from './source-node.ts';
import { readUnitFile } from './unit-file.ts';

const UNIT_DIRECTORY = '/etc/systemd/system/';
const UNIT_NAME =
  /\.(service|socket|device|mount|automount|swap|target|path|timer|snapshot|slice|scope)$/;
const INSTANCE_NAME = /^(.+?)@(.+?)\.service$/;

/** Checks that no file, directory or link takes the place of a unit or drop-in. */
export function checkUnitPaths({ storage, systemd }: IgnitionRoot, report: Report): void {
  const places = new Set((systemd.units ?? []).flatMap(placesOf));
  for (const list of ['files', 'directories', 'links'] as const) {
    for (const [index, { path }] of (storage[list] ?? []).entries()) {
      if (places.has(path)) {
        const message = 'path conflicts with systemd unit or dropin';
        report.error(['storage', list, index, 'path'], message);
      }
    }
  }
}

function placesOf({ name, contents, dropins }: Unit): string[] {
  const unit = UNIT_DIRECTORY + name;
  return [
    ...(isFilled(contents) ? [unit] : []),
    ...(dropins ?? [])
      .filter((dropin) => isFilled(dropin.contents))
      .map((dropin) => `${unit}.d/${dropin.name}`),
  ];
}

/** Checks a unit's name and contents. */
export function checkUnit({ name, contents, enabled }: Unit, path: Path, report: Report): void {
  if (!UNIT_NAME.test(name)) report.error([...path, 'name'], 'invalid systemd unit extension');
  const at = [...path, 'contents'];
  const file = readUnitFile(contents ?? '');
  if ('problem' in file) {
    report.error(at, `invalid unit content: ${file.problem}`);
  } else if (enabled === true && isFilled(contents) && !file.sections.has('Install')) {
    const unit = JSON.stringify(name);
    report.warn(at, `unit ${unit} is enabled, but has no install section so enable does nothing`);
  }
}

/** Checks a drop-in's contents and name. */
export function checkDropin({ name, contents }: Dropin, path: Path, report: Report): void {
  const file = readUnitFile(contents ?? '');
  if ('problem' in file) {
    report.error([...path, 'contents'], `invalid unit content: ${file.problem}`);
  }
  if (!name.endsWith('.conf')) {
    report.error([...path, 'name'], 'invalid systemd drop-in extension');
  }
}

/** Warns of enabled instances whose template has no [Install] section. */
export function checkInstances(units: readonly Unit[], path: Path, report: Report): void {
  const contentsOf = new Map(units.map(({ name, contents }) => [name, contents]));
  for (const [index, { name, enabled }] of units.entries()) {
    const prefix = INSTANCE_NAME.exec(name)?.[1];
    if (prefix === undefined || enabled !== true) continue;
    const template = `${prefix}@.service`;
    const contents = contentsOf.get(template);
    if (contents === undefined || contents === '') continue;
    const file = readUnitFile(contents);
    if ('problem' in file || file.sections.has('Install')) continue;
    report.warn(
      [...path, index, 'contents'],
      `template unit ${JSON.stringify(template)} for ${JSON.stringify(name)} doesn't have Install section`,
    );
  }
}

function isFilled(contents: string | undefined): boolean {
  return contents !== undefined && contents !== '';
}
