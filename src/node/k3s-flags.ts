import { fieldOf, isDocumentError, textOf, textsOf } from '../kubelet/document-tree.ts';
import { readYaml } from '../kubelet/read-yaml.ts';
import { type FlagSetting, flagsIn, hasFlags, type ProviderFlags } from './kubelet-flags.ts';
import { type NodeTree, readText } from './node-tree.ts';
import type { PlannedChange } from './planned-change.ts';
import { commandLineOf, readServiceUnit } from './service-unit.ts';
import { textFile } from './snapshot.ts';

const CONFIG_FILE = '/etc/rancher/k3s/config.yaml';
const CONFIG_DIRECTORY = '/etc/rancher/k3s/config.yaml.d';
const FRAGMENT = `${CONFIG_DIRECTORY}/20-pullkey.yaml`;

/** Where k3s looks by itself, and gives its kubelet the flags once both are there. */
const USUAL: ProviderFlags = {
  config: '/var/lib/rancher/credentialprovider/config.yaml',
  pluginDir: '/var/lib/rancher/credentialprovider/bin',
};

/** The flags of k3s's kubelet, which runs inside it. */
export function k3sFlags(tree: NodeTree, service: string): FlagSetting {
  const current = { ...USUAL, ...configuredFlags(tree, service) };
  return {
    current,
    usual: USUAL,
    changesTo: (flags) => (hasFlags(current, flags) ? [] : [fragment(flags)]),
  };
}

function fragment({ config, pluginDir }: ProviderFlags): PlannedChange {
  const text =
    "# The kubelet's credential providers; written by pullkey install.\n" +
    `image-credential-provider-config: ${config}\nimage-credential-provider-bin-dir: ${pluginDir}\n`;
  return { path: FRAGMENT, after: textFile(text), why: "the kubelet's flags" };
}

/** What is said of the flags in one place: by k3s's own options, and by those that it hands to its kubelet. */
interface Said {
  readonly own: Partial<ProviderFlags>;
  readonly kubelet: Partial<ProviderFlags>;
}

/**
 * Fragments come after the file, in the order of their names, and the last value counts; the command line
 * goes before all of them, and the kubelet's own arguments before k3s's options.
 */
function configuredFlags(tree: NodeTree, service: string): Partial<ProviderFlags> {
  const fragments = tree.list(CONFIG_DIRECTORY).filter((name) => /\.ya?ml$/.test(name));
  const files = [CONFIG_FILE, ...fragments.map((name) => `${CONFIG_DIRECTORY}/${name}`)];
  const said = [
    ...files.map((file) => saidIn(readText(tree, file) ?? '')),
    commandSays(tree, service),
  ];
  return Object.assign({}, ...said.map(({ own }) => own), ...said.map(({ kubelet }) => kubelet));
}

function commandSays(tree: NodeTree, service: string): Said {
  const unit = readServiceUnit(tree, service);
  const words = unit === undefined ? [] : commandLineOf(tree, unit);
  const args = words.flatMap((word, index) => {
    const option = /^--?kubelet-arg(?:=(.*))?$/s.exec(word);
    return option === null ? [] : [`--${option[1] ?? words[index + 1] ?? ''}`];
  });
  return { own: flagsIn(words), kubelet: flagsIn(args) };
}

function saidIn(text: string): Said {
  const document = readYaml(text);
  if (isDocumentError(document)) return { own: {}, kubelet: {} };
  const { root } = document;
  const own = ['config', 'bin-dir'].flatMap((name) => {
    const value = textOf(root, `image-credential-provider-${name}`);
    return value === '' ? [] : [`--image-credential-provider-${name}=${value}`];
  });
  const single =
    fieldOf(root, 'kubelet-arg')?.type === 'string' ? [textOf(root, 'kubelet-arg')] : [];
  const args = [...textsOf(root, 'kubelet-arg'), ...textsOf(root, 'kubelet-arg+'), ...single];
  return { own: flagsIn(own), kubelet: flagsIn(args.map((arg) => `--${arg}`)) };
}
