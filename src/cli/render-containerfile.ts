import { Command, Option } from 'commander';
import { Failure, UsageError } from '../diagnostics/errors.ts';
import { writeAll } from '../diagnostics/output.ts';
import { parseReference } from '../image/reference.ts';
import { containerfile, type LayeredImage } from '../platform/containerfile.ts';
import { PROVIDER_CHOICES } from '../platform/provider-config.ts';

/** `pullkey render containerfile`: our executable in an image of OpenShift's nodes, whose plugin directory is read-only. */
export function renderContainerfileCommand(): Command {
  return new Command('containerfile')
    .summary('an image of OpenShift nodes with this executable in it')
    .description(
      "Print a Containerfile that layers this executable onto the image of a pool's nodes, where the kubelet's directory of plugins is read-only. A MachineConfig's osImageURL then names the image that podman builds; with --builder cluster the text is for a MachineOSConfig, and the cluster builds it.",
    )
    .addOption(
      new Option('--builder <name>', 'who builds the image')
        .choices(['podman', 'cluster'])
        .default('podman'),
    )
    .addOption(
      new Option('--provider <name>', 'which names the executable gets')
        .choices(PROVIDER_CHOICES)
        .default('mirror'),
    )
    .option(
      '--base <image>',
      "with --builder podman, the nodes' image; by default a build argument",
      imageValue,
    )
    .option(
      '--executable-image <image>',
      'an image that has the executable as /pullkey; by default it lies beside the Containerfile',
      imageValue,
    )
    .action((image: LayeredImage) => {
      refuseMixtures(image);
      writeAll(1, containerfile(image));
    });
}

function refuseMixtures({ builder, base, executableImage }: LayeredImage): void {
  if (builder !== 'cluster') return;
  if (base !== undefined) {
    throw new UsageError(
      "--base is for --builder podman: a cluster builds upon its pool's own image",
    );
  }
  if (executableImage === undefined) {
    throw new UsageError(
      '--builder cluster needs --executable-image IMAGE, because a cluster builds without files of yours',
    );
  }
}

/** A reference as it is: it may name a tag, and should name a digest. */
function imageValue(value: string): string {
  try {
    parseReference(value);
    return value;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new UsageError(error.message);
  }
}
