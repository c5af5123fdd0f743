import { describe, expect, test } from 'bun:test';
import { parseReference } from '../../src/image/reference.ts';
import { endpointsOf, pullSources } from '../../src/registries/endpoints.ts';
import { findRegistry } from '../../src/registries/find.ts';
import type { Registry } from '../../src/registries/registry.ts';
import { loadFiles } from './conf-files.ts';

function registryFor(name: string, conf: string): Registry {
  const registry = findRegistry(loadFiles(conf), name);
  if (registry === undefined) throw new Error(`nothing matches ${name}`);
  return registry;
}

const MIRRORS = `
[[registry]]
prefix = "reg.test/team"
location = "upstream.test/x"
insecure = true
blocked = true
mirror-by-digest-only = true
[[registry.mirror]]
location = "m1.test/cache"
[[registry.mirror]]
location = "docker.io"
insecure = true
[[registry.mirror]]
location = "[fd00::1]:5000"
`;

describe('the endpoints of a repository', () => {
  test('are all mirrors in order, then the registry, also those that the library refuses', () => {
    const name = 'reg.test/team/app';
    expect(endpointsOf(registryFor(name, MIRRORS), name)).toEqual([
      {
        kind: 'mirror',
        location: 'm1.test/cache',
        insecure: false,
        reference: 'm1.test/cache/app',
      },
      {
        kind: 'mirror',
        location: 'docker.io',
        insecure: true,
        reference: 'docker.io/app',
        problem: 'repository name must be canonical',
      },
      {
        kind: 'mirror',
        location: '[fd00::1]:5000',
        insecure: false,
        reference: '[fd00::1]:5000/app',
        problem: 'invalid reference format',
      },
      {
        kind: 'primary',
        location: 'upstream.test/x',
        insecure: true,
        reference: 'upstream.test/x/app',
      },
    ]);
  });

  test('take the host of the image where a wildcard has no location', () => {
    const name = 'a.corp.test:5000/app';
    const conf = '[[registry]]\nprefix = "*.corp.test"\nmirror = [{ location = "m.test" }]\n';
    expect(endpointsOf(registryFor(name, conf), name)).toEqual([
      { kind: 'mirror', location: 'm.test', insecure: false, reference: 'm.test:5000/app' },
      { kind: 'primary', location: 'a.corp.test', insecure: false, reference: name },
    ]);
  });

  test.each([
    ['reg.test/team/app', 'one.test/a', 'one.test/a/team/app'],
    ['reg.test:50/app', 'one.test', 'one.test:50/app'],
    ['reg.test:50/app', 'one.test/a', 'one.test/a:50/app'],
  ])('of %s at %s have the rest of its name', (name, location, reference) => {
    const conf = `[[registry]]\nprefix = "reg.test"\nlocation = "${location}"\n`;
    expect(endpointsOf(registryFor(name, conf), name).map((one) => one.reference)).toEqual([
      reference,
    ]);
  });
});

describe('the sources of a pull', () => {
  test('fail as one, naming the endpoint to mend', () => {
    const registry = registryFor('reg.test/team/app', MIRRORS);
    const reference = parseReference(`reg.test/team/app@sha256:${'0f'.repeat(32)}`);
    expect(() => pullSources(registry, reference)).toThrow(
      /^the pull would go to "docker\.io\/app@sha256:0f.*", which is no image reference: rewriting reference: repository name must be canonical; correct prefix and location/,
    );
  });

  test('are the registry alone where the mirrors are for digests only', () => {
    const registry = registryFor('reg.test/team/app', MIRRORS);
    const sources = pullSources(registry, parseReference('reg.test/team/app:1'));
    expect(sources.map(({ reference }) => reference.toString())).toEqual(['upstream.test/x/app:1']);
  });

  test('cannot be listed for an image of another registry', () => {
    const registry = registryFor('reg.test/team/app', MIRRORS);
    expect(() => pullSources(registry, parseReference('other.test/app'))).toThrow(
      "invalid prefix 'reg.test/team' for reference 'other.test/app'",
    );
  });
});
