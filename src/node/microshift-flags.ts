import { stringify } from 'yaml';
import { fieldOf, isDocumentError, textOf } from '../kubelet/document-tree.ts';
import { readYaml } from '../kubelet/read-yaml.ts';
import { type FlagSetting, hasFlags, type ProviderFlags } from './kubelet-flags.ts';
import { type NodeTree, readText } from './node-tree.ts';
import { textFile } from './snapshot.ts';

const CONFIG_FILE = '/etc/microshift/config.yaml';
const CONFIG_DIRECTORY = '/etc/microshift/config.d';
const FRAGMENT = `${CONFIG_DIRECTORY}/20-pullkey.yaml`;

const USUAL: ProviderFlags = {
  config: '/etc/microshift/credential-providers.yaml',
  pluginDir: '/usr/libexec/microshift/credential-providers',
};

/** The flags of MicroShift's kubelet, which runs inside it and takes them from its configuration. */
export function microshiftFlags(tree: NodeTree): FlagSetting {
  const current = currentFlags(tree);
  return {
    current,
    usual: USUAL,
    changesTo: (flags) => (hasFlags(current, flags) ? [] : [fragment(flags)]),
  };
}

function fragment({ config, pluginDir }: ProviderFlags) {
  const kubelet = {
    imageCredentialProviderConfigPath: config,
    imageCredentialProviderBinDir: pluginDir,
  };
  const text = `# The kubelet's credential providers; written by pullkey install.\n${stringify({ kubelet })}`;
  return { path: FRAGMENT, after: textFile(text), why: "the kubelet's flags" };
}

/** Fragments come after the file, in the order of their names, and the last value counts. */
function currentFlags(tree: NodeTree): Partial<ProviderFlags> {
  const fragments = tree.list(CONFIG_DIRECTORY).filter((name) => name.endsWith('.yaml'));
  const files = [CONFIG_FILE, ...fragments.map((name) => `${CONFIG_DIRECTORY}/${name}`)];
  return Object.assign({}, ...files.map((file) => flagsOf(readText(tree, file) ?? '')));
}

function flagsOf(text: string): Partial<ProviderFlags> {
  const document = readYaml(text);
  const kubelet = isDocumentError(document) ? undefined : fieldOf(document.root, 'kubelet');
  if (kubelet === undefined) return {};
  const config = textOf(kubelet, 'imageCredentialProviderConfigPath');
  const pluginDir = textOf(kubelet, 'imageCredentialProviderBinDir');
  return { ...(config === '' ? {} : { config }), ...(pluginDir === '' ? {} : { pluginDir }) };
}
