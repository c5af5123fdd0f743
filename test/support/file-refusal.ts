import { expect } from 'bun:test';
import type { PluginResult } from './node.ts';
import { expectNoSecrets } from './secrecy.ts';

/** Exit code 1, nothing on standard output, one sentence on standard error that leaks nothing. */
export function expectFileRefusal(result: PluginResult, reason: string): void {
  expectNoSecrets(result);
  expect({ exitCode: result.exitCode, stdout: result.stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(result.stderr).toStartWith('ERROR: Error running credential provider plugin: ');
  expect(result.stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(result.stderr).toContain(reason);
}
