import { builtInConfigFiles } from './built-in-providers.ts';
import type { NodeFile } from './machine-config.ts';
import type { RenderedDocument } from './yaml-document.ts';

/** Where mirrors go: a drop-in of our own, beside the file that the cluster generates. */
export const MIRRORS_FILE = '/etc/containers/registries.conf.d/90-pullkey-mirrors.conf';

/** The file that the cluster generates from its mirror sets. */
export const GENERATED_REGISTRIES_CONF = '/etc/containers/registries.conf';

/**
 * The MachineConfig with that file, of a cluster that has mirror sets or registry sources. Of two with the
 * same path, the later by name wins. Source: the machine-config-operator's getManagedKeyReg.
 */
export function generatedRegistriesName(pool: string): string {
  return `99-${pool}-generated-registries`;
}

/** What a pool's nodes shall get, as a Butane config. */
export interface ButaneRequest {
  readonly pool: string;
  /** Such as `4.21.0`; it decides the version of Ignition. */
  readonly openshiftVersion: string;
  readonly files: readonly NodeFile[];
}

/**
 * A Butane config (variant openshift) that writes files on a pool's nodes over what is there. Its name
 * begins with 99, so that it comes after the machine-config-operator's own.
 */
export function butaneSource(request: ButaneRequest): RenderedDocument {
  const { pool, openshiftVersion, files } = request;
  return {
    value: {
      variant: 'openshift',
      version: openshiftVersion,
      metadata: {
        name: `99-${pool}-crio-credential-provider-config`,
        labels: { 'machineconfiguration.openshift.io/role': pool },
      },
      storage: { files: files.map(butaneFile) },
    },
    remarks: files.flatMap(({ path }, index) => {
      const text = replacementRemark(path, pool);
      return text === undefined ? [] : [{ path: ['storage', 'files', index], text }];
    }),
    octal: files.map((_, index) => ['storage', 'files', index, 'mode']),
  };
}

function butaneFile({ path, content }: NodeFile): RenderedDocument['value'] {
  return { path, mode: 0o644, overwrite: true, contents: { inline: content } };
}

/** What stands at a path already. */
function replacementRemark(path: string, pool: string): string | undefined {
  if (path === GENERATED_REGISTRIES_CONF) {
    return (
      'Replaces the file that the cluster generates from its mirror sets; ' +
      `where it has any, ${generatedRegistriesName(pool)} comes later and wins.`
    );
  }
  if (!builtInConfigFiles().includes(path)) return undefined;
  return "Replaces the platform's own file; its provider stays in it.";
}
