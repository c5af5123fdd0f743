import { posix } from 'node:path';
import {
  type DocumentNode,
  fieldOf,
  isDocumentError,
  type ScalarNode,
  textsOf,
} from '../kubelet/document-tree.ts';
import { readYaml } from '../kubelet/read-yaml.ts';
import { flagValue } from '../kubelet/running-kubelet.ts';
import type { NodeKind } from './node-kind.ts';
import { type NodeTree, readText } from './node-tree.ts';

/** What of the kubelet's configuration decides about pulls. */
export interface KubeletSettings {
  /** The KubeletConfiguration, where one is read; of drop-ins the last that says anything. */
  readonly file: string | undefined;
  /** Those that are set, by name. */
  readonly featureGates: ReadonlyMap<string, boolean>;
  /** Undefined where nothing tells. */
  readonly serializeImagePulls: boolean | undefined;
  /** Of the metrics; undefined where nothing tells. */
  readonly port: number | undefined;
}

const MICROSHIFT_CONFIG = '/var/lib/microshift/resources/kubelet/config/config.yaml';
const K3S_CONFIG = '/etc/rancher/k3s/config.yaml';
const K3S_DROP_INS = '/var/lib/rancher/k3s/agent/etc/kubelet.conf.d';

/**
 * What a kubelet's command line, its configuration and that one's drop-ins say together: flags win, later
 * drop-ins win, feature gates add up. Source: kubernetes.io/docs/tasks/administer-cluster/kubelet-config-file.
 */
export function kubeletSettings(
  tree: NodeTree,
  kind: NodeKind,
  commandLine: readonly string[],
): KubeletSettings {
  const words = kind === 'k3s' ? k3sArguments(tree) : commandLine;
  const files = configFiles(tree, kind, words);
  const documents = files.flatMap((file) => {
    const root = documentOf(tree, file);
    return root === undefined ? [] : [{ file, root }];
  });
  const roots = documents.map(({ root }) => root);
  return {
    file: documents.at(-1)?.file ?? files[0],
    featureGates: new Map([...roots.flatMap(gatesOf), ...gatesOfFlag(words)]),
    serializeImagePulls: serializes(roots, words),
    port: portIn(roots, words),
  };
}

function configFiles(tree: NodeTree, kind: NodeKind, words: readonly string[]): readonly string[] {
  if (kind === 'microshift') return [MICROSHIFT_CONFIG];
  const directory = kind === 'k3s' ? K3S_DROP_INS : flagValue(words, 'config-dir');
  const file = flagValue(words, 'config');
  const dropIns = directory === undefined ? [] : tree.list(directory);
  return [
    ...(file === undefined ? [] : [file]),
    ...dropIns
      .filter((name) => name.endsWith('.conf'))
      .map((name) => posix.join(directory ?? '', name)),
  ];
}

function documentOf(tree: NodeTree, file: string): DocumentNode | undefined {
  const text = readText(tree, file);
  const document = text === undefined ? undefined : readYaml(text);
  return document === undefined || isDocumentError(document) ? undefined : document.root;
}

/** The arguments that k3s hands to its kubelet. */
function k3sArguments(tree: NodeTree): readonly string[] {
  const root = documentOf(tree, K3S_CONFIG);
  return root === undefined ? [] : textsOf(root, 'kubelet-arg').map((arg) => `--${arg}`);
}

function gatesOf(root: DocumentNode): readonly (readonly [string, boolean])[] {
  const gates = fieldOf(root, 'featureGates');
  if (gates?.type !== 'object') return [];
  return gates.fields.flatMap(({ name, value }) =>
    value.type === 'boolean' ? [[name, value.value === true] as const] : [],
  );
}

/** `--feature-gates=A=true,B=false`, any number of times. */
function gatesOfFlag(words: readonly string[]): readonly (readonly [string, boolean])[] {
  return words.flatMap((word, index) => {
    const flag = /^--?feature-gates(?:=(.*))?$/.exec(word);
    if (flag === null) return [];
    const gates = (flag[1] ?? words[index + 1] ?? '').split(',');
    return gates.map((gate) => {
      const [name = '', state = ''] = gate.split('=');
      return [name, state.toLowerCase() === 'true'] as const;
    });
  });
}

/** The kubelet pulls one image after the other, unless it is told otherwise or may pull several at once. */
function serializes(roots: readonly DocumentNode[], words: readonly string[]): boolean | undefined {
  const flag = flagValue(words, 'serialize-image-pulls');
  if (flag !== undefined) return flag !== 'false';
  const set = lastOf(roots, 'serializeImagePulls');
  if (typeof set === 'boolean') return set;
  if (roots.length === 0) return undefined;
  const most = lastOf(roots, 'maxParallelImagePulls');
  return typeof most !== 'number' || most <= 1;
}

function portIn(roots: readonly DocumentNode[], words: readonly string[]): number | undefined {
  const port = flagValue(words, 'port') ?? lastOf(roots, 'port');
  return port === undefined || Number.isNaN(Number(port)) ? undefined : Number(port);
}

/** The value of a scalar field in the last document that has it. */
function lastOf(roots: readonly DocumentNode[], name: string): ScalarNode['value'] | undefined {
  const node = roots.map((root) => fieldOf(root, name)).findLast((one) => one !== undefined);
  return node === undefined || !('value' in node) ? undefined : node.value;
}
