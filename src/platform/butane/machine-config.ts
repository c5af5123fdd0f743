import type { Config } from './config.ts';
import type { Json, JsonObject } from './ignition-output.ts';

/** Wraps an Ignition config in a MachineConfig, with what the openshift section adds. */
export function machineConfig({ metadata, openshift }: Config, ignition: JsonObject): JsonObject {
  const labels = Object.fromEntries(metadata.labels ?? []);
  return {
    apiVersion: 'machineconfiguration.openshift.io/v1',
    kind: 'MachineConfig',
    metadata: { name: metadata.name, ...ifFilled('labels', labels) },
    spec: {
      config: ignition,
      ...ifFilled('kernelArguments', openshift.kernel_arguments ?? []),
      ...ifFilled('extensions', openshift.extensions ?? []),
      ...(openshift.fips === undefined ? {} : { fips: openshift.fips }),
      ...(openshift.kernel_type === undefined ? {} : { kernelType: openshift.kernel_type }),
    },
  };
}

function ifFilled(name: string, value: JsonObject | readonly Json[]): JsonObject {
  return Object.keys(value).length === 0 ? {} : { [name]: value };
}
