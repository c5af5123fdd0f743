import type {
  CustomResource,
  StructuralSchema,
} from '../../platform/custom-resource/structural-schema.ts';
import { FLAG, list, TEXT } from './schema-parts.ts';

const GATE_NAMES = list({ type: 'string', pattern: '^([A-Za-z0-9-]+\\.)*[A-Za-z0-9-]+\\.?$' });

/** Source of both: openshift/api, config/v1 and machineconfiguration/v1. */
export const FEATURE_GATE: CustomResource = {
  group: 'config.openshift.io',
  version: 'v1',
  kind: 'FeatureGate',
  plural: 'featuregates',
  schema: kind(
    {
      featureSet: TEXT,
      customNoUpgrade: {
        type: 'object',
        properties: { disabled: GATE_NAMES, enabled: GATE_NAMES },
      },
    },
    { status: { type: 'object', preserveUnknownFields: true } },
  ),
};

/** The Ignition configuration in it is kept as it is, and checked by the machine-config-operator alone. */
export const MACHINE_CONFIG: CustomResource = {
  group: 'machineconfiguration.openshift.io',
  version: 'v1',
  kind: 'MachineConfig',
  plural: 'machineconfigs',
  schema: kind({
    baseOSExtensionsContainerImage: TEXT,
    config: { type: 'object', preserveUnknownFields: true },
    extensions: list(TEXT),
    fips: FLAG,
    kernelArguments: list(TEXT),
    kernelType: TEXT,
    osImageURL: TEXT,
  }),
};

type Fields = Readonly<Record<string, StructuralSchema>>;

function kind(spec: Fields, rest: Fields = {}): StructuralSchema {
  return {
    type: 'object',
    required: ['spec'],
    properties: {
      apiVersion: TEXT,
      kind: TEXT,
      metadata: { type: 'object' },
      spec: { type: 'object', properties: spec },
      ...rest,
    },
  };
}
