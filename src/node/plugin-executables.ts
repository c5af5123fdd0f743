import { Failure } from '../diagnostics/errors.ts';
import { plain } from '../diagnostics/plain.ts';
import type { NodeKind } from './node-kind.ts';
import type { NodeTree } from './node-tree.ts';
import type { PlannedChange } from './planned-change.ts';
import { type FileSnapshot, sha256 } from './snapshot.ts';

/** Where plugins go when the kubelet's own directory of them cannot be written. */
export const OWN_PLUGIN_DIR = '/var/lib/pullkey/plugins';

/** The executable's own name; the plugins' names are links to it. */
const EXECUTABLE = 'pullkey';
const EXECUTABLE_BY_ALL = 0o755;
const EXECUTE_BITS = 0o111;

/** Which directory the kubelet takes plugins from, and what has to be put there. */
export interface PluginPlacement {
  readonly directory: string;
  readonly changes: readonly PlannedChange[];
}

export interface PlacementRequest {
  readonly tree: NodeTree;
  readonly kind: NodeKind;
  /** The directory that the kubelet uses, or would usually. */
  readonly directory: string;
  /** Names of the plugins to put there. */
  readonly names: readonly string[];
  /** Names of all other configured providers. */
  readonly others: readonly string[];
  /** The executable's content. */
  readonly executable: Uint8Array;
}

/**
 * Puts the executable and its names into the kubelet's plugin directory; where that is read-only, into
 * one of our own with links to the other providers. Throws a Failure on OpenShift, where the directory
 * belongs to the node's image.
 */
export function placePlugins(request: PlacementRequest): PluginPlacement {
  const { tree, kind, directory, names, executable } = request;
  const digest = sha256(executable);
  const isThere = (name: string): boolean => {
    const present = tree.read(`${directory}/${name}`);
    return (
      present !== undefined && present.length === executable.length && sha256(present) === digest
    );
  };
  if (names.every(isThere)) return { directory, changes: [] };
  if (tree.isWritable(directory)) return { directory, changes: pluginChanges(request, directory) };
  if (kind === 'openshift') {
    throw new Failure(
      `the plugin directory ${plain(directory)} belongs to the node's image and is read-only; layer an image ` +
        'with the executable onto it: "pullkey render containerfile" prints the Containerfile, and ' +
        '"pullkey render machine-config" the configuration for a whole pool',
    );
  }
  return {
    directory: OWN_PLUGIN_DIR,
    changes: [...pluginChanges(request, OWN_PLUGIN_DIR), ...linksToOthers(request)],
  };
}

function pluginChanges(
  { names, executable }: PlacementRequest,
  directory: string,
): PlannedChange[] {
  const file: FileSnapshot = {
    kind: 'file',
    bytes: executable,
    mode: EXECUTABLE_BY_ALL,
    uid: 0,
    gid: 0,
  };
  return [
    { path: `${directory}/${EXECUTABLE}`, after: file, why: 'the executable' },
    ...names.map(
      (name): PlannedChange => ({
        path: `${directory}/${name}`,
        after: { kind: 'link', target: EXECUTABLE },
        why: 'its name as a plugin',
      }),
    ),
  ];
}

function linksToOthers({ directory, others }: PlacementRequest): PlannedChange[] {
  return others.map((name) => ({
    path: `${OWN_PLUGIN_DIR}/${name}`,
    after: { kind: 'link', target: `${directory}/${name}` },
    why: 'a provider that is configured already',
  }));
}

/** Why the kubelet could not run a provider, to be read after its name; undefined where it could. */
export function executableProblem(
  tree: NodeTree,
  directory: string,
  name: string,
): string | undefined {
  const mode = tree.modeOf(`${directory}/${name}`);
  if (mode === undefined) return `has no executable in ${plain(directory)}`;
  return (mode & EXECUTE_BITS) === 0 ? `is not executable in ${plain(directory)}` : undefined;
}
