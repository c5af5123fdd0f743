import { describe, expect, test } from 'bun:test';
import { chooseCredentials } from '../../src/credentials/choose.ts';
import { targetOf } from '../../src/credentials/match.ts';
import { decodePullSecret } from '../../src/credentials/pull-secret.ts';

type Entries = Readonly<Record<string, unknown>>;

const credential = (user: string) => ({ username: user, password: 'p' });

function choose(secrets: Readonly<Record<string, Entries>>, references: readonly string[]) {
  const pullSecrets = Object.entries(secrets).map(([name, auths]) =>
    decodePullSecret(
      {
        name,
        type: 'kubernetes.io/dockerconfigjson',
        data: { '.dockerconfigjson': Buffer.from(JSON.stringify({ auths })).toString('base64') },
      },
      false,
    ),
  );
  return chooseCredentials(pullSecrets, references.map(targetOf));
}

function users(secrets: Readonly<Record<string, Entries>>, references: readonly string[]) {
  const { chosen } = choose(secrets, references);
  return Object.fromEntries([...chosen].map(([key, one]) => [key, one.credential.username]));
}

function verdicts(secrets: Readonly<Record<string, Entries>>, references: readonly string[]) {
  return choose(secrets, references).secrets.flatMap((secret) =>
    secret.candidates.map(({ key, verdict }) => [secret.name, key, verdict.kind].join(' ')),
  );
}

describe('of entries for one registry', () => {
  test('the later Secret wins', () => {
    const secrets = { a: { 'm.example': credential('a') }, b: { 'm.example': credential('b') } };
    expect(users(secrets, ['m.example/x'])).toEqual({ 'm.example': 'b' });
    expect(verdicts(secrets, ['m.example/x'])).toEqual(['a m.example hidden', 'b m.example used']);
  });
  test('the later Secret wins also under an alias', () => {
    const secrets = {
      a: { 'docker.io': credential('a') },
      b: { 'index.docker.io': credential('b') },
    };
    expect(users(secrets, ['docker.io/library/x'])).toEqual({ 'docker.io': 'b' });
  });
  test('the normal form wins inside one Secret', () => {
    const secrets = { a: { 'docker.io': credential('a'), 'index.docker.io': credential('b') } };
    expect(users(secrets, ['docker.io/library/x'])).toEqual({ 'docker.io': 'a' });
  });
  test('the last one wins inside one Secret', () => {
    const secrets = { a: { 'm.example': credential('a'), 'https://m.example': credential('b') } };
    expect(users(secrets, ['m.example/x'])).toEqual({ 'm.example': 'b' });
  });
  test('a concrete key wins over a later wildcard', () => {
    const secrets = { a: { 'm.example': credential('a') }, b: { '*.example': credential('b') } };
    expect(users(secrets, ['m.example/x'])).toEqual({ 'm.example': 'a' });
  });
  test('a longer wildcard wins over a later shorter one', () => {
    const secrets = { a: { 'm*.example': credential('a') }, b: { '*.example': credential('b') } };
    expect(users(secrets, ['m.example/x'])).toEqual({ 'm.example': 'a' });
  });
});

describe('keys are written', () => {
  test('for every path that leads to the reference', () => {
    const secrets = {
      a: {
        'm.example': credential('a'),
        'm.example/x': credential('x'),
        'm.example/y': credential('y'),
      },
    };
    expect(users(secrets, ['m.example/x/z'])).toEqual({ 'm.example': 'a', 'm.example/x': 'x' });
  });
  test('as the concrete hosts of a wildcard', () => {
    const secrets = { a: { '*.example/x': credential('a') } };
    expect(users(secrets, ['m.example/x', 'n.example/x'])).toEqual({
      'm.example/x': 'a',
      'n.example/x': 'a',
    });
  });
  test('with the host as the endpoint spells it', () => {
    expect(users({ a: { 'm.example': credential('a') } }, ['M.example/x'])).toEqual({
      'M.example': 'a',
    });
  });
  test('with __proto__ and constructor as harmless names', () => {
    const auths = JSON.parse(
      '{"__proto__":{"username":"p","password":"p"},"constructor":{"username":"c","password":"p"}}',
    );
    expect(users({ a: auths }, ['m.example/x'])).toEqual({});
    expect(verdicts({ a: auths }, ['m.example/x'])).toEqual([
      'a __proto__ other-registry',
      'a constructor other-registry',
    ]);
  });
});

test('a Secret of the old type is read only where it is named', () => {
  const data = {
    '.dockercfg': Buffer.from('{"m.example":{"username":"u","password":"p"}}').toString('base64'),
  };
  const secret = { name: 'old', type: 'kubernetes.io/dockercfg', data };
  expect(decodePullSecret(secret, true).entries).toHaveLength(1);
  expect(decodePullSecret(secret, false).problem).toBe('secret is not a docker config JSON secret');
});

test('a Secret with more than 10,000 entries gives nothing and says so', () => {
  const auths = Object.fromEntries(
    Array.from({ length: 10_001 }, (_, index) => [`h${index}.example`, {}]),
  );
  const { secrets } = choose({ big: auths }, ['m.example/x']);
  expect(secrets[0]?.problem).toBe('it has 10001 entries, at most 10000 are read');
});
