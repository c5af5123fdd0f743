import { isJsonObject } from '../diagnostics/json.ts';
import { parseEnvironmentFile } from './environment-file.ts';
import type { NodeKind } from './node-kind.ts';
import { type NodeTree, readText } from './node-tree.ts';

/** A version by which features are told: `1.34`. */
export interface ComponentVersion {
  readonly major: number;
  readonly minor: number;
  /** As it was found, and where. */
  readonly text: string;
  readonly from: string;
}

const DPKG_STATUS = '/var/lib/dpkg/status';
const OS_RELEASE = '/etc/os-release';
const MICROSHIFT_RELEASES = '/usr/share/microshift/release';
/** Kubernetes' minor version in the first release of each of OpenShift's major ones: 4.21 runs 1.34, 5.0 runs 1.36. */
const KUBERNETES_MINOR: Readonly<Record<string, number>> = { 4: 13, 5: 36 };

/** The packages by their Debian names. */
const PACKAGES = { kubelet: 'kubelet', crio: 'cri-o' } as const;

/** The version that the node's files tell of a component; undefined where they do not. */
export function versionOnDisk(
  tree: NodeTree,
  kind: NodeKind,
  component: keyof typeof PACKAGES,
): ComponentVersion | undefined {
  // k3s is one program, which no package of a kubelet's tells of.
  if (kind === 'k3s' && component === 'kubelet') return undefined;
  const release = releaseOf(tree, kind);
  if (release !== undefined) return release;
  const status = readText(tree, DPKG_STATUS) ?? '';
  const entry = status
    .split('\n\n')
    .find((one) => one.startsWith(`Package: ${PACKAGES[component]}\n`));
  const version = /^Version: (?:\d+:)?(\S+)$/m.exec(entry ?? '')?.[1];
  return version === undefined ? undefined : componentVersion(version, DPKG_STATUS);
}

/** Reads the first `MAJOR.MINOR` of a text; undefined where it has none. */
export function componentVersion(text: string, from: string): ComponentVersion | undefined {
  const found = /\bv?(\d+)\.(\d+)(?:\.\d+)?[^\s]*/.exec(text);
  if (found === null) return undefined;
  return { major: Number(found[1]), minor: Number(found[2]), text: found[0], from };
}

/** Whether a version is at least `MAJOR.MINOR`. */
export function isAtLeast(version: ComponentVersion, major: number, minor: number): boolean {
  return version.major > major || (version.major === major && version.minor >= minor);
}

/** Distributions whose release decides both. */
function releaseOf(tree: NodeTree, kind: NodeKind): ComponentVersion | undefined {
  const found = kind === 'microshift' ? microshiftRelease(tree) : openshiftRelease(tree, kind);
  const [, major = '', minor] = /^(\d+)\.(\d+)/.exec(found?.text ?? '') ?? [];
  const first = KUBERNETES_MINOR[major];
  if (found === undefined || first === undefined) return undefined;
  const kubernetes = `1.${first + Number(minor)}`;
  return componentVersion(kubernetes, `${found.from} (${major}.${minor})`);
}

interface Release {
  readonly text: string;
  readonly from: string;
}

function openshiftRelease(tree: NodeTree, kind: NodeKind): Release | undefined {
  if (kind !== 'openshift') return undefined;
  const text = parseEnvironmentFile(readText(tree, OS_RELEASE) ?? '').get('OPENSHIFT_VERSION');
  return text === undefined ? undefined : { text, from: OS_RELEASE };
}

function microshiftRelease(tree: NodeTree): Release | undefined {
  for (const name of tree.list(MICROSHIFT_RELEASES)) {
    if (!/^release-(?:x86_64|aarch64)\.json$/.test(name)) continue;
    const from = `${MICROSHIFT_RELEASES}/${name}`;
    const text = baseOf(readText(tree, from) ?? '');
    if (text !== undefined) return { text, from };
  }
  return undefined;
}

function baseOf(text: string): string | undefined {
  try {
    const document: unknown = JSON.parse(text);
    const release = isJsonObject(document) ? document['release'] : undefined;
    const base = isJsonObject(release) ? release['base'] : undefined;
    return typeof base === 'string' ? base : undefined;
  } catch {
    return undefined;
  }
}
