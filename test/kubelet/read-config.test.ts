import { describe, expect, test } from 'bun:test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCredentialProviderConfig } from '../../src/kubelet/config-files.ts';
import { judgeConfig } from '../../src/kubelet/read-config.ts';
import { withTemporaryDirectory } from '../support/temporary-directory.ts';

const HEAD = 'apiVersion: kubelet.config.k8s.io/v1\nkind: CredentialProviderConfig\n';
const GOOD = `${HEAD}providers:
- name: mirror
  matchImages: [quay.io]
  defaultCacheDuration: 0s
  apiVersion: credentialprovider.kubelet.k8s.io/v1
`;

function judge(...texts: string[]): ReturnType<typeof judgeConfig> {
  return judgeConfig(
    texts.map((text, index) => ({ path: `${index}.yaml`, bytes: Buffer.from(text) })),
  );
}

function places(...texts: string[]): string[] {
  const verdict = judge(...texts);
  const remarks = verdict.ok ? verdict.notes : verdict.problems;
  return remarks.map(({ file, position, message }) =>
    [file, position.line, position.column, ` ${message}`].join(':'),
  );
}

describe('judgeConfig tells where', () => {
  test('a value is wrong', () => {
    expect(places(GOOD.replace('[quay.io]', '[quay.io, "a b"]'))).toEqual([
      '0.yaml:5:26: providers.matchImages: Invalid value: "a b": match image is invalid: ' +
        'parse "https://a b": invalid character " " in host name',
    ]);
  });

  test('a field is missing: at the entry', () => {
    expect(places(GOOD.replace('  defaultCacheDuration: 0s\n', ''))).toEqual([
      '0.yaml:4:3: providers.defaultCacheDuration: Required value',
    ]);
  });

  test('fields are unknown, repeated and of a wrong type, all at once', () => {
    const text = GOOD.replace('0s', '0').replace(
      '[quay.io]\n',
      '[quay.io]\n  name: x\n  helper: y\n',
    );
    expect(places(text)).toEqual([
      '0.yaml:6:3: duplicate field "providers[0].name"',
      '0.yaml:7:3: unknown field "providers[0].helper"',
      '0.yaml:8:25: json: cannot unmarshal number into Go struct field ' +
        'CredentialProvider.providers.defaultCacheDuration of type string',
    ]);
  });

  test('a name stands in another file already', () => {
    expect(places(GOOD, `# twice\n${GOOD}`)).toEqual([
      '1.yaml:5:9: duplicate provider name "mirror" found in configuration file(s)',
    ]);
  });

  test('a file is no YAML', () => {
    expect(places(GOOD, `${GOOD}\t- name: x\n`)[0]).toStartWith('1.yaml:8:1: yaml: line 8: ');
  });

  test('a second document is ignored', () => {
    expect(places(`${GOOD}---\n${GOOD}`)[0]).toStartWith('0.yaml:8:1: a second YAML document');
  });
});

describe('of several wrong values Go tells', () => {
  test('the first by name', () => {
    const text = GOOD.replace('name: mirror', 'name: []').replace('[quay.io]', 'quay.io');
    expect(judge(text)).toMatchObject({
      error: expect.stringMatching(/ string into Go struct field .*matchImages of type \[\]string/),
    });
  });

  test('the duration, at which its decoder stops', () => {
    const text = GOOD.replace('0s', 'soon').replace('apiVersion: cred', 'apiVersion: [] #');
    expect(judge(text)).toMatchObject({
      error: expect.stringContaining('time: invalid duration "soon"'),
    });
  });
});

test('the places of what is accepted are known', () => {
  const second = GOOD.replace('mirror', 'other').replace('[quay.io]', '[a.test, "*.b.test"]');
  expect(judge(GOOD, `# second\n${second}`)).toMatchObject({
    ok: true,
    places: [
      {
        file: '0.yaml',
        entry: { line: 4, column: 3 },
        matchImages: [{ line: 5, column: 17 }],
      },
      {
        file: '1.yaml',
        entry: { line: 5, column: 3 },
        matchImages: [
          { line: 6, column: 17 },
          { line: 6, column: 25 },
        ],
      },
    ],
  });
});

test('a refusal never repeats the file, which may hold secrets in `env`', () => {
  const verdict = judge(
    `${GOOD.replace(/kind:.*\n/, '')}  env: [{name: PASSWORD, value: hunter2}]\n`,
  );
  expect(verdict.ok).toBe(false);
  expect(JSON.stringify(verdict)).not.toContain('hunter2');
});

describe('readCredentialProviderConfig', () => {
  test('takes regular files of a directory only', () => {
    withTemporaryDirectory((directory) => {
      mkdirSync(join(directory, 'sub.yaml'));
      writeFileSync(join(directory, 'a.yaml'), GOOD);
      writeFileSync(join(directory, 'notes.txt'), 'no configuration');
      expect(readCredentialProviderConfig(directory)).toMatchObject({
        ok: true,
        config: { providers: [{ name: 'mirror', defaultCacheDuration: 0n }] },
      });
    });
  });

  test('a file that cannot be read is a refusal with the reason', () => {
    const denied = Object.assign(new Error('EACCES'), { code: 'EACCES' });
    const reader = {
      isDirectory: () => false,
      fileNames: () => [],
      read: () => {
        throw denied;
      },
    };
    expect(readCredentialProviderConfig('/etc/x.yaml', reader)).toEqual({
      ok: false,
      stage: 'read',
      error: 'unable to read file "/etc/x.yaml": open /etc/x.yaml: permission denied',
      problems: [],
    });
  });

  test('an empty path is none', () => {
    expect(readCredentialProviderConfig('')).toMatchObject({
      error: 'credential provider config path is empty',
    });
  });
});
