/** A file of an Ignition configuration. */
export interface NodeFile {
  readonly path: string;
  readonly content: string;
}

// Type aliases, because an interface has no index signature and could not be printed as a document.

/** A MachineConfig (machineconfiguration.openshift.io/v1) with nothing but files. */
export type MachineConfig = {
  readonly apiVersion: 'machineconfiguration.openshift.io/v1';
  readonly kind: 'MachineConfig';
  readonly metadata: {
    readonly name: string;
    readonly labels: { readonly [name: string]: string };
    readonly annotations?: { readonly [name: string]: string };
  };
  readonly spec: { readonly config: Ignition };
};

/** Ignition 3.5, its fields in the order of the machine-config-operator's JSON. */
export type Ignition = {
  readonly ignition: { readonly version: '3.5.0' };
  readonly storage?: { readonly files: readonly IgnitionFile[] };
};

type IgnitionFile = {
  readonly overwrite: true;
  readonly path: string;
  readonly contents: { readonly compression: ''; readonly source: string };
  readonly mode: number;
};

const ROLE_LABEL = 'machineconfiguration.openshift.io/role';
const MODE = 0o644;

/** The Ignition configuration of some files, as the machine-config-operator builds it; of none, an empty one. */
export function ignitionOf(files: readonly NodeFile[]): Ignition {
  const ignition = { version: '3.5.0' } as const;
  return files.length === 0
    ? { ignition }
    : { ignition, storage: { files: files.map(ignitionFile) } };
}

function ignitionFile({ path, content }: NodeFile): IgnitionFile {
  const base64 = Buffer.from(content).toString('base64');
  const source = `data:text/plain;charset=utf-8;base64,${base64}`;
  return { overwrite: true, path, contents: { compression: '', source }, mode: MODE };
}

/** A MachineConfig for a pool's nodes. */
export function machineConfig(
  name: string,
  pool: string,
  files: readonly NodeFile[],
): MachineConfig {
  return {
    apiVersion: 'machineconfiguration.openshift.io/v1',
    kind: 'MachineConfig',
    metadata: { name, labels: { [ROLE_LABEL]: pool } },
    spec: { config: ignitionOf(files) },
  };
}

/** The name that the machine-config-operator gives a pool's credential provider MachineConfig. */
export function operatorsMachineConfigName(pool: string): string {
  return `97-${pool}-generated-credentialproviderconfig`;
}

/**
 * The MachineConfig as the machine-config-operator itself would mark it. Where the hash is not that of
 * the cluster's operator, the pool stops being rendered.
 */
export function generatedByOperator(config: MachineConfig, versionHash: string): MachineConfig {
  const annotations = {
    'machineconfiguration.openshift.io/generated-by-controller-version': versionHash,
  };
  return { ...config, metadata: { ...config.metadata, annotations } };
}
