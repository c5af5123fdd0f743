import { Failure, UsageError } from '../../diagnostics/errors.ts';
import { quote } from '../../diagnostics/quote.ts';
import { parseReference } from '../../image/reference.ts';
import {
  type CredentialProviderRequest,
  decodeRequest,
  InvalidRequest,
} from '../../kubelet/request.ts';
import { readTokenClaims } from '../../kubernetes/token.ts';
import { readInput } from '../input.ts';
import { clientAsKubelet } from './ask-as-kubelet.ts';
import type { Question } from './explain-pull.ts';
import { bad, note } from './findings.ts';
import { kubeletToken } from './kubelet-token.ts';
import { asPulled } from './pod-questions.ts';
import { requestFor, type Setting, worldOf } from './setting.ts';
import { unsignedToken } from './unsigned-token.ts';

/** For whom an image is pulled, as the command line says it. */
export interface ImageFlags {
  readonly namespace?: string;
  readonly serviceAccount?: string;
  readonly request?: string;
  readonly tokenFile?: string;
}

/**
 * The pull of an image for a service account: with a recorded request, a token from a file, claims alone
 * where Secrets come from files, or else a token that is asked for. Throws a UsageError for flags that do
 * not go together.
 */
export async function imageQuestion(
  image: string | undefined,
  flags: ImageFlags,
  setting: Setting,
): Promise<Question> {
  if (flags.request !== undefined) return recorded(image, flags.request, flags, setting);
  if (image === undefined) {
    throw new UsageError(
      'name an IMAGE, a pod (explain pod NAMESPACE/NAME), or give --request FILE',
    );
  }
  if (flags.tokenFile !== undefined) return withToken(image, flags.tokenFile, flags, setting);
  const wish = wishOf(flags);
  if (setting.secretsDir !== undefined) {
    const audience = setting.kubelet.plugin?.provider.tokenAttributes?.serviceAccountTokenAudience;
    return given(image, unsignedToken({ ...wish, audience }), setting);
  }
  return asked(image, wish, setting);
}

function wishOf({ namespace, serviceAccount = 'default' }: ImageFlags) {
  if (namespace === undefined) {
    throw new UsageError(
      '-n NAMESPACE is missing: the namespace whose credentials the pull may use',
    );
  }
  return { namespace, serviceAccount };
}

async function asked(
  text: string,
  wish: ReturnType<typeof wishOf>,
  setting: Setting,
): Promise<Question> {
  const image = asPulled(parseReference(text));
  const client = clientAsKubelet(setting.options.apiServer, setting.deadline);
  const account = await kubeletToken(client, wish, setting.kubelet);
  const names = account.serviceAccount?.imagePullSecrets;
  return {
    image,
    isWhole: true,
    request: requestFor(setting, image.name, account.token, account.passed),
    world: worldOf(setting, account.problem),
    pull: { requestedImage: image.name, ...wish, findings: account.findings },
    ...nodeOf(setting),
    annotations: account.serviceAccount?.annotations,
    imagePullSecrets: names === undefined ? undefined : { of: 'service-account', names },
    asKubelet: client,
  };
}

function withToken(text: string, file: string, flags: ImageFlags, setting: Setting): Question {
  const token = readInput(file).trim();
  const claims = readTokenClaims(token);
  checkAgainst(claims, flags, `the token in ${quote(file)}`);
  return given(text, token, setting);
}

function given(text: string, token: string, setting: Setting): Question {
  const image = asPulled(parseReference(text));
  const { namespace, serviceAccount } = readTokenClaims(token);
  return {
    image,
    isWhole: true,
    request: requestFor(setting, image.name, token),
    world: worldOf(setting),
    pull: { requestedImage: image.name, namespace, serviceAccount, findings: [] },
    ...nodeOf(setting),
  };
}

function recorded(
  image: string | undefined,
  file: string,
  flags: ImageFlags,
  setting: Setting,
): Question {
  if (image !== undefined) {
    throw new UsageError('--request FILE names the image itself: leave out IMAGE');
  }
  const request = readRequest(file);
  const token = request.serviceAccountToken;
  const claims = token === undefined ? undefined : readTokenClaims(token);
  checkAgainst(claims, flags, `the request in ${quote(file)}`);
  return {
    image: parseReference(request.image),
    isWhole: false,
    request,
    world: worldOf(setting),
    pull: {
      requestedImage: request.image,
      ...(claims && { namespace: claims.namespace, serviceAccount: claims.serviceAccount }),
      findings: [
        note('a recorded request tells neither tag nor digest: every mirror is shown'),
        ...(token === undefined
          ? [bad('the request has no service account token: the plugin does nothing')]
          : []),
      ],
    },
    ...nodeOf(setting),
    annotations: request.serviceAccountAnnotations,
  };
}

function nodeOf({
  kubelet,
  argumentProblem,
  missingSources,
}: Setting): Pick<Question, 'kubelet' | 'argumentProblem' | 'missingSources'> {
  return { kubelet, argumentProblem, missingSources };
}

function readRequest(file: string): CredentialProviderRequest {
  try {
    return decodeRequest(readInput(file));
  } catch (error) {
    if (!(error instanceof InvalidRequest)) throw error;
    throw new Failure(
      `cannot use the request in ${quote(file)}: ${error.reason}; give a recorded CredentialProviderRequest as JSON`,
    );
  }
}

/** Names on the command line must be those of the token, which decides. */
function checkAgainst(
  claims: { readonly namespace: string; readonly serviceAccount?: string } | undefined,
  { namespace, serviceAccount }: ImageFlags,
  what: string,
): void {
  if (namespace !== undefined && namespace !== claims?.namespace) {
    throw new UsageError(`-n ${quote(namespace)}: ${what} is for ${shown(claims?.namespace)}`);
  }
  if (serviceAccount !== undefined && serviceAccount !== claims?.serviceAccount) {
    throw new UsageError(
      `--service-account ${quote(serviceAccount)}: ${what} is for ${shown(claims?.serviceAccount)}`,
    );
  }
}

function shown(name: string | undefined): string {
  return name === undefined ? 'none' : quote(name);
}
