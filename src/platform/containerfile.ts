import { PLUGIN_DIR } from './kubelet-unit.ts';
import { MIRROR_PROVIDER } from './overlay.ts';
import type { ProviderChoice } from './provider-config.ts';
import { GENERIC_PROVIDER } from './provider-entry.ts';

/** Who builds the image of a pool's nodes: somebody with podman, or the cluster from a MachineOSConfig. */
export type ImageBuilder = 'podman' | 'cluster';

/** An image of a node with our executable in its read-only directory of plugins. */
export interface LayeredImage {
  readonly builder: ImageBuilder;
  readonly provider: ProviderChoice;
  /** The image that nodes run now; undefined: a build argument names it. */
  readonly base?: string;
  /** An image with the executable at its root; undefined: a file beside the Containerfile. */
  readonly executableImage?: string;
}

const EXECUTABLE = 'pullkey';

/**
 * A Containerfile that puts the executable and its names into the kubelet's plugin directory, over what is
 * there of the same names. Source of the form: machine-config-operator, docs/UsingLayering.md and
 * docs/onclusterlayering-quickstart.md.
 */
export function containerfile(image: LayeredImage): string {
  const target = `${PLUGIN_DIR}/${EXECUTABLE}`;
  const origin =
    image.executableImage === undefined
      ? EXECUTABLE
      : `--from=${image.executableImage} /${EXECUTABLE}`;
  const links = namesOf(image.provider).map(
    (name) => `RUN ln -sf ${EXECUTABLE} ${PLUGIN_DIR}/${name}`,
  );
  const [first = '', ...others] = links;
  const steps = [first, ...others.map((line) => line.replace(/^RUN/, '   '))];
  return [
    ...head(image),
    // A chmod of its own would put the executable into the image twice.
    `COPY --chmod=0755 ${origin} ${target}`,
    `${steps.join(' && \\\n')} && \\`,
    '    ostree container commit',
    '',
  ].join('\n');
}

function namesOf(provider: ProviderChoice): readonly string[] {
  return [
    ...(provider === 'generic' ? [] : [MIRROR_PROVIDER]),
    ...(provider === 'mirror' ? [] : [GENERIC_PROVIDER]),
  ];
}

function head({ builder, base, executableImage }: LayeredImage): readonly string[] {
  if (builder === 'cluster') {
    return [
      '# The content of spec.containerFile in a MachineOSConfig: the cluster builds the image of its pool.',
      'FROM configs AS final',
    ];
  }
  const context = executableImage === undefined ? ' Beside this file: the executable pullkey.' : '';
  const about = `# The image of a pool's nodes with pullkey among the kubelet's plugins.${context}`;
  if (base !== undefined) return [about, `FROM ${base}`];
  return [
    about,
    '#   podman build --build-arg NODE_IMAGE="$(oc adm release info --image-for rhel-coreos)" -t IMAGE .',
    'ARG NODE_IMAGE',
    'FROM $NODE_IMAGE',
  ];
}
