import { DEFAULT_HELPER_DIR, type Environment, type HelperOptions } from './credential-helper.ts';
import { DEFAULT_CREDENTIAL_ROOT, type StoreOptions } from './credential-store.ts';
import { type Flag, type FlagValues, isOn } from './flags.ts';
import { PLUGIN_FLAGS, type PluginOptions, pluginOptions } from './plugin-run.ts';

/** What the command line of the file provider says. */
export interface FileOptions extends PluginOptions, StoreOptions, HelperOptions {}

/** The flags of `generic-credential-provider`. */
export const FILE_FLAGS: readonly Flag[] = [
  {
    name: 'credroot',
    short: 'c',
    value: 'DIR',
    help: `directory of credential files; default ${DEFAULT_CREDENTIAL_ROOT}`,
  },
  {
    name: 'helper-dir',
    value: 'DIR',
    help: `directory of docker-credential-NAME; default ${DEFAULT_HELPER_DIR}`,
  },
  {
    name: 'allow-insecure-permissions',
    help: 'use files that others than their owner can read or write',
  },
  ...PLUGIN_FLAGS,
  { name: 'debug', short: 'd', help: 'the same as --log-level debug' },
  { name: 'version', short: 'v', help: 'display the version' },
  { name: 'help', short: 'h', help: 'display this help' },
];

/** Turns flag values into options. Throws a UsageError that names the flag and what it takes. */
export function fileOptions(values: FlagValues, environment: () => Environment): FileOptions {
  const options = pluginOptions(values);
  return {
    ...options,
    logLevel: isOn(values, 'debug') ? 'debug' : options.logLevel,
    credentialRoot: values.get('credroot') ?? DEFAULT_CREDENTIAL_ROOT,
    helperDir: values.get('helper-dir') ?? DEFAULT_HELPER_DIR,
    allowInsecurePermissions: isOn(values, 'allow-insecure-permissions'),
    environment,
  };
}
