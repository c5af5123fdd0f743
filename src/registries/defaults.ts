declare const PULLKEY_REGISTRIES_CONF: string | undefined;

/** The main file where no flag names another; a build may set its own. */
export const DEFAULT_REGISTRIES_CONF: string =
  typeof PULLKEY_REGISTRIES_CONF === 'undefined'
    ? '/etc/containers/registries.conf'
    : PULLKEY_REGISTRIES_CONF;

/** Where containers/image looks for drop-ins as root, in falling precedence; the home directory is left out. */
export const DEFAULT_DROP_IN_DIRS: readonly string[] = [
  '/etc/containers/registries.rootful.conf.d',
  '/etc/containers/registries.conf.d',
  '/usr/share/containers/registries.rootful.conf.d',
  '/usr/share/containers/registries.conf.d',
];
