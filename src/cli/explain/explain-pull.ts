import type { ImageReference } from '../../image/reference.ts';
import type { CredentialProviderRequest } from '../../kubelet/request.ts';
import type { ApiClient } from '../../kubernetes/client.ts';
import { plan } from '../../providers/mirror.ts';
import type { MirrorPlan } from '../../providers/mirror-plan.ts';
import type { World } from '../../providers/world.ts';
import { authFilePart } from './auth-file-part.ts';
import { endpointParts } from './endpoints-part.ts';
import type { EndpointPart, Explanation, Finding, PullPart } from './explanation.ts';
import {
  type ImagePullSecrets,
  type ReadPullSecrets,
  readImagePullSecrets,
} from './kubelet-credentials.ts';
import type { KubeletFacts } from './kubelet-facts.ts';
import { kubeletPart } from './kubelet-part.ts';
import { precedencePart } from './precedence-part.ts';
import { type ProbeSettings, probeEndpoints } from './probes.ts';
import { registriesPart } from './registries-part.ts';
import { resultOf } from './result.ts';
import { secretsPart } from './secrets-part.ts';

/** One pull to explain, and what decides it. */
export interface Question {
  readonly image: ImageReference;
  /** Whether it has the pull's own tag or digest: a recorded request tells neither. */
  readonly isWhole: boolean;
  readonly request: CredentialProviderRequest;
  readonly world: World;
  readonly pull: PullPart;
  readonly kubelet: KubeletFacts;
  readonly argumentProblem?: string | undefined;
  readonly missingSources: readonly Finding[];
  /** The service account's; undefined where they are not known. */
  readonly annotations?: ReadonlyMap<string, string> | undefined;
  readonly imagePullSecrets?: ImagePullSecrets | undefined;
  /** Asks the API server as the kubelet (or an administrator). */
  readonly asKubelet?: ApiClient | undefined;
}

/** Explains a pull by the plan that the plugin would act on; with settings, endpoints are asked as well. */
export async function explainPull(
  question: Question,
  probing: ProbeSettings | undefined,
): Promise<Explanation> {
  const { image, request, world, pull, kubelet } = question;
  const { name } = image;
  const decided = await plan(request, world);
  const endpoints = await withProbes(question, decided, probing);
  const call = { ...question, image: name };
  const found = {
    image: image.toString(),
    pull,
    kubelet: kubeletPart(kubelet, call),
    registries: registriesPart(decided, name, question.missingSources),
    secrets: secretsPart(decided),
    endpoints,
    precedence: precedencePart(decided, name, kubelet, await pullSecretsOf(question, decided)),
    authFile: authFilePart(decided),
  };
  return {
    ...found,
    result: resultOf({ ...found, outcome: decided.outcome, failure: decided.failure }),
  };
}

async function withProbes(
  { image, isWhole }: Question,
  decided: MirrorPlan,
  probing: ProbeSettings | undefined,
): Promise<EndpointPart[]> {
  const parts = endpointParts(decided, image.name, isWhole ? image : undefined);
  if (probing === undefined || parts.length === 0) return parts;
  const answers = await probeEndpoints(decided, parts, image, probing);
  const first = answers.findIndex((answer) => answer?.result === 'found');
  return parts.map((part, index) => ({
    ...part,
    probe: answers[index],
    isReached: first === -1 || index <= first,
  }));
}

async function pullSecretsOf(
  { imagePullSecrets, asKubelet, pull: { namespace } }: Question,
  { secrets }: MirrorPlan,
): Promise<ReadPullSecrets | undefined> {
  if (imagePullSecrets === undefined) return undefined;
  const asking =
    asKubelet === undefined || namespace === undefined
      ? undefined
      : { client: asKubelet, namespace };
  return readImagePullSecrets(imagePullSecrets, secrets?.secrets ?? [], asking);
}
