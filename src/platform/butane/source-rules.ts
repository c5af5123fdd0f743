import {
  CONFIG,
  type Config,
  DIRECTORY,
  DROPIN,
  FILE,
  GRUB_USER,
  METADATA,
  OPENSHIFT,
  RESOURCE,
  TREE,
  UNIT,
} from './config.ts';
import { decimalModeWarning } from './file-mode.ts';
import { nestedConfigRule } from './nested-config.ts';
import { Report } from './report.ts';
import type { Path } from './source-node.ts';
import { unsupportedSections } from './unsupported.ts';
import type { Dialect } from './versions.ts';
import { Rules, walk } from './walk.ts';

const ROLE_LABEL = 'machineconfiguration.openshift.io/role';
const KERNEL_TYPES = ['', 'default', 'realtime'];

/** What a config must hold to before it is translated (the Validate methods of coreos/butane). */
export function checkSource(config: Config, dialect: Dialect, isRaw: boolean): Report {
  const report = new Report();
  const rules = sourceRules(report, dialect);
  const isUnsupported = unsupportedSections(report, dialect, isRaw);
  walk(CONFIG, config, [], (shape, value, path) => {
    rules.visit(shape, value, path);
    isUnsupported(shape, value, path);
  });
  return report;
}

function sourceRules(report: Report, dialect: Dialect): Rules {
  const twoSources = (
    unit: { contents: string | undefined; contents_local: string | undefined },
    path: Path,
  ) => {
    if (unit.contents === undefined || unit.contents_local === undefined) return;
    const message = 'only one of the following can be set: contents, contents_local';
    report.error([...path, 'contents_local'], message);
  };
  return new Rules()
    .on(RESOURCE, (resource, path) => {
      const given = (['source', 'inline', 'local'] as const).filter(
        (one) => resource[one] !== undefined,
      );
      const [first] = given;
      if (first !== undefined && given.length > 1) {
        const message = 'only one of the following can be set: inline, local, source';
        report.error([...path, first], message);
      } else {
        nestedConfigRule(resource, path, report, dialect);
      }
    })
    .on(DIRECTORY, ({ mode }, path) => {
      report.warn([...path, 'mode'], decimalModeWarning(mode, 'directory'));
    })
    .on(FILE, ({ mode }, path) => {
      report.warn([...path, 'mode'], decimalModeWarning(mode, 'file'));
    })
    .on(TREE, ({ local }, path) => {
      if (local === '') report.error(path, 'local is required');
    })
    .on(UNIT, twoSources)
    .on(DROPIN, twoSources)
    .on(GRUB_USER, ({ name, password_hash }, path) => {
      if (name === '') report.error([...path, 'name'], 'field "name" is required');
      if ((password_hash ?? '') === '') {
        report.error([...path, 'password_hash'], 'field "password_hash" is required');
      }
    })
    .on(METADATA, ({ name, labels }, path) => {
      if (name === '') report.error([...path, 'name'], 'metadata.name is required');
      if ((labels?.get(ROLE_LABEL) ?? '') === '') {
        report.error([...path, 'labels'], `${ROLE_LABEL} label is required`);
      }
    })
    .on(OPENSHIFT, ({ kernel_type }, path) => {
      if (kernel_type === undefined || KERNEL_TYPES.includes(kernel_type)) return;
      report.error([...path, 'kernel_type'], 'must be empty, "default", or "realtime"');
    });
}
