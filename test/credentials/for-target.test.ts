import { describe, expect, test } from 'bun:test';
import { chooseCredentials } from '../../src/credentials/choose.ts';
import { verdictFor } from '../../src/credentials/for-target.ts';
import { targetOf } from '../../src/credentials/match.ts';
import { decodePullSecret } from '../../src/credentials/pull-secret.ts';

const IMAGE = 'docker.io/library/nginx';
const MIRRORS = ['mirror.test:5000/library/nginx', 'other.test/library/nginx'];

type Entries = Readonly<Record<string, string>>;

/** The verdicts on every entry of the Secrets `a`, `b`, … for the first mirror, as `SECRET KEY: kind …`. */
function verdicts(usedKey: string | undefined, ...secrets: readonly Entries[]): string[] {
  const decoded = secrets.map((entries, index) =>
    decodePullSecret(secretOf(entries, index), false),
  );
  const choice = chooseCredentials(decoded, [...MIRRORS, IMAGE].map(targetOf));
  const target = targetOf(MIRRORS[0] ?? '');
  return choice.secrets.flatMap(({ name, candidates }) =>
    candidates.map((candidate) => {
      const { kind, ...rest } = verdictFor(target, { secret: name, candidate }, choice, usedKey);
      const details = Object.values(rest).map((one) => JSON.stringify(one).replaceAll('"', ''));
      return [`${name} ${candidate.key}:`, kind, ...details].join(' ');
    }),
  );
}

function secretOf(entries: Entries, index: number) {
  const auths = Object.fromEntries(Object.entries(entries).map(([key, auth]) => [key, { auth }]));
  const text = Buffer.from(JSON.stringify({ auths })).toString('base64');
  const name = 'abc'.charAt(index);
  return { name, type: 'kubernetes.io/dockerconfigjson', data: { '.dockerconfigjson': text } };
}

const AUTH = btoa('user:pass');

describe('an entry', () => {
  test('is chosen where its key is the one that is found', () => {
    expect(verdicts('mirror.test:5000', { 'https://mirror.test:5000/': AUTH })).toEqual([
      'a https://mirror.test:5000/: chosen',
    ]);
  });

  test('is less specific than another, of its own or of another Secret', () => {
    const entries = { 'mirror.test:5000': AUTH, 'mirror.test:5000/library': AUTH };
    expect(verdicts('mirror.test:5000/library', entries)).toEqual([
      'a mirror.test:5000: less-specific',
      'a mirror.test:5000/library: chosen',
    ]);
  });

  test('is overridden by the same key of a later Secret', () => {
    const entries = { 'mirror.test:5000': AUTH };
    expect(verdicts('mirror.test:5000', entries, { 'MIRROR.test:5000': AUTH })).toEqual([
      'a mirror.test:5000: overridden b MIRROR.test:5000',
      'b MIRROR.test:5000: chosen',
    ]);
  });

  test('is unusable, nearly right, for another place of the pull, or for something else', () => {
    const entries = {
      'mirror.test:5000': '!',
      'ghcr.io': '!',
      'mirror.test': AUTH,
      'docker.io': AUTH,
      'other.test': AUTH,
      'quay.io': AUTH,
    };
    expect(verdicts(undefined, entries)).toEqual([
      'a mirror.test:5000: unusable has an auth that is not base64',
      'a ghcr.io: other-registry',
      'a mirror.test: near-miss {kind:port,text:has no port, the endpoint 5000,write:mirror.test:5000}',
      'a docker.io: other-target [docker.io/library/nginx]',
      'a other.test: other-target [other.test/library/nginx]',
      'a quay.io: other-registry',
    ]);
  });
});
