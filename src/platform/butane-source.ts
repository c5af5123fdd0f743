import { builtInConfigFiles } from './built-in-providers.ts';
import type { NodeFile } from './machine-config.ts';
import type { RenderedDocument } from './yaml-document.ts';

/** Where mirrors go: a drop-in of our own, beside the file that the cluster generates. */
export const MIRRORS_FILE = '/etc/containers/registries.conf.d/90-pullkey-mirrors.conf';

/** The file that the cluster generates from its mirror sets. */
export const GENERATED_REGISTRIES_CONF = '/etc/containers/registries.conf';

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
      const text = REPLACED.get(path);
      return text === undefined ? [] : [{ path: ['storage', 'files', index], text }];
    }),
    octal: files.map((_, index) => ['storage', 'files', index, 'mode']),
  };
}

function butaneFile({ path, content }: NodeFile): RenderedDocument['value'] {
  return { path, mode: 0o644, overwrite: true, contents: { inline: content } };
}

const REPLACED: ReadonlyMap<string, string> = new Map([
  ...Array.from(builtInConfigFiles(), (path): [string, string] => [
    path,
    "Replaces the platform's own file; its provider stays in it.",
  ]),
  [
    GENERATED_REGISTRIES_CONF,
    'Replaces the file that the cluster generates from its mirror sets: they have no effect any more.',
  ],
]);
