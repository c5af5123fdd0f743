import { Command } from 'commander';
import { UsageError } from '../diagnostics/errors.ts';
import { writeAll } from '../diagnostics/output.ts';
import { mergeMirrorSets } from '../platform/mirror-sets.ts';
import { readMirrorSets } from '../platform/read-mirror-sets.ts';
import { withInsecureScopes } from '../platform/registries-conf.ts';
import { inputName, readInput } from './input.ts';
import {
  checkedRegistriesConf,
  insecureOption,
  mirroredRegistries,
  mirrorOption,
} from './mirror-option.ts';
import { note } from './print-documents.ts';

interface Options {
  readonly mirror: readonly string[];
  readonly fromIdms?: string;
  readonly insecure: readonly string[];
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
    .addOption(insecureOption())
    .action(render);
}

function render({ mirror, fromIdms, insecure }: Options): void {
  if (mirror.length > 0 === (fromIdms !== undefined)) {
    throw new UsageError('give either --mirror PREFIX=LOCATION or --from-idms FILE');
  }
  const registries =
    fromIdms === undefined
      ? mirroredRegistries(mirror)
      : mergeMirrorSets(readMirrorSets(inputName(fromIdms), readInput(fromIdms)));
  if (registries.length === 0) {
    note(`the sets in ${inputName(fromIdms ?? '')} name no mirrors: there is nothing to write`);
  }
  writeAll(1, checkedRegistriesConf(withInsecureScopes(registries, insecure)));
}
