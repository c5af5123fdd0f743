import { Command } from 'commander';
import { UsageError } from '../diagnostics/errors.ts';
import { writeAll } from '../diagnostics/output.ts';
import { mergeMirrorSets } from '../platform/mirror-sets.ts';
import { readMirrorSets } from '../platform/read-mirror-sets.ts';
import { inputName, readInput } from './input.ts';
import { checkedRegistriesConf, mirroredRegistries, mirrorOption } from './mirror-option.ts';

interface Options {
  readonly mirror: readonly string[];
  readonly fromIdms?: string;
}

/** `pullkey render registries-conf`: mirrors as CRI-O and Podman read them. */
export function renderRegistriesConfCommand(): Command {
  return new Command('registries-conf')
    .summary('mirrors as registries.conf(5), for a drop-in')
    .description(
      'Print registries.conf(5) for some mirrors, or for the ImageDigestMirrorSets, ImageTagMirrorSets ' +
        'and ImageContentSourcePolicies of a file (- is standard input). Save it in /etc/containers/registries.conf.d/.',
    )
    .addOption(mirrorOption())
    .option('--from-idms <file>', 'mirror sets as YAML or JSON, also as a List')
    .action(render);
}

function render({ mirror, fromIdms }: Options): void {
  if (mirror.length > 0 === (fromIdms !== undefined)) {
    throw new UsageError('give either --mirror PREFIX=LOCATION or --from-idms FILE');
  }
  const registries =
    fromIdms === undefined
      ? mirroredRegistries(mirror)
      : mergeMirrorSets(readMirrorSets(inputName(fromIdms), readInput(fromIdms)));
  writeAll(1, checkedRegistriesConf(registries));
}
