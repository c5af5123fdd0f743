import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { hasDigestForm } from '../../src/image/digest.ts';
import { isDockerHub } from '../../src/image/docker-hub.ts';
import {
  InvalidReference,
  parseCanonicalReference,
  parseLiteralReference,
  parseReference,
} from '../../src/image/reference.ts';
import { isRegistryHost } from '../../src/image/registry-host.ts';

const DIGEST = `sha256:${'0f'.repeat(32)}`;

describe('an image reference', () => {
  test.each([
    ['nginx', { domain: 'docker.io', path: 'library/nginx' }],
    ['team/app:1', { domain: 'docker.io', path: 'team/app', tag: '1' }],
    ['index.docker.io/nginx', { domain: 'docker.io', path: 'library/nginx' }],
    ['localhost/app', { domain: 'localhost', path: 'app' }],
    ['host:5000/a/b:5000', { domain: 'host:5000', path: 'a/b', tag: '5000' }],
    [`quay.io/a@${DIGEST}`, { domain: 'quay.io', path: 'a', digest: DIGEST }],
    [`quay.io/a:v1@${DIGEST}`, { domain: 'quay.io', path: 'a', tag: 'v1', digest: DIGEST }],
    ['under_score.test/a', { domain: '', path: 'under_score.test/a' }],
  ])('%s is split into host, path, tag and digest', (text, parts) => {
    const none = { tag: undefined, digest: undefined };
    expect({ ...parseReference(text) }).toEqual({ ...none, ...parts });
  });

  test.each(['docker.io/library/nginx', 'quay.io/a:1', `quay.io/a:1@${DIGEST}`, 'H.test:1/a'])(
    '%s is in its normal form',
    (text) => expect(parseCanonicalReference(text).toString()).toBe(text),
  );

  test.each(['nginx', 'docker.io/nginx', 'index.docker.io/a/b', 'host/app'])(
    '%s is not in its normal form',
    (text) => expect(() => parseCanonicalReference(text)).toThrow('must be canonical'),
  );

  test('is read literally for a short name', () => {
    expect(parseLiteralReference('team/app')).toMatchObject({ domain: 'team', path: 'app' });
    expect(parseLiteralReference('app')).toMatchObject({ domain: '', path: 'app' });
  });

  test.each([
    ['', 'repository name must have at least one component'],
    ['a/B', 'repository name must be lowercase'],
    ['a//b', 'invalid reference format'],
    [`${'n'.repeat(256)}`, 'repository name must not be more than 255 characters'],
  ])('%p is refused where nothing is added to it', (text, reason) => {
    expect(() => parseLiteralReference(text)).toThrow(reason);
  });

  test('an error names the text as it was given, and the form to write', () => {
    expect(() => parseReference('quay.io/a\u001b:')).toThrow(
      'image reference "quay.io/a\\u001b:": invalid reference format; write it as HOST[:PORT]/REPOSITORY[:TAG][@DIGEST]',
    );
  });

  test('in its normal form is read as itself', () => {
    fc.assert(
      fc.property(reference(), (text) => {
        const once = parseReference(text).toString();
        expect(parseReference(once).toString()).toBe(once);
        expect(parseCanonicalReference(once).toString()).toBe(once);
      }),
    );
  });

  test('is parsed or refused, whatever the text', () => {
    const letters = fc.constantFrom('a', 'B', '0', '.', '_', '-', ':', '/', '@', ' ', 'é', '\n');
    fc.assert(
      fc.property(fc.string({ unit: letters, maxLength: 40 }), (text) => {
        try {
          expect(parseReference(text).toString()).toContain('/');
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidReference);
        }
      }),
    );
  });

  test('takes no time that grows faster than the text', () => {
    // Each of these takes a backtracking expression longer than the age of the universe.
    for (const part of ['a', 'a-', 'a/', 'a.', '0a', 'a__']) {
      expect(() => parseReference(`quay.io/${part.repeat(50_000)}!`)).toThrow(InvalidReference);
    }
    expect(isRegistryHost(`${'a-'.repeat(50_000)}!`)).toBe(false);
    expect(hasDigestForm(`${'a+'.repeat(50_000)}:`)).toBe(false);
  });
});

describe('Docker Hub', () => {
  test.each(['docker.io', 'index.docker.io', 'registry-1.docker.io'])('is known as %s', (host) => {
    expect(isDockerHub(host)).toBe(true);
  });

  test.each(['hub.docker.io', 'docker.io:443', 'docker.iox'])('is not %s', (host) => {
    expect(isDockerHub(host)).toBe(false);
  });
});

/** Texts that are references, in and out of their normal form. */
function reference(): fc.Arbitrary<string> {
  const host = fc.constantFrom(
    '',
    'docker.io/',
    'index.docker.io/',
    'Reg.test:5000/',
    'localhost/',
  );
  const component = fc.stringMatching(/^[a-z0-9]{1,5}(?:(?:[._]|__|-{1,3})[a-z0-9]{1,5}){0,2}$/);
  const path = fc.array(component, { minLength: 1, maxLength: 3 }).map((all) => all.join('/'));
  const tag = fc.constantFrom('', ':1', ':V_1.2-x');
  const digest = fc.constantFrom('', `@${DIGEST}`);
  return fc.tuple(host, path, tag, digest).map((parts) => parts.join(''));
}
