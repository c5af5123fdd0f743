import { describe, expect, test } from 'bun:test';
import { InvalidReference } from '../../src/image/reference.ts';
import { isRegistryAuthority, parseRepository } from '../../src/image/repository.ts';

describe('parseRepository', () => {
  test.each([
    ['registry.example.org:5000/team/app:1.0', 'registry.example.org', ':5000', 'team/app'],
    ['registry.example.org/app', 'registry.example.org', '', 'app'],
    ['Registry.Example.org/app', 'Registry.Example.org', '', 'app'],
    ['nginx', 'docker.io', '', 'library/nginx'],
    ['team/app', 'docker.io', '', 'team/app'],
    ['localhost/app', 'localhost', '', 'app'],
    ['[::1]:5000/team/app:1', '[::1]', ':5000', 'team/app'],
    ['[fe80::1]/app', '[fe80::1]', '', 'app'],
    ['[::ffff:10.0.0.1]:5000/app', '[::ffff:10.0.0.1]', ':5000', 'app'],
    [`a.example/b@sha256:${'0'.repeat(64)}`, 'a.example', '', 'b'],
  ])('takes %s apart', (image, host, colonPort, path) => {
    expect(parseRepository(image)).toEqual({ host, colonPort, path });
  });

  test.each([
    '',
    '/',
    '[]/a',
    '[::1/a',
    '[::1]',
    '[::1]:/a',
    '[::1]:99999/a',
    '[:::1]/a',
    '[::1]/A',
    '[::1]a/b',
  ])('refuses %j and names it', (image) => {
    expect(() => parseRepository(image)).toThrow(InvalidReference);
    expect(() => parseRepository(image)).toThrow(JSON.stringify(image));
  });
});

test.each([
  ['a.example', true],
  ['a.example:5000', true],
  ['[::1]', true],
  ['[::1]:5000', true],
  ['', false],
  ['a.example.', false],
  ['a/b', false],
  ['[1.2.3.4]', false],
  ['..', false],
])('isRegistryAuthority(%j) is %p', (text, expected) => {
  expect(isRegistryAuthority(text)).toBe(expected);
});
