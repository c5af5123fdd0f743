import { plain } from '../../diagnostics/plain.ts';
import { readHeader } from '../../node/executable-file.ts';
import { executableHeader } from '../../node/executable-header.ts';
import { nodeArchitecture } from '../../node/node-architecture.ts';
import type { Ownership } from '../../node/ownership.ts';
import { readServiceUnit } from '../../node/service-unit.ts';
import { broken, type Outcome } from './check.ts';
import type { NodeWorld } from './node-world.ts';
import { installCommand, installing, onTarget } from './remedies.ts';

/** The executable of a configured provider. */
export interface PluginFile {
  readonly name: string;
  /** On the node. */
  readonly path: string;
  readonly directory: string;
  readonly isOurs: boolean;
}

export const EXECUTE_BITS = 0o111;

/** Why the kubelet cannot run a file, or should not; undefined where it may. */
export function permissionProblem(
  world: NodeWorld,
  { name, path }: PluginFile,
  { mode, uid, isOpen, isTrusted }: Ownership,
): Outcome | undefined {
  if ((mode & EXECUTE_BITS) === 0) {
    const text = `${plain(name)} is not executable (mode ${octal(mode)}), and the kubelet does not start`;
    return broken(text, onTarget(world, path, 'chmod 0755'));
  }
  if (!isTrusted) {
    const text = `${plain(name)} belongs to the user ${uid}, who can have the kubelet run anything as root`;
    return broken(text, onTarget(world, path, 'chown root:root'));
  }
  if (!isOpen) return undefined;
  const text = `others than root can write ${plain(name)} (mode ${octal(mode)}), which the kubelet runs as root`;
  return broken(text, onTarget(world, path, 'chmod go-w'));
}

/** Why a file cannot be run on this node; undefined where it can, as far as its first bytes tell. */
export function formatProblem(
  world: NodeWorld,
  { name, path, isOurs }: PluginFile,
): Outcome | undefined {
  const header = executableHeader(readHeader(world.tree, path) ?? new Uint8Array());
  if (header.kind === 'script') return undefined;
  if (header.kind === 'other') {
    const text = `${plain(name)} is neither a program nor a script, so every run of it fails`;
    return broken(text, isOurs ? installing(world) : { change: 'put its executable there anew' });
  }
  const { tree, service } = world;
  const own = nodeArchitecture(tree, readServiceUnit(tree, service)?.command);
  if (own === undefined || own === header.architecture) return undefined;
  return broken(`${plain(name)} is for ${header.architecture}, and this node is ${own}`, {
    change: isOurs
      ? `${installCommand(world)} --executable FILE, with the pullkey for ${own}`
      : `put its executable for ${own} there`,
  });
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}
