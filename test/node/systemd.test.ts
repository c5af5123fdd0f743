import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { parseEnvironmentFile, setVariable } from '../../src/node/environment-file.ts';
import { DirectoryTree } from '../../src/node/node-tree.ts';
import { commandLineOf, readServiceUnit } from '../../src/node/service-unit.ts';
import { expandCommand, splitWords } from '../../src/node/systemd-words.ts';
import { KUBEADM_RPM, nodeTree } from '../support/node-trees.ts';

test.each([
  ['a b  c', ['a', 'b', 'c']],
  ['', []],
  ['"a b" c', ['a b', 'c']],
  [`'a "b"' c`, ['a "b"', 'c']],
  ['a"b c"d', ['ab cd']],
  ['"" a', ['', 'a']],
  ['a\\ b', ['a\\ b']],
  ['a\\sb', ['a b']],
  ['"a\\"b"', ['a"b']],
  ['a\tb\n', ['a', 'b']],
])('%j has the words %j', (text, words) => {
  expect(splitWords(text)).toEqual(words);
});

test('variables stand for words where they are alone, and for text within one', () => {
  const environment = new Map([
    ['ARGS', '--a=1 --b="2 3"'],
    ['LEVEL', '4'],
    ['EMPTY', ''],
  ]);
  expect(expandCommand(`/k $ARGS $EMPTY $NONE --v=\${LEVEL} $$x`, environment)).toEqual([
    '/k',
    '--a=1',
    '--b=2 3',
    '--v=4',
    '$x',
  ]);
});

describe('an environment file', () => {
  test('has variables, the last assignment of each', () => {
    const text = `# c\nA=1\nB="x y"\nexport C=2\n D='$z'  \nA=3 4\nE=\nF="a\nb"\nG=one \\\ntwo\n`;
    expect(Object.fromEntries(parseEnvironmentFile(text))).toEqual({
      A: '3 4',
      B: 'x y',
      D: '$z',
      E: '',
      F: 'a\nb',
      G: 'one two',
    });
  });

  test.each([
    ['', 'A="x y"\n'],
    ['B=1', 'B=1\nA="x y"\n'],
    ['A=1\nB=2\n', 'A="x y"\nB=2\n'],
    ["A='1'\n", "A='x y'\n"],
    ['A=1\n# c\nA="2" \n', 'A=1\n# c\nA="x y" \n'],
  ])('%j gets a value in its place', (text, expected) => {
    expect(setVariable(text, 'A', 'x y')).toBe(expected);
  });

  test('gives back what was set', () => {
    const value = fc.stringMatching(/^[a-z=./" -]{0,20}$/).map((text) => text.trim());
    fc.assert(
      fc.property(value, value, (first, second) => {
        const text = setVariable(setVariable('X=1\n', 'A', first), 'A', second);
        expect(parseEnvironmentFile(text).get('A')).toBe(second);
        expect(parseEnvironmentFile(text).get('X')).toBe('1');
      }),
    );
  });
});

describe('a unit', () => {
  test('is read with its drop-ins and files', () => {
    using node = nodeTree(KUBEADM_RPM);
    const tree = new DirectoryTree(node.path);
    const unit = readServiceUnit(tree, 'kubelet.service');
    if (unit === undefined) throw new Error('no unit');
    expect(commandLineOf(tree, unit)).toEqual([
      '/usr/bin/kubelet',
      '--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf',
      '--kubeconfig=/etc/kubernetes/kubelet.conf',
      '--config=/var/lib/kubelet/config.yaml',
      '--container-runtime-endpoint=unix:///var/run/crio/crio.sock',
      '--node-ip=10.0.0.2',
    ]);
  });

  test('of /etc hides others, and so do drop-ins of one name', () => {
    using node = nodeTree({
      '/etc/systemd/system/kubelet.service':
        '[Service]\nExecStart=-/a \\\n# c\n  b\n[Install]\nExecStart=x\n',
      '/usr/lib/systemd/system/kubelet.service': '[Service]\nExecStart=/no\n',
      '/etc/systemd/system/kubelet.service.d/20.conf':
        '[Service]\nEnvironment=A=1 "B=2 3"\nEnvironment=C=4\n',
      '/usr/lib/systemd/system/kubelet.service.d/20.conf': '[Service]\nExecStart=/no\n',
      '/run/systemd/system/kubelet.service.d/30.conf': '[Service]\nEnvironment=\nEnvironment=D=5\n',
      '/run/systemd/system/kubelet.service.d/README': '[Service]\nExecStart=/no\n',
    });
    const unit = readServiceUnit(new DirectoryTree(node.path), 'kubelet.service');
    expect(unit?.command).toMatch(/^\/a\s+b$/);
    expect(unit?.environment).toEqual(new Map([['D', '5']]));
    expect(unit?.files).toEqual([
      '/etc/systemd/system/kubelet.service',
      '/etc/systemd/system/kubelet.service.d/20.conf',
      '/run/systemd/system/kubelet.service.d/30.conf',
    ]);
  });

  test('may be missing', () => {
    using node = nodeTree({});
    expect(readServiceUnit(new DirectoryTree(node.path), 'kubelet.service')).toBeUndefined();
  });
});
