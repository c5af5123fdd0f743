import { describe, expect, test } from 'bun:test';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type DocumentedCommand,
  documentedCommands,
  printsAsDocumented,
} from './support/console-blocks.ts';
import { withTemporaryDirectory } from './support/temporary-directory.ts';

const ROOT = new URL('../', import.meta.url).pathname;
const PAGES = ['docs/openshift.md', 'docs/kubernetes.md', 'docs/generic-provider.md'];

/** Ours, and what shows their files; all else needs a node or a cluster. */
const RUN_HERE =
  /^(?:pullkey |printf .*\| pullkey |printf \S+ \S+ > |echo .*\| generic-credential-provider |(?:oc|kubectl) apply -f machine-|cat |head )/;

function commandsIn(directory: string): Record<string, string> {
  const bin = join(directory, 'bin');
  mkdirSync(bin);
  const run = (script: string) => `#!/bin/sh\nexec '${process.execPath}' '${ROOT}${script}' "$@"\n`;
  const scripts = {
    pullkey: run('src/bin/main.ts'),
    oc: run('test/support/apply-stub.ts'),
    kubectl: run('test/support/apply-stub.ts'),
    'generic-credential-provider': `#!/bin/sh\nexec '${ROOT}build/generic-credential-provider' "$@"\n`,
  };
  for (const [name, text] of Object.entries(scripts)) {
    writeFileSync(join(bin, name), text);
    chmodSync(join(bin, name), 0o755);
  }
  return {
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    PASSWORD: 'x',
    NEW_PASSWORD: 'y',
    NODE_NAME: 'worker-1',
  };
}

function runHere({ command }: DocumentedCommand, cwd: string, env: Record<string, string>) {
  const script = `set -o pipefail; { ${command}; } 2>&1`;
  const { exitCode, stdout } = Bun.spawnSync(['bash', '-c', script], { cwd, env });
  return { exitCode, text: stdout.toString() };
}

describe.each(PAGES)('%s', (page) => {
  const commands = documentedCommands(readFileSync(ROOT + page, 'utf8'));

  test('its commands print what it says', () => {
    withTemporaryDirectory((directory) => {
      const env = commandsIn(directory);
      const differing: unknown[] = [];
      for (const documented of commands.filter(({ command }) => RUN_HERE.test(command))) {
        const { exitCode, text } = runHere(documented, directory, env);
        if (exitCode === 0 && printsAsDocumented(text, documented.output)) continue;
        differing.push({ ...documented, exitCode, text });
      }
      expect(differing).toEqual([]);
    });
  });

  test('each of our commands is run', () => {
    const ours = commands.filter(({ command }) => command.includes('pullkey '));
    expect(ours.length).toBeGreaterThan(5);
    expect(ours.filter(({ command }) => !RUN_HERE.test(command))).toEqual([]);
  });
});
