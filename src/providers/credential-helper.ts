import {
  decodeHelperAnswer,
  type HelperCredential,
  isNotFound,
} from '../credentials/helper-answer.ts';
import type { Deadline } from '../diagnostics/deadline.ts';
import { Failure } from '../diagnostics/errors.ts';
import { quote } from '../diagnostics/quote.ts';
import { shellWord } from '../diagnostics/shell-word.ts';
import { DOCKER_HUB } from '../image/docker-hub.ts';
import { realpathSync, statSync } from '../system/fs.ts';
import { type ChildResult, MOST_OUTPUT, runChild } from './child-process.ts';
import { changeableBy, exposedAbove } from './store-permissions.ts';

/** Where credential helpers are looked for unless the command line names another directory. */
export const DEFAULT_HELPER_DIR = '/usr/local/libexec/pullkey/helpers';

/** What Docker's clients ask a helper for in the place of Docker Hub's host. */
const DOCKER_HUB_SERVER = 'https://index.docker.io/v1/';

/** These would change what a program of our runtime, or any other, loads. */
const LOADER_VARIABLE = /^(?:BUN|NODE|LD)_/;

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface HelperOptions {
  readonly helperDir: string;
  readonly allowInsecurePermissions: boolean;
  /** Of this process; the kubelet's configuration may set variables that a cloud's helper needs. */
  readonly environment: () => Environment;
}

/** A helper that has no credential for a registry. */
export class CredentialNotFound extends Failure {}

/**
 * Asks `docker-credential-NAME get` for a registry (`host[:port]`), by the protocol of
 * docker-credential-helpers: the server on standard input, a JSON object on standard output. Throws
 * CredentialNotFound or another Failure; none quotes a credential.
 */
export async function askHelper(
  name: string,
  authority: string,
  options: HelperOptions,
  deadline: Deadline,
): Promise<HelperCredential> {
  const program = `${options.helperDir}/docker-credential-${name}`;
  if (!options.allowInsecurePermissions) refuseForeignProgram(options.helperDir, program);
  const result = await runChild({
    command: [program, 'get'],
    input: authority === DOCKER_HUB ? DOCKER_HUB_SERVER : authority,
    environment: helperEnvironment(options.environment()),
    deadline,
  });
  if (result.kind === 'not-started') throw notStarted(program, result);
  const output = outputOf(result, deadline);
  if ('problem' in output) throw helperFailure(program, authority, output.problem);
  const { code, stdout, stderr } = output;
  if (code !== 0) throw refusal(program, authority, { code, text: stdout || stderr });
  const credential = decodeHelperAnswer(stdout, authority);
  if ('problem' in credential) throw helperFailure(program, authority, credential.problem);
  return credential;
}

/**
 * A helper runs as root, so nobody else may be able to change it, or to put another in its place: neither
 * where its link is nor where that leads. One that is missing is told by starting it.
 */
function refuseForeignProgram(directory: string, program: string): void {
  for (const path of [directory, program]) {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) continue;
    const real = realpathSync(path);
    const exposure = changeableBy(path, found);
    const exposed = exposure === undefined ? exposedAbove(real) : { directory: path, ...exposure };
    if (exposed === undefined) continue;
    throw new Failure(
      `cannot run the credential helper ${quote(program)}, because of ${quote(exposed.directory)}: ` +
        `${exposed.reason}; ${exposed.remedy}, or give --allow-insecure-permissions`,
    );
  }
}

function helperEnvironment(environment: Environment): Record<string, string> {
  const kept = Object.entries(environment).flatMap(([name, value]) =>
    value === undefined || LOADER_VARIABLE.test(name) ? [] : [[name, value] as const],
  );
  return { PATH: '/usr/bin:/bin', ...Object.fromEntries(kept) };
}

type NotStarted = Extract<ChildResult, { readonly kind: 'not-started' }>;

interface Output {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function outputOf(
  result: Exclude<ChildResult, NotStarted>,
  deadline: Deadline,
): Output | { readonly problem: string } {
  switch (result.kind) {
    case 'exited':
      return { code: result.code, stdout: result.stdout.toString(), stderr: result.stderr };
    case 'overdue':
      return { problem: `did not end within the ${deadline.limit}` };
    case 'flooded':
      return { problem: `printed more than ${MOST_OUTPUT / 1024} KiB` };
  }
}

function notStarted(program: string, { reason, isMissing }: NotStarted): Failure {
  return new Failure(
    isMissing
      ? `the credential helper ${quote(program)} is not there; put it there, or name its directory with --helper-dir`
      : `the credential helper ${quote(program)} does not start: ${reason}; see that it is an executable program of this machine's kind`,
  );
}

function refusal(
  program: string,
  authority: string,
  { code, text }: { readonly code: number; readonly text: string },
): Failure {
  if (isNotFound(text)) {
    return new CredentialNotFound(
      `the credential helper ${quote(program)} has no credential for ${quote(authority)}; ` +
        'store one with it, or remove the file that names it',
    );
  }
  const line = text.trim().split('\n')[0] ?? '';
  // A helper may print the object that holds the secret, and fail then.
  const told = line === '' || text.includes('{') ? '' : `: ${quote(line)}`;
  return helperFailure(program, authority, `ended with ${code}${told}`);
}

function helperFailure(program: string, authority: string, problem: string): Failure {
  return new Failure(
    `the credential helper ${quote(program)} ${problem}; see what it says: ` +
      `echo ${shellWord(authority)} | ${shellWord(program)} get`,
  );
}
