import { originOfFile, originOfVersion, type PluginOrigin } from '../../node/plugin-origin.ts';
import { MIRROR_PROVIDER } from '../../platform/overlay.ts';
import type { NodeWorld } from './node-world.ts';

/**
 * Whose program lies under the name of one of our plugins: on this machine it says so itself, as far as it
 * knows `--version-json`; otherwise its content does. Call it only for what nobody but root can write.
 */
export async function originOf(
  { tree, machine, run }: NodeWorld,
  name: string,
  path: string,
): Promise<PluginOrigin | undefined> {
  if (machine !== undefined && name === MIRROR_PROVIDER) {
    const told = await run(tree.locate(path, false), '--version-json');
    const origin = 'stdout' in told && told.code === 0 ? originOfVersion(told.stdout) : undefined;
    if (origin !== undefined) return origin;
  }
  const bytes = tree.read(path);
  return bytes === undefined ? undefined : originOfFile(bytes);
}
