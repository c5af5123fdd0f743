// An independent, slow model of where a pull goes, by registries.conf(5): regular expressions over every
// entry, strictly longer wins. Shares no code with src/.

export interface ModelRegistry {
  readonly prefix?: string;
  readonly location?: string;
  readonly mirrors: readonly string[];
}

/** The references that CRI-O asks for a repository, mirrors first; empty where the image just stays itself. */
export function modelEndpoints(registries: readonly ModelRegistry[], name: string): string[] {
  const found = bestEntry(registries, name);
  if (found === undefined) return [];
  const matched = expression(prefixOf(found)).exec(name)?.[0] ?? '';
  const places = [...found.mirrors, found.location ?? ''].map((place) => place.replace(/\/+$/, ''));
  const references = places.map((place) => (place || matched) + name.slice(matched.length));
  return found.mirrors.length > 0 || references[0] !== name ? references : [];
}

/** An image's name as the reference parser gives it, for hosts that have a dot, a port or are localhost. */
export function modelName(image: string): string {
  const name = image.replace(/^index\.docker\.io\//, 'docker.io/');
  return name.replace(/^docker\.io\/([^/]+)$/, 'docker.io/library/$1');
}

function bestEntry(registries: readonly ModelRegistry[], name: string): ModelRegistry | undefined {
  const ordered = registries
    .filter((one) => expression(prefixOf(one)).test(name))
    .map((one, index) => ({ one, index, bytes: Buffer.from(prefixOf(one)) }))
    .sort(
      (a, b) =>
        b.bytes.length - a.bytes.length || Buffer.compare(a.bytes, b.bytes) || a.index - b.index,
    );
  return ordered[0]?.one;
}

function prefixOf({ prefix, location }: ModelRegistry): string {
  return (prefix || location || '').replace(/\/+$/, '');
}

function expression(prefix: string): RegExp {
  if (prefix === '') return /(?!)/;
  const literal = RegExp.escape(prefix.startsWith('*.') ? prefix.slice(1) : prefix);
  if (!prefix.startsWith('*.')) return new RegExp(`^${literal}(?![^:/@])`, 'u');
  return new RegExp(`^(?:(?!${literal})[^/])*${literal}(?![^:/@])`, 'u');
}
