import { statSync } from 'node:fs';
import { posix } from 'node:path';
import { plain } from '../../diagnostics/plain.ts';
import { CRIO_SERVICE, crioSettings } from '../../node/crio-settings.ts';
import type { RunningService } from '../../node/running-service.ts';
import { broken, type Outcome, type Outcomes, ok, unknown } from './check.ts';
import { lastReload, type Reload } from './crio-reload.ts';
import type { NodeCheck } from './node-check.ts';
import { nodeRegistries } from './node-registries.ts';
import { type NodeWorld, onNode, usesMirrorProvider } from './node-world.ts';

/** Whether CRI-O has read registries.conf since it was last changed. */
export const crioRegistries: NodeCheck = { id: 'crio-registries', needs: 'machine', look };

/** The one directory that CRI-O watches, where it watches any (cri-o server.go, auto_reload_registries). */
const WATCHED = '/etc/containers/registries.conf.d';
/** The time of the machine's start is known to the second. */
const PRECISION_MS = 1_000;
const RELOAD = { command: 'systemctl reload crio' };

async function look(world: NodeWorld): Promise<Outcomes> {
  const { machine, tree } = world;
  if (machine === undefined || !usesMirrorProvider(world)) return [];
  const [crio, ...others] = machine.services('crio');
  if (crio === undefined && !machine.seesAll) {
    return unknown('no CRI-O is seen, and only root sees all processes', {
      change: 'run this as root',
    });
  }
  if (crio === undefined) {
    return broken('CRI-O does not run', { command: `systemctl restart ${CRIO_SERVICE}` });
  }
  if (others.length > 0)
    return unknown('several CRI-O run here, and which one counts is not known');
  const changes = changesOf(world);
  const { startedAt } = crio;
  if (startedAt === undefined) return unknown('when CRI-O was started cannot be seen', RELOAD);
  if (changes.every(({ at }) => at < startedAt - PRECISION_MS)) {
    return ok(`CRI-O (process ${crio.pid}) has read registries.conf at its start`);
  }
  const later = changes.filter(({ at }) => at >= startedAt - PRECISION_MS);
  const settings = crioSettings(tree, crio.args);
  const isWatched = ({ path }: Change): boolean =>
    path === WATCHED || posix.dirname(path) === WATCHED;
  if (settings.autoReloadRegistries.value === 'true' && later.every(isWatched)) {
    return ok(`CRI-O (process ${crio.pid}) reads ${WATCHED} at each change`);
  }
  return judge(crio, later, await lastReload(world, crio, settings.logLevel.value));
}

function judge(crio: RunningService, later: readonly Change[], reload: Reload): Outcome {
  const newest = later.reduce((one, other) => (other.at > one.at ? other : one));
  if (reload.at !== undefined && reload.at > newest.at) {
    return ok(`CRI-O has read registries.conf at its reload of ${isoTime(reload.at)}`);
  }
  const { startedAt = 0 } = crio;
  const what = `${plain(newest.path)} was changed at ${isoTime(newest.at)}, after CRI-O's start`;
  if (newest.isCertain && newest.at > startedAt + PRECISION_MS && reload.isWhole) {
    return broken(
      `CRI-O has not read registries.conf anew: ${what}, and it was not reloaded`,
      RELOAD,
    );
  }
  const why = reload.isWhole ? 'its content may be what it was' : reload.problem;
  return unknown(`${what}, and whether CRI-O has read it is not known: ${why}`, RELOAD);
}

interface Change {
  /** On the node. */
  readonly path: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Not where only its name, owner or mode may have changed. */
  readonly isCertain: boolean;
}

/** When the files that count, and the directories of drop-ins, were last changed. */
function changesOf(world: NodeWorld): readonly Change[] {
  const { tree, plugin } = world;
  const directories = plugin.options.registriesConfDirs;
  const places = [...nodeRegistries(world).files, ...directories.map((one) => tree.locate(one))];
  return places.flatMap((place) => {
    const found = statSync(place, { throwIfNoEntry: false });
    if (found === undefined) return [];
    const at = Math.max(found.mtimeMs, found.ctimeMs);
    return [{ path: onNode(world, place), at, isCertain: found.mtimeMs >= at - PRECISION_MS }];
  });
}

function isoTime(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}
