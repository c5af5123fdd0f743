import { isJsonObject } from '../diagnostics/json.ts';

/** Whose program lies under a plugin's name. */
export interface PluginOrigin {
  readonly program: 'Pullkey' | 'original';
  /** Undefined where it does not tell. */
  readonly version: string | undefined;
}

/** What only our executable holds: its domain, and the facts of its build beside each other. */
const OWN_NAME = 'pullkey.dev/';
const OWN_BUILD = '",gitCommit:"';
const LONGEST_VERSION = 60;

/** The module of the plugin of CRI-O's project, and the class in the script of the generic one. */
const ORIGINALS: readonly string[] = [
  'github.com/cri-o/crio-credential-provider',
  'class generic_credential_provider',
];

/** Whose program a file holds; undefined for one that is not known. */
export function originOfFile(bytes: Uint8Array): PluginOrigin | undefined {
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (content.includes(OWN_NAME)) {
    const version = builtVersion(content);
    if (version !== undefined) return { program: 'Pullkey', version };
  }
  const isOriginal = ORIGINALS.some((name) => content.includes(name));
  return isOriginal ? { program: 'original', version: undefined } : undefined;
}

/** The placeholder of a program that runs from source stands in the executable too, and so do these words. */
function builtVersion(content: Buffer): string | undefined {
  let placeholder: string | undefined;
  for (let at = content.indexOf(OWN_BUILD); at !== -1; at = content.indexOf(OWN_BUILD, at + 1)) {
    const before = content.toString('latin1', Math.max(at - LONGEST_VERSION, 0), at);
    const version = /version:"([^"]+)$/.exec(before)?.[1];
    if (version !== undefined && version !== 'unreleased') return version;
    placeholder ??= version;
  }
  return placeholder;
}

/** Whose program printed this for `--version-json`: Go's tells its compiler's version, ours names its runtime. */
export function originOfVersion(text: string): PluginOrigin | undefined {
  const value = parsed(text);
  if (!isJsonObject(value)) return undefined;
  const version = typeof value['version'] === 'string' ? value['version'] : undefined;
  if (value['compiler'] === 'bun') return { program: 'Pullkey', version };
  return 'goVersion' in value ? { program: 'original', version } : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
