import { describe, expect, test } from 'bun:test';
import { pullkey } from '../support/pullkey.ts';

describe('pullkey match-image', () => {
  test.each([
    [['*.example.com', 'registry.example.com/team/app'], 'true\n'],
    [['*.example.com', 'example.com/team/app'], 'false\n'],
    [['--', '-a.example.com', '-a.example.com/app'], 'true\n'],
    [
      ['-o', 'json', 'quay.io', 'quay.io/app'],
      '{"pattern":"quay.io","image":"quay.io/app","matched":true}\n',
    ],
  ])('%p prints %p', (args, stdout) => {
    expect(pullkey(['match-image', ...args])).toEqual({ exitCode: 0, stdout, stderr: '' });
  });

  test('what does not parse is no match, with the reason on standard error', () => {
    expect(pullkey(['match-image', 'quay.io:http', 'quay.io/app'])).toEqual({
      exitCode: 0,
      stdout: 'false\n',
      stderr: 'pullkey: parse "https://quay.io:http": invalid port ":http" after host\n',
    });
  });

  test.each([
    ['docker.io', 'nginx', 'false', '"docker.io/library/nginx": true'],
    ['docker.io/library', 'nginx:1.27', 'false', '"docker.io/library/nginx": true'],
    ['docker.io', 'team/app', 'false', '"docker.io/team/app": true'],
    ['team', 'team/app', 'true', '"docker.io/team/app": false'],
    ['docker.io', 'docker.io/nginx', 'true', '"docker.io/library/nginx": true'],
    ['quay.io/app:1', 'quay.io/app:1', 'true', '"quay.io/app": false'],
  ])('of %s and %s it says what the kubelet matches', (pattern, image, matched, told) => {
    const run = pullkey(['match-image', pattern, image]);
    expect(run).toMatchObject({ exitCode: 0, stdout: `${matched}\n` });
    expect(run.stderr).toEndWith(
      `pullkey: for a pod's image "${image}" the kubelet matches ${told}\n`,
    );
  });

  test.each([
    ['localhost', 'localhost/app'],
    ['a.io:5000', 'a.io:5000/app'],
    ['[::1]:5000', '[::1]:5000/app'],
  ])('of %s and %s there is nothing more to say', (pattern, image) => {
    expect(pullkey(['match-image', pattern, image])).toMatchObject({
      stdout: 'true\n',
      stderr: '',
    });
  });

  test('wrong use ends with 2 and names what is allowed', () => {
    const run = pullkey(['match-image', '-o', 'xml', 'quay.io', 'quay.io/app']);
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toContain('text, json');
    expect(pullkey(['match-image', 'quay.io']).exitCode).toBe(2);
  });
});
