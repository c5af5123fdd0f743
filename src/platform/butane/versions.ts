import type { GoPackage } from './shapes.ts';

/** What a version of variant openshift means (coreos/butane, config/openshift/v4_*). */
export interface Dialect {
  /** Of the config: `4.20.0`. */
  readonly version: string;
  /** 20 of 4.20.0. */
  readonly minor: number;
  /** Of the Ignition config inside the MachineConfig. */
  readonly ignition: string;
  /** The base specification whose fields there are: 3, 5, 6 or 8 for 0.3, 0.5, 0.6, 0.8. */
  readonly base: number;
  /** Whether the machine-config-operator of that time could read compressed files. */
  readonly mayCompress: boolean;
  /** How the Go packages are called whose types messages name. */
  readonly goPackages: Readonly<Record<GoPackage, string>>;
}

const FIRST_MINOR = 8;
const LAST_MINOR = 22;
const FIRST_MINOR_WITH_COMPRESSION = 10;
const EXPERIMENTAL_MINOR = 23;
const SEMANTIC_VERSION =
  /^(\d{1,18})\.(\d{1,18})\.(\d{1,18})(-[0-9A-Za-z.-]*)?(\+[0-9A-Za-z.-]*)?$/;

/** For messages. */
export const SUPPORTED_VERSIONS = `4.${FIRST_MINOR}.0 to 4.${LAST_MINOR}.0, 4.${EXPERIMENTAL_MINOR}.0-experimental`;

const DIALECTS: ReadonlyMap<string, Dialect> = new Map(
  Array.from({ length: EXPERIMENTAL_MINOR - FIRST_MINOR + 1 }, (_, index) => {
    const dialect = dialectOf(FIRST_MINOR + index);
    return [dialect.version, dialect];
  }),
);

/** The dialect of an exact version, as `semanticVersion` writes it. */
export function findDialect(version: string): Dialect | undefined {
  return DIALECTS.get(version);
}

/**
 * A version as coreos/go-semver reads it: three numbers, perhaps a pre-release and metadata; numbers come
 * back in their plainest form. Undefined for anything else.
 */
export function semanticVersion(text: string): string | undefined {
  const match = SEMANTIC_VERSION.exec(text);
  if (match === null) return undefined;
  const [, major = '', minor = '', patch = '', preRelease = '', metadata = ''] = match;
  if (![preRelease, metadata].every(isIdentifiers)) return undefined;
  const numbers = [major, minor, patch].map((number) => String(BigInt(number)));
  return numbers.join('.') + droppedIfEmpty(preRelease) + droppedIfEmpty(metadata);
}

function isIdentifiers(suffix: string): boolean {
  return suffix.length <= 1 || /^[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*$/.test(suffix.slice(1));
}

function droppedIfEmpty(suffix: string): string {
  return suffix.length === 1 ? '' : suffix;
}

function dialectOf(minor: number): Dialect {
  const isExperimental = minor === EXPERIMENTAL_MINOR;
  const { base, fcos, ignition } = specificationsOf(minor);
  const suffix = isExperimental ? '_exp' : '';
  return {
    version: `4.${minor}.0${isExperimental ? '-experimental' : ''}`,
    minor,
    ignition,
    base,
    mayCompress: minor >= FIRST_MINOR_WITH_COMPRESSION,
    goPackages: {
      base: `v0_${base}${suffix}`,
      config: 'config',
      fcos: `v1_${fcos}${suffix}`,
      openshift: `v4_${minor}${suffix}`,
    },
  };
}

function specificationsOf(minor: number): { base: number; fcos: number; ignition: string } {
  if (minor <= 13) return { base: 3, fcos: 3, ignition: '3.2.0' };
  if (minor <= 18) return { base: 5, fcos: 5, ignition: '3.4.0' };
  if (minor <= LAST_MINOR) return { base: 6, fcos: 6, ignition: '3.5.0' };
  return { base: 8, fcos: 8, ignition: '3.7.0-experimental' };
}
