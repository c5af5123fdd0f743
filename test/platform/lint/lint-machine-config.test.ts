import { describe, expect, test } from 'bun:test';
import { gzipSync } from 'node:zlib';
import { lintButane } from '../../../src/platform/lint/lint-butane.ts';
import { lintMachineConfig } from '../../../src/platform/lint/lint-machine-config.ts';
import { machineConfig } from '../../../src/platform/machine-config.ts';
import { poolFiles } from '../../../src/platform/pool-files.ts';
import { told } from '../../support/findings.ts';

const HEAD = `apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfig
metadata:
  name: 99-worker
  labels: {machineconfiguration.openshift.io/role: worker}
`;

function withFile(path: string, content: string | Uint8Array, rest = ''): string {
  const source = `data:;base64,${Buffer.from(content).toString('base64')}`;
  return `${HEAD}spec:
  config:
    ignition: {version: 3.5.0}
    storage:
      files:
        - {path: ${path}, contents: {source: "${source}"${rest}}}
`;
}

function finds(title: string, text: string, expected: readonly string[]): void {
  test(title, () => expect(told(lintMachineConfig('mc.yaml', text))).toEqual([...expected]));
}

const DROP_IN = '/etc/containers/registries.conf.d/10-team.conf';

describe('a MachineConfig', () => {
  finds('is fine', withFile(DROP_IN, '[[registry]]\nlocation = "a.io"\n'), []);
  finds(
    'has name and role',
    'apiVersion: machineconfiguration.openshift.io/v1\nmetadata: {}\nspec: {config: {ignition: {version: 3.2.0}}}\n',
    ['2:11 error name', '2:11 error role'],
  );
  finds('has an Ignition version', `${HEAD}spec: {config: {ignition: {version: 2.2.0}}}\n`, [
    '6:27 error ignition-version',
  ]);
  finds(
    "has not the operator's annotation",
    `${HEAD.replace(
      'labels',
      'annotations: {machineconfiguration.openshift.io/generated-by-controller-version: x}\n  labels',
    )}spec: {config: {ignition: {version: 3.2.0}}}\n`,
    ['5:84 warning controller-version'],
  );
  finds('has absolute paths', withFile('etc/x', ''), ['11:11 error path']);
  finds('has contents that decode', withFile('/etc/x', 'x', ', compression: gzip'), [
    '11:11 error source',
  ]);
  finds(
    'should not hide the mirrors of the cluster',
    withFile('/etc/containers/registries.conf', ''),
    ['11:11 warning generated-file'],
  );

  test('tells of the files in it, gzip or not', () => {
    const conf = '[[registry]]\nlocation = "https://a.io"\n';
    for (const text of [
      withFile(DROP_IN, conf),
      withFile(DROP_IN, gzipSync(conf), ', compression: gzip'),
    ]) {
      const [finding] = lintMachineConfig('mc.yaml', text);
      expect(finding).toMatchObject({
        severity: 'error',
        nodeFile: DROP_IN,
        position: { line: 11 },
      });
      expect(finding?.message).toStartWith(`in ${DROP_IN}, line 2, column 1: location`);
    }
  });

  test('covers the mirrors that it brings, where it brings the patterns as well', () => {
    const mirrors = (prefix: string) =>
      Buffer.from(
        `[[registry]]\nlocation = "${prefix}"\n[[registry.mirror]]\nlocation = "m.corp"\n`,
      );
    const { files } = poolFiles('None', ['quay.io']);
    const path = '/etc/containers/registries.conf.d/10-team.conf';
    const found = (prefix: string, withPatterns = true) => {
      const content = mirrors(prefix).toString();
      const all = [...(withPatterns ? files : []), { path, content, mode: 0o644 }];
      const text = JSON.stringify(machineConfig('97-worker', 'worker', all));
      return lintMachineConfig('mc.json', text).filter(({ rule }) => rule === 'mirror-not-covered');
    };
    expect(found('quay.io/team')).toEqual([]);
    expect(found('docker.io', false)).toEqual([]);
    const [finding] = found('docker.io');
    expect(finding?.message).toStartWith(
      `in ${path}, line 1, column 1: no matchImages entry of crio-credential-provider covers docker.io`,
    );
    expect(finding).toMatchObject({ file: 'mc.json', nodeFile: path, severity: 'warning' });
  });

  test('of our own making only keeps answers as OpenShift does', () => {
    const { files } = poolFiles('None', ['quay.io']);
    const text = JSON.stringify(machineConfig('97-worker', 'worker', files));
    expect(told(lintMachineConfig('mc.json', text))).toEqual(['1:239 warning cache-duration']);
  });
});

test('a Butane config is told what Butane says and what its files say, at their places', () => {
  const text = `variant: openshift
version: 4.20.0
metadata:
  name: 99-worker
  labels: {machineconfiguration.openshift.io/role: worker}
storage:
  files:
    - path: ${DROP_IN}
      colour: red
      contents: {inline: "[[registry]]\\n"}
`;
  const found = lintButane('mc.bu', Buffer.from(text));
  expect(told(found)).toEqual(['9:7 warning butane', '8:13 error invalid-registries']);
});

test('a Butane config that is refused has no files to look into', () => {
  const found = lintButane('mc.bu', Buffer.from('variant: openshift\nversion: 4.99.0\n'));
  expect(found.map(({ severity, rule }) => `${severity} ${rule}`)).toEqual(['error butane']);
});
