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
])('%s is answered with what is known', (line, stderr) => {
  expect(pullkey(line.split(' '))).toEqual({ exitCode: 2, stdout: '', stderr });
});

test.each([
  ['rendr', '\nKnown are explain, doctor, registries, match-image, '],
  ['render secret', '\nKnown are credential-provider-config, machine-config, rbac, '],
])('%s is answered with the commands', (line, known) => {
  const { exitCode, stderr } = pullkey(line.split(' '));
  expect(exitCode).toBe(2);
  expect(stderr).toStartWith('error: unknown command ');
  expect(stderr).toContain(known);
});
