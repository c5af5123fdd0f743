import { kubeletSettings } from '../../node/kubelet-settings.ts';
import { type PluginMetrics, pluginMetrics } from '../../node/plugin-metrics.ts';
import { MIRROR_PROVIDER } from '../../platform/overlay.ts';
import { GENERIC_PROVIDER } from '../../platform/provider-entry.ts';
import { type Outcome, type Outcomes, ok, unknown, warning } from './check.ts';
import type { NodeCheck } from './node-check.ts';
import type { NodeWorld } from './node-world.ts';

/** What the kubelet has counted of our plugins since it was started. */
export const metrics: NodeCheck = { id: 'plugin-metrics', needs: 'machine', look };

const OURS: readonly string[] = [MIRROR_PROVIDER, GENERIC_PROVIDER];
const KUBELET_PORT = 10250;
const SLOW_SECONDS = 5;

async function look(world: NodeWorld): Promise<Outcomes> {
  const { machine, tree, kind, commandLine, running } = world;
  if (machine === undefined || running.length === 0) return [];
  const { port = KUBELET_PORT } = kubeletSettings(tree, kind, commandLine);
  const answer = await machine.metrics(`https://127.0.0.1:${port}/metrics`);
  if (answer.text === undefined) {
    return unknown(`the kubelet's metrics cannot be read: ${answer.problem}`, {
      command: `kubectl get --raw /api/v1/nodes/$(hostname)/proxy/metrics | grep credential_provider`,
    });
  }
  const counted = pluginMetrics(answer.text).filter(({ plugin }) => OURS.includes(plugin));
  if (counted.length === 0) return ok('the kubelet has run none of our plugins since its start');
  return counted.map(judge);
}

function judge(counted: PluginMetrics): Outcome {
  const { plugin, errors, runs, seconds } = counted;
  const average = runs === 0 ? 0 : seconds / runs;
  const told = `${runs} ${runs === 1 ? 'run' : 'runs'} of ${plugin} since the kubelet's start`;
  if (errors > 0) {
    return warning(`${errors} of ${told} failed, and their pulls went on without credentials`, {
      command: `journalctl SYSLOG_IDENTIFIER=${plugin} --priority=err --lines=20`,
    });
  }
  const taking = `${average.toFixed(2)} s each`;
  if (average < SLOW_SECONDS) return ok(`${told}, ${taking}, none failed`);
  return warning(`${told} took ${taking}`, {
    change:
      'see whether the API server answers slowly, or other pulls leave their auth files waiting (image-pulls)',
  });
}
