import { Command, Option } from 'commander';
import { UsageError } from '../diagnostics/errors.ts';
import { writeAll } from '../diagnostics/output.ts';
import { type Audience, DOCUMENTED_AUDIENCE } from '../platform/audience.ts';
import { mergeProviders } from '../platform/merge-providers.ts';
import { type ProposedPattern, proposeMatchImages } from '../platform/propose-match-images.ts';
import {
  mergeRemarks,
  PROVIDER_CHOICES,
  type ProviderChoice,
  providerConfigDocument,
  providerEntries,
} from '../platform/provider-config.ts';
import type { Environment } from '../providers/credential-helper.ts';
import { parseRegistriesConf } from '../registries/conf-file.ts';
import type { Registry } from '../registries/registry.ts';
import { type AudienceOptions, audienceFor, audienceOption } from './audience-option.ts';
import { clusterOption } from './cluster-audiences.ts';
import { presentAudience, readExistingConfig, refuseUnlessAccepted } from './existing-config.ts';
import { inputName, readInputBytes } from './input.ts';
import { kubeletMatchImages } from './match-images-option.ts';
import { repeatedValue } from './option-values.ts';
import { outputFormat } from './output-format.ts';
import { note, printDocuments, yamlAsJson } from './print-documents.ts';

interface Options extends AudienceOptions {
  readonly provider: ProviderChoice;
  readonly matchImages: readonly string[];
  readonly fromRegistriesConf: readonly string[];
  readonly merge?: string;
  readonly output: string;
}

/** `pullkey render credential-provider-config`: the kubelet's file on a plain node. */
export function renderCredentialProviderConfigCommand(environment: Environment): Command {
  return new Command('credential-provider-config')
    .summary("the kubelet's credential provider file on a plain node")
    .description(
      'Print a CredentialProviderConfig by which the kubelet of a plain node runs our providers: ' +
        'for given images, and for those that registries.conf mirrors or moves.',
    )
    .addOption(
      new Option('--provider <name>', 'which to run').choices(PROVIDER_CHOICES).default('mirror'),
    )
    .addOption(kubeletMatchImages().default([], 'none'))
    .option(
      '--from-registries-conf <files...>',
      'propose entries for the prefixes that these files rewrite, drop-ins last; - is standard input',
      repeatedValue,
      [],
    )
    .addOption(audienceOption())
    .addOption(clusterOption())
    .option('--merge <file>', 'add to this file, of which nothing gets lost')
    .addOption(outputFormat('yaml', 'json'))
    .action((options: Options) => render(options, environment));
}

async function render(options: Options, environment: Environment): Promise<void> {
  const existing = options.merge === undefined ? undefined : readExistingConfig(options.merge);
  const patterns = patternsOf(options);
  const present = existing && presentAudience(existing);
  const audience = await audienceOf(options, environment, present);
  const request = { provider: options.provider, patterns, audience };
  if (existing === undefined)
    return printDocuments([providerConfigDocument(request)], options.output);
  const entries = providerEntries(request);
  const merged = mergeProviders(existing, entries, options.audience, mergeRemarks(request));
  for (const change of merged.changes) note(change);
  refuseUnlessAccepted({ path: `${existing.path} with ours`, text: merged.yaml });
  writeAll(1, options.output === 'json' ? yamlAsJson(merged.yaml) : merged.yaml);
}

/** Only the mirror provider gets tokens. */
async function audienceOf(
  options: Options,
  environment: Environment,
  present: string | undefined,
): Promise<Audience> {
  if (options.provider !== 'generic') return audienceFor(options, environment, present);
  return { url: options.audience ?? DOCUMENTED_AUDIENCE, isGuessed: false };
}

function patternsOf({ matchImages, fromRegistriesConf }: Options): readonly ProposedPattern[] {
  const { patterns, leftOut } = proposeMatchImages(registriesOf(fromRegistriesConf));
  for (const reason of leftOut) note(reason);
  for (const { remark } of patterns) if (remark !== undefined) note(remark);
  const given = [...new Set(matchImages)].map((pattern) => ({ pattern }));
  const proposed = patterns.filter(({ pattern }) => !matchImages.includes(pattern));
  if (given.length + proposed.length > 0) return [...given, ...proposed];
  throw new UsageError(
    'no image to run a provider for; give --match-images, or --from-registries-conf with a file that has mirrors',
  );
}

/** As for containers/image, a later file's entry replaces that of an earlier one; in one file the first counts. */
function registriesOf(files: readonly string[]): readonly Registry[] {
  const byPrefix = new Map<string, Registry>();
  for (const file of files) {
    const { registries } = parseRegistriesConf(inputName(file), readInputBytes(file));
    for (const registry of registries.toReversed()) byPrefix.set(registry.prefix, registry);
  }
  return [...byPrefix.values()];
}
