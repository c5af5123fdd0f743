import { expect } from 'bun:test';
import { type PluginResult, type RunOptions, requestText, type TestNode } from './node.ts';
import { expectNoSecrets } from './secrecy.ts';

/** One line of the log in its JSON form. */
export interface LoggedLine {
  readonly time: string;
  readonly level: string;
  readonly msg: string;
}

/** A run of the plugin at its most talkative, its output already searched for secrets. */
export interface Trial extends PluginResult {
  readonly log: readonly LoggedLine[];
  /** Names in the auth directory afterwards. */
  readonly files: readonly string[];
}

const TALKATIVE = ['--log-level', 'debug', '--log-format', 'json'];

/** Runs the plugin on a request text; whatever comes of it, no secret may be printed. */
export async function tryOut(
  node: TestNode,
  request: string,
  options: RunOptions = {},
): Promise<Trial> {
  const flags = [...TALKATIVE, ...(options.flags ?? [])];
  const result = await node.run(request, { ...options, flags });
  expectNoSecrets(result);
  return { ...result, log: loggedLines(result.stderr), files: node.authFiles() };
}

/** The same for an image in a namespace. */
export function tryPull(
  node: TestNode,
  image: string,
  namespace: string,
  options: RunOptions = {},
): Promise<Trial> {
  return tryOut(node, requestText({ image, token: node.token(namespace) }), options);
}

/**
 * Asserts a refusal: exit code 1, nothing on standard output, no file, and as the last line one error in
 * one sentence, which holds each of the given words.
 */
export function expectRefused(trial: Trial, words: readonly string[]): void {
  const { exitCode, stdout, files } = trial;
  const errors = trial.log.filter((line) => line.level === 'error').map((line) => line.msg);
  expect({ exitCode, stdout, files, errors: errors.length }, trial.stderr).toEqual({
    exitCode: 1,
    stdout: '',
    files: [],
    errors: 1,
  });
  const last = trial.log.at(-1)?.msg ?? '';
  expect(errors).toEqual([last]);
  for (const word of words) expect(last).toContain(word);
  expect(last).toStartWith('Failed to run credential provider: ');
  expect(last).not.toContain('internal error');
}

/** Asserts a good end: exit code 0 and an answer; gives the sentences of the log. */
export function expectSurvived(trial: Trial): string[] {
  expect(trial.exitCode, trial.stderr).toBe(0);
  expect(JSON.parse(trial.stdout)).toMatchObject({ kind: 'CredentialProviderResponse' });
  return trial.log.map((line) => line.msg);
}

function loggedLines(stderr: string): LoggedLine[] {
  const lines = stderr.split('\n');
  expect(lines.pop()).toBe('');
  return lines.map((line) => {
    const parsed: LoggedLine = JSON.parse(line);
    expect(Object.keys(parsed)).toEqual(['time', 'level', 'msg']);
    return parsed;
  });
}
