import {
  type Condition,
  conditionOf,
  renderedCondition,
  validatedCondition,
} from '../../../src/platform/conditions.ts';
import { machineConfig, operatorsMachineConfigName } from '../../../src/platform/machine-config.ts';
import { platformProblem } from '../../../src/platform/platform-type.ts';
import { poolFiles } from '../../../src/platform/pool-files.ts';
import { difference } from '../difference.ts';
import type { ConformanceCase } from '../suite.ts';

/** Some reconciliations in a row, and what the cluster looks like after each. */
export interface SyncCase extends ConformanceCase {
  readonly kind: 'sync';
  readonly input: {
    readonly platform: string;
    readonly pools: readonly { readonly name: string; readonly builtIn: boolean }[];
    readonly uid: string;
    readonly noControllerConfig?: boolean;
    readonly steps: readonly SyncStep[];
  };
  readonly expect: { readonly steps: readonly unknown[] };
}

interface SyncStep {
  readonly generation: number;
  readonly matchImages: readonly string[];
  readonly failVerb?: string;
  readonly failMessage?: string;
}

interface StoredMachineConfig {
  readonly name: string;
  readonly labels: unknown;
  readonly annotations: unknown;
  readonly ownerReferences: unknown;
  readonly files: unknown;
  readonly rawIgnition: string;
}

const GENERATED_BY = 'machineconfiguration.openshift.io/generated-by-controller-version';
const UNBUILT_VERSION = 'was-not-built-properly';

/** Replays the steps with our renderer and our conditions against a cluster in memory. */
export function checkSync(recorded: SyncCase): string | undefined {
  const cluster = new Cluster(recorded.input);
  const steps = recorded.input.steps.map((step) => cluster.sync(step));
  return difference(steps, recorded.expect.steps);
}

class Cluster {
  readonly #input: SyncCase['input'];
  readonly #machineConfigs = new Map<string, StoredMachineConfig>();
  readonly #conditions = new Map<string, Condition>();
  #updates: Condition[] = [];
  #writes: string[] = [];

  constructor(input: SyncCase['input']) {
    this.#input = input;
  }

  sync(step: SyncStep): unknown {
    this.#updates = [];
    this.#writes = [];
    const syncError = this.#input.noControllerConfig ? NO_CONTROLLER_CONFIG : this.#syncPools(step);
    return {
      conditionUpdates: this.#updates,
      conditions: [...this.#conditions.values()],
      machineConfigWrites: this.#writes.sort(),
      machineConfigs: [...this.#machineConfigs.values()].sort((one, other) =>
        one.name < other.name ? -1 : 1,
      ),
      ...(syncError === undefined ? {} : { syncError }),
    };
  }

  #syncPools(step: SyncStep): string | undefined {
    for (const { name } of this.#input.pools.filter(({ builtIn }) => builtIn)) {
      const unrendered = originalConfigError(this.#input.platform, name);
      if (unrendered !== undefined) return this.#fail('generate', unrendered, step);
      const { files, overlapped } = poolFiles(this.#input.platform, step.matchImages);
      this.#report(validatedCondition(overlapped, step.generation));
      const rendered = machineConfig(operatorsMachineConfigName(name), name, files);
      const error = this.#write(
        {
          name: rendered.metadata.name,
          labels: rendered.metadata.labels,
          annotations: { [GENERATED_BY]: UNBUILT_VERSION },
          ownerReferences: [
            {
              apiVersion: 'config.openshift.io/v1',
              kind: 'CRIOCredentialProviderConfig',
              name: 'cluster',
              uid: this.#input.uid,
            },
          ],
          files: files.map(({ path, content }) => ({
            compression: '',
            content,
            mode: 0o644,
            overwrite: true,
            path,
          })),
          rawIgnition: JSON.stringify(rendered.spec.config),
        },
        step,
      );
      if (error !== undefined) return this.#fail('sync', error, step);
      this.#report(renderedCondition(step.generation));
    }
    return undefined;
  }

  #fail(action: 'generate' | 'sync', error: string, { generation }: SyncStep): string {
    const message = `could not ${action} CRIOCredentialProvider Ignition config: ${error}`;
    this.#report(conditionOf({ type: 'MachineConfigRendered', error, message }, generation));
    this.#report(renderedCondition(generation, error));
    return error;
  }

  #write(rendered: StoredMachineConfig, step: SyncStep): string | undefined {
    const existing = this.#machineConfigs.get(rendered.name);
    if (existing?.rawIgnition === rendered.rawIgnition) return undefined;
    const verb = existing === undefined ? 'create' : 'update';
    this.#writes.push(`${verb} ${rendered.name}`);
    if (step.failVerb === verb) return step.failMessage;
    this.#machineConfigs.set(rendered.name, rendered);
    return undefined;
  }

  #report(condition: Condition): void {
    const last = this.#conditions.get(condition.type);
    if (difference(last, condition) === undefined) return;
    this.#updates.push(condition);
    this.#conditions.set(condition.type, condition);
  }
}

function originalConfigError(platform: string, pool: string): string | undefined {
  const problem = platformProblem(platform);
  return problem === undefined
    ? undefined
    : `could not generate original CRIOCredentialProvider config for role ${pool}: ` +
        `generateMachineConfigsforRole failed with error ${problem}`;
}

const NO_CONTROLLER_CONFIG =
  'could not get ControllerConfig: controllerconfig.machineconfiguration.openshift.io ' +
  '"machine-config-controller" not found';
