import { Command } from 'commander';
import { writeAll } from '../diagnostics/output.ts';
import { DEFAULT_DROP_IN_DIRS, DEFAULT_REGISTRIES_CONF } from '../registries/defaults.ts';
import { RegistriesConfError } from '../registries/errors.ts';
import { loadRegistries, type RegistriesConfig } from '../registries/load.ts';
import { describeImage, resolveImage } from '../registries/resolve.ts';
import { outputFormat } from './output-format.ts';
import { resolutionText } from './resolution-text.ts';

interface ResolveOptions {
  readonly registriesConf: string;
  readonly registriesConfDir?: string;
  readonly output: 'text' | 'json';
}

/** `pullkey registries`: questions to registries.conf. */
export function registriesCommand(): Command {
  const registries = new Command('registries').description('Ask registries.conf(5)');
  registries
    .command('resolve')
    .summary('Show where an image is pulled from')
    .description(
      'Show which registry of registries.conf matches an image, and where CRI-O and Podman pull it from, in order. Drop-ins come from the default directories, unless one is given.',
    )
    .argument('<image>', 'image reference, such as quay.io/team/app:1.0')
    .option('--registries-conf <file>', 'main configuration file', DEFAULT_REGISTRIES_CONF)
    .option('--registries-conf-dir <directory>', 'the one directory of drop-ins to read')
    .addOption(outputFormat('text', 'json'))
    .action(resolve);
  return registries;
}

function resolve(image: string, options: ResolveOptions): void {
  const isJson = options.output === 'json';
  const config = isJson ? loadOrTell(image, options) : load(options);
  const resolution = resolveImage(config, image);
  const text = isJson
    ? json({ error: null, ...resolution })
    : resolutionText(config, image, resolution);
  writeAll(1, text);
}

function load({ registriesConf, registriesConfDir }: ResolveOptions): RegistriesConfig {
  return loadRegistries({
    mainFile: registriesConf,
    dropInDirs: registriesConfDir === undefined ? DEFAULT_DROP_IN_DIRS : [registriesConfDir],
    missingMainFile: 'refuse',
  });
}

/** Who asks for JSON gets the reason of a failure there as well. */
function loadOrTell(image: string, options: ResolveOptions): RegistriesConfig {
  try {
    return load(options);
  } catch (error) {
    if (error instanceof RegistriesConfError) {
      const { message, errorClass } = error;
      writeAll(1, json({ error: message, errorClass, ...describeImage(image) }));
    }
    throw error;
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
