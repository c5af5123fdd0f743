import { describe, expect, test } from 'bun:test';
import {
  lintCoverage,
  mirrorPatterns,
  uncovered,
} from '../../../src/platform/lint/lint-coverage.ts';
import { lintRegistriesConf } from '../../../src/platform/lint/lint-registries-conf.ts';
import { isPublicHost } from '../../../src/platform/lint/public-host.ts';
import { parseRegistriesConf } from '../../../src/registries/conf-file.ts';
import { told } from '../../support/findings.ts';

function finds(title: string, text: string, expected: readonly string[]): void {
  test(title, () => {
    const { findings } = lintRegistriesConf('registries.conf', Buffer.from(text));
    expect(told(findings)).toEqual([...expected]);
  });
}

describe('a registries.conf', () => {
  finds('is fine', '[[registry]]\nlocation = "docker.io"\n', []);
  finds('is TOML', '[[registry]\n', ['1:12 error toml-syntax']);
  finds('has locations without a scheme', '[[registry]]\nlocation = "https://a.io"\n', [
    '2:1 error invalid-registries',
  ]);
  finds(
    'should not trust everybody on a public host',
    '[[registry]]\nlocation = "a.io"\ninsecure = true\n[[registry.mirror]]\nlocation = "10.1.2.3:5000"\ninsecure = true\n[[registry.mirror]]\ninsecure = true\nlocation = "m.io/x"\n',
    ['3:1 warning insecure-public-host', '8:1 warning insecure-public-host'],
  );
  finds(
    'should name a prefix once',
    '[[registry]]\nlocation = "a.io"\n[[registry]]\nprefix = "a.io"\nlocation = "b.io"\n',
    ['3:1 warning repeated-prefix'],
  );
});

test.each([
  ['quay.io', true],
  ['registry.example.com:5000', true],
  ['8.8.8.8', true],
  ['localhost:5000', false],
  ['mirror', false],
  ['mirror.corp', false],
  ['mirror.internal:443', false],
  ['registry.svc.cluster.local', false],
  ['10.0.0.1', false],
  ['172.16.0.1:5000', false],
  ['172.32.0.1', true],
  ['192.168.1.1', false],
  ['127.0.0.1:5000', false],
  ['[::1]:5000', false],
  ['[2001:db8::1]', true],
])('whether the host %s is public: %p', (host, expected) => {
  expect(isPublicHost(host)).toBe(expected);
});

describe('the mirrors of registries.conf', () => {
  const registry = { insecure: false, blocked: false, mirrorByDigestOnly: false, file: 'f' };
  const mirrors = [{ location: 'm.io', insecure: false, pullFromMirror: '' as const }];

  test.each([
    ['quay.io', ['quay.io'], true],
    ['quay.io', ['*.io'], true],
    ['quay.io', ['quay.io/team'], false],
    ['quay.io/team', ['quay.io'], true],
    ['quay.io/team', ['quay.io/team'], true],
    ['quay.io/team', ['quay.io/te'], true],
    ['quay.io/team', ['docker.io'], false],
    ['*.corp.example', ['*.corp.example'], true],
    ['*.corp.example', ['corp.example'], false],
    ['localhost:5000', ['localhost'], false],
  ])('%s under %p is covered: %p', (prefix, patterns, expected) => {
    const reason = uncovered({ ...registry, prefix, location: prefix, mirrors }, patterns);
    expect(reason === undefined).toBe(expected);
  });

  test('need no pattern where there are none, nothing is pulled, or the prefix is beyond patterns', () => {
    const plain = { ...registry, prefix: 'a.io', location: 'a.io', mirrors: [] };
    expect(uncovered(plain, [])).toBeUndefined();
    expect(uncovered({ ...plain, mirrors, blocked: true }, [])).toBeUndefined();
    expect(uncovered({ ...plain, mirrors, prefix: 'a.io/x:1.0' }, [])).toBeUndefined();
    expect(uncovered({ ...plain, location: 'b.io' }, [])).toBe('; add a.io');
  });

  test('are told with what comes nearest', () => {
    const text =
      '[[registry]]\nlocation = "a.io"\n\n[[registry]]\nprefix = "b.io"\nlocation = "c.io"\n';
    const conf = parseRegistriesConf('registries.conf', Buffer.from(text));
    const found = lintCoverage([{ conf, text }], ['b.io:443']);
    expect(told(found)).toEqual(['4:1 warning mirror-not-covered']);
    expect(found[0]?.message).toContain(
      'covers b.io, so its mirrors get no credentials (b.io:443: ',
    );
    expect(lintCoverage([{ conf, text }], ['b.io'])).toEqual([]);
  });
});

test('patterns are those of the mirror provider alone', () => {
  const rest = { apiVersion: 'credentialprovider.kubelet.k8s.io/v1', args: [], env: [] };
  const other = { name: 'acr-credential-provider', matchImages: ['a.io'], ...rest };
  const mirror = { name: 'crio-credential-provider', matchImages: ['b.io'], ...rest };
  expect(mirrorPatterns({ providers: [other, mirror] })).toEqual(['b.io']);
  expect(mirrorPatterns({ providers: [other] })).toBeUndefined();
});
