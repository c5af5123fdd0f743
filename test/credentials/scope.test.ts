import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { authoritiesOf, parseScope, scopesOf } from '../../src/credentials/scope.ts';
import { UsageError } from '../../src/diagnostics/errors.ts';
import { parseRepository } from '../../src/image/repository.ts';
import { matchImage } from '../../src/kubelet/match-images.ts';

const scopes = (image: string, withPaths: readonly string[] = []) =>
  scopesOf(parseRepository(image), withPaths).map(({ text }) => text);

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,5}[a-z0-9])?$/);
const host = fc.array(label, { minLength: 2, maxLength: 4 }).map((labels) => labels.join('.'));
const port = fc.oneof(
  fc.constant(''),
  fc.nat(65535).map((number) => `:${number}`),
);
const component = fc.stringMatching(/^[a-z0-9]{1,4}([._-][a-z0-9]{1,3})?$/);
const path = fc.array(component, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
const image = fc.tuple(host, port, path).map(([name, number, rest]) => `${name}${number}/${rest}`);

describe('the scopes of an image', () => {
  test.each([
    ['a.b.c:1/x/y', [], ['a.b.c:1', 'a.b.c', 'b.c', 'c']],
    ['a.b.c/x/y', ['a.b.c'], ['a.b.c/x/y', 'a.b.c/x', 'a.b.c', 'b.c', 'c']],
    ['a.b:1/x', ['a.b:1', 'a.b'], ['a.b:1/x', 'a.b/x', 'a.b:1', 'a.b', 'b']],
    ['A.B/x', [], ['a.b', 'b']],
    ['localhost:5000/x', [], ['localhost:5000', 'localhost']],
    ['10.0.0.1:5000/x', [], ['10.0.0.1:5000', '10.0.0.1']],
    ['[::1]:5000/x', [], ['[::1]:5000', '[::1]']],
    ['registry.node1/x', [], ['registry.node1', 'node1']],
    ['x.config/y', [], ['x.config']],
    ['nginx', [], ['docker.io', 'io']],
  ])('of %s, with paths below %j, are %j', (name, withPaths, expected) => {
    expect(scopes(name, withPaths)).toEqual(expected);
  });

  test('never lead out of the store', () => {
    fc.assert(
      fc.property(image, (name) => {
        const all = scopes(name, authoritiesOf(parseRepository(name)));
        return all.every((text) => text.split('/').every((part) => !/^\.{0,2}$/.test(part)));
      }),
    );
  });

  test('are written by people as the plugin spells them', () => {
    fc.assert(
      fc.property(image, (name) => {
        const all = scopes(name, authoritiesOf(parseRepository(name)));
        expect(all.map((text) => parseScope(text).text)).toEqual(all);
      }),
    );
  });

  test('with the image’s own port are keys that the kubelet finds for it', () => {
    fc.assert(
      fc.property(image, (name) => {
        const [own = ''] = authoritiesOf(parseRepository(name));
        const [mostSpecific = ''] = scopes(name, [own]);
        expect(matchImage(mostSpecific, name)).toEqual({ matched: true });
        expect(matchImage(own, name)).toEqual({ matched: true });
      }),
    );
  });
});

describe('parseScope', () => {
  test.each([
    ['a.example', 'a.example', ''],
    ['A.Example:5000/team/app', 'a.example:5000/team/app', 'team/app'],
    ['docker.io', 'docker.io', ''],
    ['index.docker.io/library', 'docker.io/library', 'library'],
    ['config:5000', 'config:5000', ''],
    ['org', 'org', ''],
  ])('reads %s', (text, normal, part) => {
    expect(parseScope(text)).toEqual({ text: normal, path: part });
  });

  test.each([
    '',
    '/',
    'a/',
    'a//b',
    '../a',
    'a/..',
    'a/.',
    'https://a',
    'a/b:1',
    'a/b@c',
    'a b',
    'a/B',
    'config',
    'config/x',
  ])('refuses %j as wrong usage', (text) => {
    expect(() => parseScope(text)).toThrow(UsageError);
  });
});
