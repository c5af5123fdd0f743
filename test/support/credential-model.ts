// An independent, slow model of the rules for credentials: for every key that containers/image would look
// up for a target, it searches all Secrets for the entry that belongs there. Shares no code with src/.

export interface ModelSecret {
  readonly name: string;
  readonly type: string;
  readonly data: Readonly<Record<string, string>>;
}

export interface ModelEntry {
  readonly auth?: string;
  readonly identitytoken?: string;
}

interface Held {
  readonly host: string;
  readonly path: string;
  readonly rank: readonly number[];
  readonly value: ModelEntry;
}

/** Expected content of `auths` for a pull that may go to the given references. */
export function modelAuths(
  secrets: readonly ModelSecret[],
  globalText: string | null,
  references: readonly string[],
  image: string,
): Record<string, ModelEntry> | 'malformed' {
  const held = secrets.flatMap(entriesOf);
  const own: Record<string, ModelEntry> = {};
  for (const reference of [...references, image]) {
    for (const key of lookedUp(reference)) {
      const value = bestFor(key, held);
      if (value !== undefined) own[key] = value;
    }
  }
  const global = globalEntries(globalText);
  if (global === 'malformed') return 'malformed';
  for (const key of Object.keys(global)) {
    const wins = references.some((reference) => {
      const keys = lookedUp(reference);
      const first = keys.find((one) => Object.hasOwn(own, one));
      return first !== undefined && keys.includes(key) && key.length > first.length;
    });
    if (wins) delete global[key];
  }
  return { ...global, ...own };
}

/** From the most specific to the host; the reference parser knows `index.docker.io` as `docker.io`. */
function lookedUp(reference: string): string[] {
  const parts = reference.replace(/^index\.docker\.io(?=\/|$)/, 'docker.io').split('/');
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('/'));
}

function bestFor(key: string, held: readonly Held[]): ModelEntry | undefined {
  const [host = ''] = key.split('/');
  const path = key.slice(host.length);
  const fitting = held.filter((one) => one.path === path && fits(one.host, hub(host)));
  fitting.sort((one, other) => {
    const at = one.rank.findIndex((part, index) => part !== other.rank[index]);
    return at === -1 ? 0 : (other.rank[at] ?? 0) - (one.rank[at] ?? 0);
  });
  return fitting[0]?.value;
}

function fits(pattern: string, host: string): boolean {
  if (pattern === '') return false;
  const source = pattern
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('[^.:/]*');
  return new RegExp(`^${source}$`).test(host) && labels(pattern) === labels(host);
}

function labels(host: string): number {
  return host.replace(/:.*$/, '').split('.').length;
}

function hub(host: string): string {
  const name = host.toLowerCase();
  return ['index.docker.io', 'registry-1.docker.io'].includes(name) ? 'docker.io' : name;
}

function entriesOf(secret: ModelSecret, position: number): Held[] {
  const text = secret.data['.dockerconfigjson'];
  if (secret.type !== 'kubernetes.io/dockerconfigjson' || text === undefined) return [];
  const auths = authsIn(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytesOf(text)));
  if (auths === 'malformed') return [];
  return Object.entries(auths).flatMap(([key, entry], index) => {
    const value = entryValue(entry);
    if (value === undefined) return [];
    const { host, path, normal } = normalised(key);
    const wild = host.includes('*');
    const rank = [wild ? 0 : 1, wild ? host.length : 0, position, normal ? 1 : 0, index];
    return [{ host, path, rank, value }];
  });
}

function normalised(key: string): { host: string; path: string; normal: boolean } {
  const scheme = key.match(/^https?:\/\//)?.[0] ?? '';
  let rest = key.slice(scheme.length);
  while (rest.endsWith('/')) rest = rest.slice(0, -1);
  const written = rest.split('/')[0] ?? '';
  const host = hub(written);
  let path = rest.slice(written.length);
  const version = path === '/v1' || path === '/v2';
  const dropped = version && (scheme !== '' || host !== written.toLowerCase());
  if (dropped) path = '';
  return { host, path, normal: host === written && !dropped };
}

function globalEntries(text: string | null): Record<string, ModelEntry> | 'malformed' {
  if (text === null) return {};
  const auths = authsIn(text);
  if (auths === 'malformed') return 'malformed';
  const kept: Record<string, ModelEntry> = {};
  for (const [key, entry] of Object.entries(auths)) {
    const value = entryValue(entry);
    const raw = (entry as { auth?: string } | null)?.auth;
    if (value === undefined) continue;
    kept[key] = pairIn(raw ?? '') === undefined ? value : { ...value, auth: raw ?? '' };
  }
  return kept;
}

function authsIn(text: string): Record<string, unknown> | 'malformed' {
  try {
    const document: unknown = JSON.parse(text);
    if (document === null) return {};
    if (typeof document !== 'object' || Array.isArray(document)) return 'malformed';
    const auths: unknown = 'auths' in document ? document.auths : {};
    if (auths === null) return {};
    if (typeof auths !== 'object' || Array.isArray(auths)) return 'malformed';
    return auths as Record<string, unknown>;
  } catch {
    return 'malformed';
  }
}

function entryValue(entry: unknown): ModelEntry | undefined {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return undefined;
  const field = (name: string): unknown => (entry as Record<string, unknown>)[name] ?? '';
  const texts = ['auth', 'username', 'password', 'identitytoken'].map(field);
  if (texts.some((one) => typeof one !== 'string')) return undefined;
  const [auth, username, password, token] = texts as [string, string, string, string];
  const identity = token === '' ? {} : { identitytoken: token };
  const pair = pairIn(auth);
  if (pair === 'undecodable') return undefined;
  if (pair !== undefined) return { auth: pair, ...identity };
  if (username !== '' || password !== '') {
    const bytes = [...new TextEncoder().encode(`${username}:${password}`)];
    return { auth: btoa(String.fromCharCode(...bytes)), ...identity };
  }
  return token === '' ? undefined : identity;
}

/** `user:password` in canonical base64; undefined without a colon. */
function pairIn(auth: string): string | undefined {
  const compact = auth
    .replace(/[\t\n\f\r ]/g, '')
    .replace(/-/g, '+')
    .replace(/_/g, '/');
  const bare = compact.replace(/=+$/, '');
  const padding = compact.length - bare.length;
  if (!/^[A-Za-z0-9+/]*$/.test(bare) || bare.length % 4 === 1) return 'undecodable';
  if (padding > 0 && padding !== (4 - (bare.length % 4)) % 4) return 'undecodable';
  const text = atob(bare);
  const colon = text.indexOf(':');
  if (colon === -1) return undefined;
  const password = text.slice(colon + 1).replace(/^\0+|\0+$/g, '');
  return btoa(`${text.slice(0, colon)}:${password}`);
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
