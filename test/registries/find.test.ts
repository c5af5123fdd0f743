import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { findRegistry, matchedLength } from '../../src/registries/find.ts';
import { loadFiles } from './conf-files.ts';

describe('a prefix covers', () => {
  test.each([
    ['reg.test/a', 'reg.test', 8],
    ['reg.test', 'reg.test', 8],
    ['reg.test:5000/a', 'reg.test', 8],
    ['reg.test@sha256:0', 'reg.test', 8],
    ['reg.test/a/b:1', 'reg.test/a/b', 12],
    ['a.b.corp.test:1/x', '*.corp.test', 13],
    ['a.corp.test', '*.corp.test', 11],
  ])('of %s by %s %d characters', (reference, prefix, length) => {
    expect(matchedLength(reference, prefix)).toBe(length);
  });

  test.each([
    ['reg.test/a', ''],
    ['reg.tests/a', 'reg.test'],
    ['reg.test/ab', 'reg.test/a'],
    ['reg.test', 'reg.test/a'],
    ['reg.test/a', 'Reg.test'],
    ['corp.test/a', '*.corp.test'],
    ['x.test/a.corp.test', '*.corp.test'],
    ['a.corp.test.corp.test/b', '*.corp.test'],
    ['a.corp.tests/b', '*.corp.test'],
  ])('nothing of %s by %p', (reference, prefix) => {
    expect(matchedLength(reference, prefix)).toBeUndefined();
  });
});

describe('the registry of a name', () => {
  const host = fc.constantFrom(
    'a.test',
    'b.a.test',
    'aa.test',
    'a.test:50',
    'ä.test',
    '\u{1f433}.x',
  );
  const path = fc.constantFrom('', '/a', '/a/b', '/ab', '/a:1', '/a@x');
  const name = fc.tuple(host, path).map((parts) => parts.join(''));
  const wildcard = fc.constantFrom('*.test', '*.a.test', '*.x', '*.', '*');

  test('is the one that a slow model finds', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.oneof(name, wildcard), { maxLength: 12 }),
        name,
        (all, image) => {
          const entries = all.map((prefix) => `{ prefix = "${prefix}", location = "l.test" }`);
          const found = findRegistry(loadFiles(`registry = [${entries.join()}]\n`), image);
          expect(found?.prefix).toBe(modelOf(all, image));
        },
      ),
    );
  });

  test('is the same whichever file an entry comes from', () => {
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 6 }), name, (all, image) => {
        const conf = (prefix: string) => `[[registry]]\nlocation = "${prefix}"\n`;
        const together = loadFiles(all.map(conf).join(''));
        const dropIns = all.map((prefix, index) => [`${index}.conf`, conf(prefix)] as const);
        const apart = loadFiles('', Object.fromEntries(dropIns.reverse()));
        expect(findRegistry(apart, image)?.prefix).toBe(findRegistry(together, image)?.prefix);
      }),
      { numRuns: 30 },
    );
  });
});

/** The rule again by other means: sorted bytes, regular expressions, and strictly longer wins. */
function modelOf(prefixes: readonly string[], name: string): string | undefined {
  const sorted = prefixes.map((prefix) => Buffer.from(prefix)).sort(Buffer.compare);
  let best: Buffer | undefined;
  for (const prefix of sorted) {
    if (!expression(prefix.toString()).test(name)) continue;
    if (prefix.length > (best?.length ?? 0)) best = prefix;
  }
  return best?.toString();
}

function expression(prefix: string): RegExp {
  const literal = RegExp.escape(prefix.startsWith('*.') ? prefix.slice(1) : prefix);
  if (!prefix.startsWith('*.')) return new RegExp(`^${literal}(?![^:/@])`, 'u');
  return new RegExp(`^(?:(?!${literal})[^/])*${literal}(?![^:/@])`, 'u');
}
