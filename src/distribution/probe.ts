import { RegistryClient, type RegistryClientOptions } from './client.ts';
import { RegistryError, type RegistryErrorReason } from './registry-error.ts';

/** What a registry answers to a pull that asks only whether the image is there. */
export interface ProbeAnswer {
  readonly result:
    | 'found'
    | 'wrong-password'
    | 'credential-needed'
    | 'no-right'
    | Exclude<RegistryErrorReason, 'unauthorized' | 'denied'>;
  /** The HTTP status that decided; undefined where there was no answer. */
  readonly status: number | undefined;
  /** One line for people. */
  readonly text: string;
}

const WORDS: Readonly<Record<Exclude<ProbeAnswer['result'], 'found'>, string>> = {
  'wrong-password': 'user or password is wrong',
  'credential-needed': 'asks for a credential',
  'no-right': 'the credential has no right to this repository',
  'not-found': 'there is no such image or tag',
  'rate-limited': 'too many requests; try again later',
  unreachable: 'unreachable',
  tls: 'TLS error',
  timeout: 'no answer in time',
  invalid: 'an answer that no registry gives',
  server: 'an error of the registry',
};

/**
 * Asks a registry for a manifest as a pull would (HEAD, with the credential by its challenge), and for
 * nothing else. An error of the registry or on the way to it is an answer too. Throws a Failure for a
 * host or repository that is none.
 */
export async function probe(
  options: RegistryClientOptions,
  repository: string,
  reference: string,
): Promise<ProbeAnswer> {
  let login: Awaited<ReturnType<RegistryClient['login']>> | undefined;
  try {
    const client = new RegistryClient(options);
    login = await client.login(repository);
    await client.headManifest(repository, reference);
    return { result: 'found', status: 200, text: '200: the image is there' };
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    return refusal(error, options.credential !== undefined, login === 'bearer');
  }
}

function refusal(error: RegistryError, hasCredential: boolean, hasToken: boolean): ProbeAnswer {
  const { reason, status, summary } = error;
  const result = resultOf(reason, hasCredential, hasToken);
  // Below these, the registry's own words say more than ours.
  const detail = ['unreachable', 'tls', 'invalid', 'server'].includes(result)
    ? ` (${summary})`
    : '';
  const text = `${WORDS[result]}${detail}`;
  return { result, status, text: status === undefined ? text : `${status}: ${text}` };
}

/** Who has got a token has shown the right password; without a right to the repository it says so late. */
function resultOf(
  reason: RegistryErrorReason,
  hasCredential: boolean,
  hasToken: boolean,
): Exclude<ProbeAnswer['result'], 'found'> {
  if (reason !== 'unauthorized' && reason !== 'denied') return reason;
  if (!hasCredential) return 'credential-needed';
  return reason === 'denied' || hasToken ? 'no-right' : 'wrong-password';
}
