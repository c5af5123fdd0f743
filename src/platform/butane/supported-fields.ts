import { type Config, IGNITION_ROOT, type IgnitionRoot, type OpenShift } from './config.ts';
import { schemeOf } from './go-url.ts';
import { Report } from './report.ts';
import type { Shape } from './shapes.ts';
import type { Path } from './source-node.ts';
import type { Dialect } from './versions.ts';
import { isStructValue, listOf } from './walk.ts';

const UNSUPPORTED = 'not supported in this spec version';
const USER_FIELD = `fields other than "name", "ssh_authorized_keys", and "password_hash" (4.13.0+) are ${UNSUPPORTED}`;
const APPEND = `appending to files is ${UNSUPPORTED}`;
const KERNEL_ARGUMENTS =
  'this section cannot be used for kernel arguments in this spec version; use openshift.kernel_arguments instead';

const FIRST_WITHOUT_SPECIAL_BITS = 10;
const FIRST_WITH_PASSWORD_HASH = 13;
const PERMISSION_BITS = 0o777;
const CORE_USER = 'core';
const COMPRESSION = 'storage.files.contents.compression';

/** What the machine-config-operator cannot parse or would degrade a node for (coreos/butane, config/openshift). */
const FORBIDDEN: Readonly<Record<string, string>> = {
  kernel_arguments: KERNEL_ARGUMENTS,
  'passwd.groups': `groups are ${UNSUPPORTED}`,
  'passwd.users.gecos': USER_FIELD,
  'passwd.users.groups': USER_FIELD,
  'passwd.users.home_dir': USER_FIELD,
  'passwd.users.no_create_home': USER_FIELD,
  'passwd.users.no_log_init': USER_FIELD,
  'passwd.users.no_user_group': USER_FIELD,
  'passwd.users.primary_group': USER_FIELD,
  'passwd.users.shell': USER_FIELD,
  'passwd.users.should_exist': USER_FIELD,
  'passwd.users.system': USER_FIELD,
  'passwd.users.uid': USER_FIELD,
  'storage.directories': `directories are ${UNSUPPORTED}`,
  'storage.files.append': APPEND,
  'storage.files.contents.http_headers': `file HTTP headers are ${UNSUPPORTED}`,
  'storage.links': `links are ${UNSUPPORTED}`,
};

/** Values that the machine-config-operator cannot live with, in whatever form the config is written. */
export function checkSupportedValues({ storage, passwd }: IgnitionRoot, dialect: Dialect): Report {
  const report = new Report();
  for (const [index, { contents, mode }] of (storage.files ?? []).entries()) {
    const path = ['storage', 'files', index];
    const scheme = contents.source === undefined ? 'data' : schemeOf(contents.source);
    if (scheme !== undefined && scheme !== 'data') {
      const message = 'file contents source must be data URL in this spec version';
      report.error([...path, 'contents', 'source'], message);
    }
    if (dialect.minor >= FIRST_WITHOUT_SPECIAL_BITS && hasSpecialBits(mode)) {
      report.error([...path, 'mode'], `special mode bits are ${UNSUPPORTED}`);
    }
  }
  for (const [index, { name }] of (passwd.users ?? []).entries()) {
    if (name === CORE_USER) continue;
    report.error(['passwd', 'users', index, 'name'], `users other than "core" are ${UNSUPPORTED}`);
  }
  return report;
}

/** Fields that a MachineConfig must not fill; a plain Ignition config may. */
export function checkSupportedFields(config: Config, dialect: Dialect): Report {
  const report = new Report();
  const forbidden: Record<string, string> = { ...FORBIDDEN };
  if (dialect.minor < FIRST_WITH_PASSWORD_HASH) {
    forbidden['passwd.users.password_hash'] = USER_FIELD;
  }
  if (!dialect.mayCompress) {
    forbidden[COMPRESSION] = `file compression is ${UNSUPPORTED}`;
  }
  const check = (shape: Shape, value: unknown, path: Path): void => {
    const pattern = path.filter((step) => typeof step === 'string').join('.');
    // Butane makes a file of the GRUB users, with something appended to what is there.
    if (pattern === 'storage.files' && listOf(config.grub.users).length > 0) {
      report.error(['grub', 'users'], APPEND);
    }
    const message = forbidden[pattern];
    if (message !== undefined) {
      // Embedding contents without compression says so, which is harmless.
      const isHarmless = pattern === COMPRESSION && value === '';
      if (!isHarmless && !isEmpty(shape, value)) report.error(path, message);
      return;
    }
    for (const [step, field, one] of childrenOf(shape, value)) check(field, one, [...path, step]);
  };
  check(IGNITION_ROOT, config, []);
  return report;
}

/** Of the openshift section nothing comes into a plain Ignition config. */
export function checkElidedFields(openshift: OpenShift): Report {
  const report = new Report();
  for (const name of ['kernel_arguments', 'extensions', 'fips', 'kernel_type'] as const) {
    if (openshift[name] !== undefined) {
      report.warn(['openshift', name], 'field ignored in raw mode');
    }
  }
  return report;
}

function hasSpecialBits(mode: number | undefined): boolean {
  return mode !== undefined && (mode < 0 || mode > PERMISSION_BITS);
}

function isEmpty(shape: Shape, value: unknown): boolean {
  if (shape.kind === 'list') return listOf(value).length === 0;
  if (shape.kind !== 'struct') return value === undefined;
  return childrenOf(shape, value).every(([, field, one]) => isEmpty(field, one));
}

function childrenOf(shape: Shape, value: unknown): [string | number, Shape, unknown][] {
  if (shape.kind === 'list') {
    return listOf(value).map((item, index) => [index, shape.of, item]);
  }
  if (shape.kind !== 'struct' || !isStructValue(value)) return [];
  return Object.entries(shape.fields).map(([name, field]) => [name, field, value[name]]);
}
