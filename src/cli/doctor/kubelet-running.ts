import { broken, type Outcome, ok, unknown } from './check.ts';
import type { NodeCheck } from './node-check.ts';
import type { NodeWorld } from './node-world.ts';

/** Whether there is a kubelet that could run plugins. */
export const kubeletRunning: NodeCheck = { id: 'kubelet', needs: 'machine', look };

function look({ running, service, machine }: NodeWorld): Outcome {
  const [kubelet, ...others] = running;
  if (kubelet === undefined && machine?.seesAll !== true) {
    return unknown('no kubelet is seen, and only root sees all processes', {
      change: 'run this as root',
    });
  }
  if (kubelet === undefined) {
    return broken(`no kubelet runs: ${service} is stopped, or ends again and again`, {
      command: `systemctl restart ${service}; journalctl -u ${service} -n 20`,
    });
  }
  if (others.length > 0) {
    return unknown(`${running.length} kubelets run here, and which one is meant is not known`, {
      change: 'name its files with --credential-provider-config and --credential-provider-bin-dir',
    });
  }
  const since =
    kubelet.startedAt === undefined ? '' : ` since ${new Date(kubelet.startedAt).toISOString()}`;
  return ok(`process ${kubelet.pid} runs it${since}`);
}
