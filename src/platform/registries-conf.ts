import { isNestedScope } from './scope.ts';

/** A mirror of a registry: `host[:port][/path]`, and when it may be used. */
export interface MirrorEndpoint {
  readonly location: string;
  readonly insecure?: boolean;
  readonly pullFromMirror?: 'digest-only' | 'tag-only';
}

/** A `[[registry]]` entry to write: a prefix (or `*.example.com`) and its mirrors, in order. */
export interface MirroredRegistry {
  readonly prefix: string;
  readonly mirrors: readonly MirrorEndpoint[];
  /** The registry itself must not be asked. */
  readonly blocked?: boolean;
  /** The registry itself is reached without TLS verification. */
  readonly insecure?: boolean;
}

/**
 * The same registries with those, and their mirrors, marked that lie in one of the insecure scopes, which
 * a cluster keeps apart from its mirror sets. Source of the rule: openshift/runtime-utils, EditRegistriesConfig.
 */
export function withInsecureScopes(
  registries: readonly MirroredRegistry[],
  scopes: readonly string[],
): readonly MirroredRegistry[] {
  const isInsecure = (scope: string) => scopes.some((insecure) => isNestedScope(scope, insecure));
  return registries.map((registry) => ({
    ...registry,
    insecure: registry.insecure || isInsecure(registry.prefix),
    mirrors: registry.mirrors.map((mirror) => ({
      ...mirror,
      insecure: mirror.insecure || isInsecure(mirror.location),
    })),
  }));
}

/** registries.conf(5) for the entries, in the order given; each prefix stands once. */
export function registriesConf(registries: readonly MirroredRegistry[]): string {
  return registries.map(registryTable).join('\n');
}

function registryTable(registry: MirroredRegistry): string {
  const { prefix, mirrors, blocked = false, insecure = false } = registry;
  // A wildcard has no location of its own: images stay where they are.
  const key = prefix.startsWith('*.') ? 'prefix' : 'location';
  return [
    '[[registry]]',
    `${key} = ${tomlString(prefix)}`,
    ...(blocked ? ['blocked = true'] : []),
    ...(insecure ? ['insecure = true'] : []),
    ...mirrors.flatMap(mirrorTable),
    '',
  ].join('\n');
}

function mirrorTable({ location, insecure = false, pullFromMirror }: MirrorEndpoint): string[] {
  return [
    '',
    '[[registry.mirror]]',
    `location = ${tomlString(location)}`,
    ...(insecure ? ['insecure = true'] : []),
    ...(pullFromMirror === undefined ? [] : [`pull-from-mirror = ${tomlString(pullFromMirror)}`]),
  ];
}

/** JSON's escapes are TOML's too, but for DEL. */
function tomlString(text: string): string {
  return JSON.stringify(text).replaceAll('\x7f', '\\u007f');
}
