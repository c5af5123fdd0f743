import { describe, expect, test } from 'bun:test';
import { lintDockerConfig } from '../../../src/platform/lint/lint-docker-config.ts';
import { lintPullSecret } from '../../../src/platform/lint/lint-pull-secret.ts';
import { told } from '../../support/findings.ts';

function finds(title: string, text: string, expected: readonly string[]): void {
  test(title, () => expect(told(lintDockerConfig('c.json', text))).toEqual([...expected]));
}

const entry = (key: string, value = '{"auth":"dTpw"}') => `{"auths":{"${key}":${value}}}`;

describe('a docker config', () => {
  finds('is fine', entry('quay.io/team'), []);
  finds('is JSON', '{"auths":{},}', ['1:13 error syntax']);
  finds('is an object', '[]', ['1:1 error type']);
  finds('has auths', '{"auth":{}}', ['1:1 error no-auths']);
  finds('has entries in base64', entry('a.io', '{"auth":"u:p"}'), ['1:11 error unusable-entry']);
  finds('has entries with credentials', entry('a.io', '{}'), ['1:11 warning empty-entry']);
  finds('may name user and password', entry('a.io', '{"username":"u","password":"p"}'), []);
  finds('has keys of registries', entry(''), ['1:11 warning key']);
  finds('has no tags in keys', entry('a.io/b:1'), ['1:11 warning key']);
  finds('has no wildcards in paths of keys', entry('a.io/*'), ['1:11 warning key']);
  finds('may have wildcards in hosts', entry('*.a.io'), []);
  finds(
    'names a registry once',
    '{"auths":{"docker.io":{"auth":"dTpw"},"https://index.docker.io/v1/":{"auth":"dTpw"}}}',
    ['1:39 warning repeated-key'],
  );
  finds('needs no helpers', '{"auths":{},"credHelpers":{"a.io":"x"},"credsStore":"y"}', [
    '1:13 warning credential-helper',
    '1:40 warning credential-helper',
  ]);

  test('is never quoted, also where it is broken', () => {
    for (const text of [
      '{"auths":{"a.io":{"auth":"c2VjcmV0"',
      entry('a.io', '{"auth":"s3cret!"}'),
    ]) {
      const messages = lintDockerConfig('c.json', text).map(({ message }) => message);
      expect(messages.join('\n')).not.toMatch(/c2VjcmV0|s3cret/);
      expect(messages).toHaveLength(1);
    }
  });

  test('may be of the old form', () => {
    const text = '{"a.io":{"auth":"dTpw"}}';
    expect(lintDockerConfig('.dockercfg', text, 'dockercfg')).toEqual([]);
  });
});

describe('a pull secret', () => {
  const secret = (rest: string) => `kind: Secret\nmetadata: {name: team-pull}\n${rest}`;
  const type = 'type: kubernetes.io/dockerconfigjson\n';

  function findsInSecret(title: string, text: string, expected: readonly string[]): void {
    test(title, () => expect(told(lintPullSecret('s.yaml', text))).toEqual([...expected]));
  }

  const good = Buffer.from(entry('a.io')).toString('base64');
  findsInSecret('is fine', secret(`${type}data: {.dockerconfigjson: ${good}}\n`), []);
  findsInSecret(
    'may be given as text',
    secret(`${type}stringData: {.dockerconfigjson: '${entry('a.io')}'}\n`),
    [],
  );
  findsInSecret('has a type', secret(`data: {.dockerconfigjson: ${good}}\n`), [
    '1:1 error secret-type',
  ]);
  findsInSecret('has its data key', secret(`${type}data: {config.json: ${good}}\n`), [
    '4:7 error data-key',
  ]);
  findsInSecret('is base64', secret(`${type}data: {.dockerconfigjson: "{}"}\n`), [
    '4:27 error base64',
  ]);
  findsInSecret('has a name', `kind: Secret\n${type}data: {.dockerconfigjson: ${good}}\n`, [
    '1:1 error name',
  ]);
  findsInSecret(
    'has a name of lower case',
    `${secret('').replace('team', 'Team')}${type}data: {.dockerconfigjson: ${good}}\n`,
    ['2:18 error name'],
  );

  test('tells where in the docker config', () => {
    const text = secret(
      `${type}stringData: {.dockerconfigjson: '${entry('a.io', '{"auth":"?"}')}'}\n`,
    );
    const [finding] = lintPullSecret('s.yaml', text);
    expect(finding?.position).toEqual({ line: 4, column: 33 });
    expect(finding?.message).toStartWith(
      'in .dockerconfigjson, line 1, column 11: the entry "a.io" has an auth',
    );
  });
});
