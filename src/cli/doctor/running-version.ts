import { type ComponentVersion, componentVersion } from '../../node/component-versions.ts';
import type { RunningService } from '../../node/running-service.ts';
import type { NodeWorld } from './node-world.ts';

/** The version that the program of a running process prints; undefined where it does not, or several run. */
export async function versionOfRunning(
  { run }: Pick<NodeWorld, 'run'>,
  running: readonly RunningService[],
): Promise<ComponentVersion | undefined> {
  const [only, ...others] = running;
  if (only === undefined || others.length > 0) return undefined;
  const told = await run(only.executable, '--version');
  if ('problem' in told || told.code !== 0) return undefined;
  return componentVersion(told.stdout, 'the running process');
}
