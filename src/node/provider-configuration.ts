import { posix } from 'node:path';
import { Failure } from '../diagnostics/errors.ts';
import { type ConfigReader, readCredentialProviderConfig } from '../kubelet/config-files.ts';
import { CONFIG_GROUP, CONFIG_KIND } from '../kubelet/credential-provider-config.ts';
import type { AcceptedConfig, ConfigRemark } from '../kubelet/read-config.ts';
import { mergeProviders } from '../platform/merge-providers.ts';
import {
  type ProviderConfigRequest,
  providerConfigDocument,
  providerEntries,
} from '../platform/provider-config.ts';
import type { ProviderEntry } from '../platform/provider-entry.ts';
import { yamlText } from '../platform/yaml-document.ts';
import { editedFile, type NodeTree, readText } from './node-tree.ts';
import type { PlannedChange } from './planned-change.ts';
import { textFile } from './snapshot.ts';

/** The name of our file in a directory of configurations. */
const OWN_FILE = '50-pullkey.yaml';

/** What is to be in the kubelet's configuration. */
export interface ConfigurationRequest {
  /** A file, or a directory of them; neither need be there. */
  readonly path: string;
  readonly providers: ProviderConfigRequest;
  /** Only where somebody named it; one that is there stays otherwise. */
  readonly audience: string | undefined;
}

/** The file with our providers added to what is there, and sentences about what else had to change. */
export interface ConfigurationChange {
  readonly changes: readonly PlannedChange[];
  readonly remarks: readonly string[];
}

/**
 * Adds providers to a configuration. In a directory they go where one of them stands already, else into a
 * file of our own. Throws a Failure where the kubelet would refuse what is there.
 */
export function addProviders(tree: NodeTree, request: ConfigurationRequest): ConfigurationChange {
  const { path } = request;
  if (!tree.isDirectory(path)) {
    return mergedFile(tree, path, request, providerEntries(request.providers));
  }
  const present = accepted(tree, path, true);
  const ownFile = posix.join(path, OWN_FILE);
  const byFile = Map.groupBy(
    providerEntries(request.providers),
    ({ name }) => homeOf(present, name) ?? ownFile,
  );
  const merged = Array.from(byFile, ([file, entries]) => mergedFile(tree, file, request, entries));
  return {
    changes: merged.flatMap(({ changes }) => changes),
    remarks: merged.flatMap(({ remarks }) => remarks),
  };
}

/** The file of a directory in which a provider stands. */
function homeOf(config: AcceptedConfig | undefined, name: string): string | undefined {
  const index = config?.config.providers.findIndex((provider) => provider.name === name) ?? -1;
  return config?.places[index]?.file;
}

function mergedFile(
  tree: NodeTree,
  path: string,
  { providers, audience }: ConfigurationRequest,
  entries: readonly ProviderEntry[],
): ConfigurationChange {
  const why = "the kubelet's providers";
  const text = readText(tree, path) ?? '';
  if (text.trim() === '') {
    const after = textFile(yamlText([newDocument(providers, entries)]));
    return { changes: [{ path, after, why }], remarks: [] };
  }
  accepted(tree, path, false);
  const { yaml, changes: remarks } = mergeProviders({ path, text }, entries, audience);
  if (isSameConfig(yaml, text)) return { changes: [], remarks };
  const merged = /^\s*\{/.test(text) ? `${JSON.stringify(Bun.YAML.parse(yaml), null, 2)}\n` : yaml;
  return { changes: [{ path, after: editedFile(tree, path, merged), why }], remarks };
}

function newDocument(providers: ProviderConfigRequest, entries: readonly ProviderEntry[]) {
  const document = providerConfigDocument(providers);
  const isWhole = entries.length === providerEntries(providers).length;
  if (isWhole) return document;
  return { value: { apiVersion: `${CONFIG_GROUP}/v1`, kind: CONFIG_KIND, providers: entries } };
}

/** Whether only the writing differs. */
function isSameConfig(one: string, other: string): boolean {
  return Bun.deepEquals(Bun.YAML.parse(one), Bun.YAML.parse(other));
}

/** A configuration that the kubelet accepts, and reads as a whole. Throws a Failure that names every problem. */
export function accepted(
  tree: NodeTree,
  path: string,
  mayBeEmpty: boolean,
): AcceptedConfig | undefined {
  if (mayBeEmpty && !tree.list(path).some((name) => /\.(?:json|ya?ml)$/.test(name)))
    return undefined;
  const verdict = readCredentialProviderConfig(path, readerOf(tree));
  if (verdict.ok && verdict.notes.length === 0) return verdict;
  const remarks = verdict.ok ? verdict.notes : verdict.problems;
  const told = remarks.length === 0 && !verdict.ok ? verdict.error : remarks.map(placed).join('\n');
  throw new Failure(`the kubelet's configuration must be mended first:\n${told}`);
}

function placed({ file, position, message }: ConfigRemark): string {
  return `${file}:${position.line}:${position.column}: ${message}`;
}

/** The files of a node, as the kubelet would read them. */
export function readerOf(tree: NodeTree): ConfigReader {
  return {
    isDirectory: (path) => {
      if (tree.isDirectory(path)) return true;
      if (tree.modeOf(path) === undefined) throw missing(path);
      return false;
    },
    fileNames: (directory) =>
      tree
        .list(directory)
        .filter((name) => tree.snapshot(posix.join(directory, name)).kind !== 'directory'),
    read: (path) => {
      const bytes = tree.read(path);
      if (bytes === undefined) throw missing(path);
      return bytes;
    },
  };
}

function missing(path: string): Error {
  return Object.assign(new Error(`no such file or directory: ${path}`), { code: 'ENOENT' });
}
