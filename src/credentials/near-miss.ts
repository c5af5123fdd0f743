import { DOCKER_HUB } from '../image/docker-hub.ts';
import {
  hostMatches,
  isWildcard,
  keyMatches,
  pathMatches,
  splitPort,
  type Target,
} from './match.ts';
import { parseRegistryKey, type RegistryKey, registryHost } from './registry-key.ts';

/** A key that is not for a target, but probably was meant to be. */
export interface NearMiss {
  readonly kind:
    | 'blank'
    | 'scheme'
    | 'upper-case'
    | 'port'
    | 'path'
    | 'alias'
    | 'wildcard'
    | 'subdomain'
    | 'typing-error';
  /** To be read after the key. */
  readonly text: string;
  /** The key that would match. */
  readonly write: string;
}

interface Comparison {
  /** As it stands in the Secret. */
  readonly written: string;
  readonly key: RegistryKey;
  readonly target: Target;
  readonly keyName: string;
  readonly keyPort: string | undefined;
  readonly name: string;
  readonly port: string | undefined;
}

/**
 * A repository's name has at most 255 characters, so that nobody means one by a key that is longer than this.
 * Tenants write keys, and the checks compare each part with each.
 */
const LONGEST_NEAR = 1000;

type Check = (comparison: Comparison) => NearMiss | undefined;

/**
 * What a key that does not match a target differs in, where it is only a little; undefined where it is
 * for something else. For people: nothing is decided by it.
 */
export function nearMiss(written: string, target: Target): NearMiss | undefined {
  if (written.length > LONGEST_NEAR) return undefined;
  const key = parseRegistryKey(written);
  if (keyMatches(key, target)) return undefined;
  const [keyName, keyPort] = splitPort(key.host);
  const [name, port] = splitPort(registryHost(target.host));
  const comparison = { written, key, target, keyName, keyPort, name, port };
  for (const check of CHECKS) {
    const found = check(comparison);
    if (found !== undefined) return found;
  }
  return undefined;
}

const blank: Check = ({ written, target }) => {
  const trimmed = written.trim();
  if (trimmed === written || !keyMatches(parseRegistryKey(trimmed), target)) return undefined;
  return { kind: 'blank', text: 'has a blank around it', write: trimmed };
};

const scheme: Check = ({ written, target }) => {
  const [, found = '', rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(written) ?? [];
  if (found === '' || !keyMatches(parseRegistryKey(rest), target)) return undefined;
  const isUpperCase = /^https?$/i.test(found) && !/^https?$/.test(found);
  return {
    kind: isUpperCase ? 'upper-case' : 'scheme',
    text: isUpperCase ? `has upper case in ${found}://` : `has the scheme ${found}://`,
    write: rest,
  };
};

const port: Check = ({ key, target, keyName, name, ...ports }) => {
  if (!hostMatches(keyName, name) || !pathMatches(key.path, target.path)) return undefined;
  const has = ports.keyPort === undefined ? 'has no port' : `has port ${ports.keyPort}`;
  const text = `${has}, the endpoint ${ports.port ?? 'none'}`;
  return { kind: 'port', text, write: keyFor(target, key.path) };
};

const path: Check = ({ key, target }) => {
  if (!hostMatches(key.host, registryHost(target.host))) return undefined;
  const lower = key.path.map((component) => component.toLowerCase());
  if (pathMatches(lower, target.path)) {
    const text = 'has upper case in its path, which repositories never have';
    return { kind: 'upper-case', text, write: keyFor(target, lower) };
  }
  const { text, path: right } = pathDifference(key.path, target.path);
  return { kind: 'path', text, write: keyFor(target, right) };
};

function pathDifference(
  own: readonly string[],
  path: readonly string[],
): { readonly text: string; readonly path: readonly string[] } {
  const left = path.findIndex((_, at) => at > 0 && pathMatches(own, path.slice(at)));
  if (left > 0) {
    const text = `leaves out the path component ${path.slice(0, left).join('/')}`;
    return { text, path: path.slice(0, left + own.length) };
  }
  const extra = own.findIndex((_, at) => at > 0 && pathMatches(own.slice(at), path));
  if (extra > 0) {
    const text = `has the path component ${own.slice(0, extra).join('/')}, the endpoint has not`;
    return { text, path: own.slice(extra) };
  }
  if (pathMatches(path, own)) {
    return { text: 'is for a repository below this one only', path };
  }
  if (path.join('/').startsWith(own.join('/'))) {
    return { text: 'ends within a path component', path: path.slice(0, own.length) };
  }
  return { text: `is for ${own.join('/')} only`, path: [] };
}

const alias: Check = (comparison) => {
  const { key, target, keyName, name } = comparison;
  if (comparison.keyPort !== comparison.port) return undefined;
  const text = aliasOf(keyName, name);
  if (text === undefined) return undefined;
  const right = pathMatches(key.path, target.path) ? key.path : [];
  return { kind: 'alias', text, write: keyFor(target, right) };
};

function aliasOf(keyName: string, name: string): string | undefined {
  if (name === DOCKER_HUB && /(?:^|\.)docker\.(?:io|com)$/.test(keyName)) {
    return `is no name of Docker Hub that CRI-O looks up`;
  }
  if (isLoopback(keyName) && isLoopback(name)) {
    return 'means the same machine, but keys are compared as text';
  }
  if (keyName === `${name}.` || `${keyName}.` === name) return 'differs in the dot at the end';
  const [first] = name.split('.');
  const [keyFirst] = keyName.split('.');
  if (first === keyFirst && (keyName === keyFirst || name === first)) {
    return 'means the same host perhaps, but keys are compared as text';
  }
  return undefined;
}

function isLoopback(name: string): boolean {
  return name === 'localhost' || name === '[::1]' || /^127(?:\.\d+){3}$/.test(name);
}

const wildcard: Check = ({ key, target, keyName, name }) => {
  const labels = keyName.split('.');
  const domain = labels.slice(1).join('.');
  if (!isWildcard(keyName) || domain === '' || labels[0] !== '*') return undefined;
  if (name !== domain && !name.endsWith(`.${domain}`)) return undefined;
  if (name.split('.').length === labels.length) return undefined;
  const text = 'does not match, because * stands for exactly one label';
  return { kind: 'wildcard', text, write: keyFor(target, key.path) };
};

const subdomain: Check = ({ key, target, keyName, name }) => {
  if (!keyName.includes('.') || !name.endsWith(`.${keyName}`)) return undefined;
  const text = 'does not cover the names below it';
  return { kind: 'subdomain', text, write: keyFor(target, key.path) };
};

const SHORTEST_FOR_TYPING_ERRORS = 5;

const typingError: Check = ({ key, target }) => {
  const host = registryHost(target.host);
  if (host.length < SHORTEST_FOR_TYPING_ERRORS || !differsInOne(key.host, host)) return undefined;
  const text = 'differs in one character';
  return { kind: 'typing-error', text, write: keyFor(target, key.path) };
};

/** Whether one character is other, missing, too many, or swapped with its neighbour. */
function differsInOne(one: string, other: string): boolean {
  let start = 0;
  while (start < one.length && one[start] === other[start]) start += 1;
  const [restOne, restOther] = [one.slice(start), other.slice(start)];
  return (
    restOne.slice(1) === restOther.slice(1) ||
    restOne.slice(1) === restOther ||
    restOne === restOther.slice(1) ||
    (restOne.slice(2) === restOther.slice(2) &&
      restOne[0] === restOther[1] &&
      restOne[1] === restOther[0])
  );
}

function keyFor(target: Target, path: readonly string[]): string {
  return [target.host, ...(pathMatches(path, target.path) ? path : [])].join('/');
}

/** In the order in which they are asked: the first answer counts. */
const CHECKS: readonly Check[] = [
  blank,
  scheme,
  port,
  path,
  alias,
  wildcard,
  subdomain,
  typingError,
];
