import { Command, Option } from 'commander';
import { UsageError } from '../diagnostics/errors.ts';
import { writeAll } from '../diagnostics/output.ts';
import { quote } from '../diagnostics/quote.ts';
import { builtInProvider } from '../platform/built-in-providers.ts';
import { compileButane } from '../platform/butane/compile.ts';
import { kubeletUnitLine } from '../platform/kubelet-unit.ts';
import {
  generatedByOperator,
  type MachineConfig,
  machineConfig,
  type NodeFile,
  operatorsMachineConfigName,
} from '../platform/machine-config.ts';
import { MOST_MATCH_IMAGES } from '../platform/match-image-rule.ts';
import { PLATFORM_TYPES, platformType } from '../platform/platform-type.ts';
import { poolFiles } from '../platform/pool-files.ts';
import { yamlText } from '../platform/yaml-document.ts';
import {
  type ButaneOptions,
  butaneDocument,
  butaneOptions,
  givenButaneFlag,
} from './machine-config-butane.ts';
import { openshiftMatchImages } from './match-images-option.ts';
import { annotationKeys, labelValue } from './option-values.ts';
import { note, printDocuments, yamlAsJson } from './print-documents.ts';

const UNBUILT_VERSION = 'was-not-built-properly';

interface Options extends ButaneOptions {
  readonly pool: string;
  readonly platform: string;
  readonly matchImages: readonly string[];
  readonly annotationKey?: readonly string[];
  readonly style: 'mco' | 'butane';
  readonly output?: 'yaml' | 'json' | 'bu';
  readonly asMco?: string | true;
}

/** `pullkey render machine-config`: the mirror provider for a pool of OpenShift nodes. */
export function renderMachineConfigCommand(): Command {
  const command = new Command('machine-config')
    .summary('MachineConfig for a pool of OpenShift nodes')
    .description(
      'Print the MachineConfig by which the kubelets of an OpenShift pool run the mirror provider: ' +
        'as the machine-config-operator of 4.22 renders it, or, with --style butane, to apply by hand on 4.21.',
    )
    .requiredOption('--pool <name>', 'MachineConfigPool, such as worker', labelValue)
    .requiredOption('--platform <type>', `one of ${PLATFORM_TYPES.join(', ')}`, platformValue)
    .addOption(openshiftMatchImages().makeOptionMandatory())
    .option(
      '--annotation-key <key>',
      'annotation of service accounts that the provider is shown; repeatable',
      annotationKeys,
    )
    .addOption(
      new Option('--style <style>', 'who shall apply it').choices(['mco', 'butane']).default('mco'),
    )
    .addOption(
      new Option(
        '-o, --output <format>',
        'form of the answer (default: yaml, with butane: bu)',
      ).choices(['yaml', 'json', 'bu']),
    )
    .option(
      '--as-mco [hash]',
      "with the machine-config-operator's annotation, for its version's hash",
    );
  for (const option of butaneOptions()) command.addOption(option);
  return command.action(render);
}

function platformValue(value: string): string {
  const type = platformType(value);
  if (type !== undefined) return type;
  throw new UsageError(
    `--platform ${quote(value)} is unknown; known are ${PLATFORM_TYPES.join(', ')}`,
  );
}

function render(options: Options): void {
  const { platform, matchImages, annotationKey, style } = options;
  if (style === 'mco') refuseForOperator(options);
  const { files, overlapped } = poolFiles(platform, matchImages, annotationKey);
  for (const entry of overlapped) {
    note(`${quote(entry)} is left out: it overlaps with the credential provider of ${platform}`);
  }
  if (files.length === 0 && options.mirror.length === 0) {
    note('no entry is left to render: this withdraws what was there before');
  }
  if (style === 'butane') renderButane(options, files);
  else renderOperators(options, files);
}

/** What the operator has no place for, or its API refuses. */
function refuseForOperator(options: Options): void {
  const count = new Set(options.matchImages).size;
  if (count > MOST_MATCH_IMAGES) {
    const most = `OpenShift’s API takes at most ${MOST_MATCH_IMAGES}`;
    throw new UsageError(`--match-images has ${count} entries: ${most}; use a * for some of them`);
  }
  const flag = givenButaneFlag(options) ?? (options.output === 'bu' ? '--output bu' : undefined);
  if (flag !== undefined) throw new UsageError(`${flag} needs --style butane`);
}

function renderOperators(options: Options, files: readonly NodeFile[]): void {
  const { pool, platform, asMco, output = 'yaml' } = options;
  if (files.length > 0 && kubeletUnitLine(platform, pool) === undefined) {
    note(
      `the kubelet.service of pool ${pool} on platform ${platform} does not use the drop-in: ` +
        'pass its flags to the kubelet yourself, or the provider is never run',
    );
  }
  const config = machineConfig(operatorsMachineConfigName(pool), pool, files);
  printDocuments([{ value: asMco === undefined ? config : marked(config, asMco) }], output);
}

function marked(config: MachineConfig, versionHash: string | true): MachineConfig {
  note(
    "with another hash than that of the cluster's machine-config-operator, " +
      'the pool stops being rendered',
  );
  return generatedByOperator(config, versionHash === true ? UNBUILT_VERSION : versionHash);
}

function renderButane(options: Options, files: readonly NodeFile[]): void {
  const { pool, platform, asMco, output = 'bu' } = options;
  if (asMco !== undefined) throw new UsageError('--as-mco is for --style mco');
  if (files.length > 0 && builtInProvider(platform) === undefined) {
    note(
      `OpenShift 4.21 starts the kubelets of platform ${platform} without a credential provider; ` +
        'the drop-in is read from 4.22 on, and not on every platform',
    );
  }
  const source = yamlText([butaneDocument(pool, files, options)]);
  writeAll(1, output === 'bu' ? source : compiled(source, output));
}

/** The MachineConfig of a Butane config of our own, which compiles without a word. */
function compiled(source: string, output: 'yaml' | 'json'): string {
  const { output: yaml, messages } = compileButane({
    bytes: Buffer.from(source),
    fileName: 'the rendered config',
    isRaw: false,
    isPretty: false,
  });
  if (yaml === undefined || messages !== '') throw new Error(messages);
  return output === 'yaml' ? `${yaml}\n` : yamlAsJson(yaml);
}
