import { Failure } from '../diagnostics/errors.ts';
import type { HealthCheck } from './kubelet-health.ts';
import type { ServiceControl } from './service-control.ts';

/** How services are told of changes. */
export interface Services {
  readonly control: ServiceControl;
  /** Undefined where the kubelet is not to be restarted. */
  readonly health: HealthCheck | undefined;
}

/** How services are restarted, and how a kubelet's health is seen. */
export interface Restarting extends Services {
  readonly health: HealthCheck;
}

/** Has CRI-O read its mirrors again, if they were changed; what it does not do by itself is told. */
export async function reloadCrio(
  control: ServiceControl | undefined,
  isNeeded: boolean,
): Promise<readonly string[]> {
  if (!isNeeded) return [];
  if (control === undefined) return ['CRI-O reads the mirrors after: systemctl reload crio'];
  try {
    await control.run('reload', 'crio');
    return [];
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return [`${error.message}; CRI-O reads the mirrors once it is started, or reloaded`];
  }
}
