import { fieldOf, isDocumentError, textOf, textsOf } from '../kubelet/document-tree.ts';
import { readYaml } from '../kubelet/read-yaml.ts';
import { type FlagSetting, flagsIn, hasFlags, type ProviderFlags } from './kubelet-flags.ts';
import { type NodeTree, readText } from './node-tree.ts';
import type { PlannedChange } from './planned-change.ts';
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
export function k3sFlags(tree: NodeTree): FlagSetting {
  const current = { ...USUAL, ...configuredFlags(tree) };
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

/** Fragments come after the file, in the order of their names, and the last value counts. */
function configuredFlags(tree: NodeTree): Partial<ProviderFlags> {
  const fragments = tree.list(CONFIG_DIRECTORY).filter((name) => /\.ya?ml$/.test(name));
  const files = [CONFIG_FILE, ...fragments.map((name) => `${CONFIG_DIRECTORY}/${name}`)];
  return Object.assign({}, ...files.map((file) => flagsOf(readText(tree, file) ?? '')));
}

function flagsOf(text: string): Partial<ProviderFlags> {
  const document = readYaml(text);
  if (isDocumentError(document)) return {};
  const { root } = document;
  const own = ['config', 'bin-dir'].flatMap((name) => {
    const value = textOf(root, `image-credential-provider-${name}`);
    return value === '' ? [] : [`--image-credential-provider-${name}=${value}`];
  });
  const single =
    fieldOf(root, 'kubelet-arg')?.type === 'string' ? [textOf(root, 'kubelet-arg')] : [];
  const args = [...textsOf(root, 'kubelet-arg'), ...textsOf(root, 'kubelet-arg+'), ...single];
  return flagsIn([...own, ...args.map((arg) => `--${arg}`)]);
}
