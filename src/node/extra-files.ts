import type { CredentialProvider } from '../kubelet/credential-provider-config.ts';
import { flagValue } from '../kubelet/running-kubelet.ts';
import { MIRROR_PROVIDER } from '../platform/overlay.ts';
import type { ProviderChoice } from '../platform/provider-config.ts';
import type { PlannedChange } from './planned-change.ts';
import { textFile } from './snapshot.ts';

export const REGISTRIES_DROP_IN = '/etc/containers/registries.conf.d/50-pullkey.conf';
const TMPFILES_ENTRY = '/etc/tmpfiles.d/pullkey.conf';
/** Where the mirror provider writes auth files if nothing else is said. */
export const AUTH_DIRECTORY = '/etc/crio/auth';

/** What a node needs besides plugins, configuration and flags. */
export interface ExtraFilesRequest {
  readonly provider: ProviderChoice;
  /** Content of a drop-in for registries.conf. */
  readonly registriesDropIn: string | undefined;
}

/** The entry that empties the auth directory at boot, and the mirrors; `present` are the providers configured so far. */
export function extraFiles(
  { provider, registriesDropIn }: ExtraFilesRequest,
  present: readonly CredentialProvider[],
): readonly PlannedChange[] {
  const entry = {
    path: TMPFILES_ENTRY,
    after: textFile(tmpfilesText(authDirectory(present))),
    why: 'an empty auth directory at boot',
  };
  return [
    ...(provider === 'generic' ? [] : [entry]),
    ...(registriesDropIn === undefined
      ? []
      : [{ path: REGISTRIES_DROP_IN, after: textFile(registriesDropIn), why: 'mirrors' }]),
  ];
}

/** Where the mirror provider writes auth files: arguments that it has already stay. */
function authDirectory(present: readonly CredentialProvider[]): string {
  const { args = [] } = present.find(({ name }) => name === MIRROR_PROVIDER) ?? {};
  return flagValue(args, 'auth-dir') ?? AUTH_DIRECTORY;
}

/** An auth file is one pull's, so nothing in their directory outlives a boot. Source of the form: tmpfiles.d(5). */
function tmpfilesText(directory: string): string {
  const escaped = directory.replaceAll('%', '%%').replace(/["\\]/g, '\\$&');
  const path = /^[\w./%-]+$/.test(escaped) ? escaped : `"${escaped}"`;
  return `# Auth files live for one image pull; written by pullkey install.\nD! ${path} 0700 root root -\n`;
}
