import { expect, test } from 'bun:test';
import { pullkey } from '../support/pullkey.ts';

test.each([
  [
    'render test-pod --nde worker-1',
    "error: unknown option '--nde'\n(Did you mean --node?)\nKnown are --name, --namespace, --service-account, --image, --node, --output, --help.\n",
  ],
  [
    'butane --fils-dir x',
    "error: unknown option '--fils-dir'\n(Did you mean --files-dir?)\nKnown are --output, --files-dir, --strict, --check, --raw, --pretty, --help.\n",
  ],
  ['match-image --x a b', "error: unknown option '--x'\nKnown are --output, --help.\n"],
  [
    'render secret',
    "error: unknown command 'secret'\nKnown are credential-provider-config, machine-config, rbac, registries-conf, pull-secret, test-pod, feature-gate, kubelet-drop-in, manifests, help.\n",
  ],
])('%s is answered with what is known', (line, stderr) => {
  expect(pullkey(line.split(' '))).toEqual({ exitCode: 2, stdout: '', stderr });
});

test('an unknown command is answered with the commands', () => {
  const { exitCode, stderr } = pullkey(['rendr']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('\nKnown are explain, registries, match-image, ');
});
