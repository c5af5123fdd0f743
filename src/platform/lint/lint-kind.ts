/** What a file can be checked as, by the names that `--kind` takes. */
export const LINT_KINDS = [
  'credential-provider-config',
  'crio-credential-provider-config',
  'registries-conf',
  'butane',
  'machine-config',
  'docker-config',
  'pull-secret',
] as const;

export type LintKind = (typeof LINT_KINDS)[number];

const BY_KIND: Readonly<Record<string, LintKind>> = {
  CredentialProviderConfig: 'credential-provider-config',
  CRIOCredentialProviderConfig: 'crio-credential-provider-config',
  MachineConfig: 'machine-config',
  Secret: 'pull-secret',
};

/**
 * What a file is, by its name and text; undefined where neither tells. It looks at the text alone, so
 * that a broken file is known too.
 */
export function lintKindOf(name: string, text: string): LintKind | undefined {
  // First, because Kubernetes documents stand inside it.
  if (name.endsWith('.bu') || /^["']?variant["']?\s*:/m.test(text)) return 'butane';
  const kind = /^[ \t{]*["']?kind["']?\s*:\s*["']?(\w+)/m.exec(text)?.[1] ?? kindInJson(text);
  const known = kind === undefined ? undefined : BY_KIND[kind];
  if (known !== undefined) return known;
  if (name.endsWith('.conf') || isRegistriesConf(text)) return 'registries-conf';
  const isDockerConfig = /^\s*\{/.test(text) && /"auths"\s*:/.test(text);
  return isDockerConfig || /(?:^|\/)\.docker(?:cfg|configjson)$/.test(name)
    ? 'docker-config'
    : undefined;
}

function kindInJson(text: string): string | undefined {
  return /^\s*\{/.test(text) ? /"kind"\s*:\s*"(\w+)"/.exec(text)?.[1] : undefined;
}

function isRegistriesConf(text: string): boolean {
  return /^\s*(?:\[\[registry\]\]|\[aliases\]|unqualified-search-registries\s*=)/m.test(text);
}
