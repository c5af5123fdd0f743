import { UsageError } from '../../diagnostics/errors.ts';
import { plain } from '../../diagnostics/plain.ts';
import { quote } from '../../diagnostics/quote.ts';
import { ImageReference, parseReference } from '../../image/reference.ts';
import type { ApiClient } from '../../kubernetes/client.ts';
import { isDnsLabel, isDnsSubdomain } from '../../kubernetes/names.ts';
import { type Container, type Pod, readPod } from '../../kubernetes/pods.ts';
import { clientAsKubelet } from './ask-as-kubelet.ts';
import type { Question } from './explain-pull.ts';
import type { Finding } from './explanation.ts';
import { bad, note } from './findings.ts';
import { type KubeletToken, kubeletToken } from './kubelet-token.ts';
import { requestFor, type Setting, worldOf } from './setting.ts';

/** The pulls of a pod, as its kubelet does them: one for each image, or for one container. */
export async function podQuestions(
  target: string,
  container: string | undefined,
  setting: Setting,
): Promise<Question[]> {
  const [namespace = '', name = '', ...rest] = target.split('/');
  if (!isDnsLabel(namespace) || !isDnsSubdomain(name) || rest.length > 0) {
    throw new UsageError(`the pod ${quote(target)}: write it as NAMESPACE/NAME`);
  }
  const client = clientAsKubelet(setting.options.apiServer, setting.deadline);
  const pod = await readPod(client, namespace, name);
  const containers = chosen(pod, container);
  const account = pod.isStatic
    ? undefined
    : await kubeletToken(client, wishOf(pod), setting.kubelet);
  return containers.map((one) => questionFor(pod, one, { setting, client, account }));
}

function wishOf({ namespace, serviceAccount, name, uid }: Pod) {
  return { namespace, serviceAccount, pod: { name, uid } };
}

function chosen({ containers, namespace, name }: Pod, wanted: string | undefined): Container[] {
  const pod = quote(`${namespace}/${name}`);
  if (wanted === undefined) {
    return containers.filter(
      ({ image }, index) => containers.findIndex((one) => one.image === image) === index,
    );
  }
  const found = containers.filter((one) => one.name === wanted);
  if (found.length > 0) return found;
  const names = containers.map((one) => one.name).join(', ');
  throw new UsageError(`the pod ${pod} has no container ${quote(wanted)}; it has ${names}`);
}

interface PodContext {
  readonly setting: Setting;
  readonly client: ApiClient;
  readonly account: KubeletToken | undefined;
}

function questionFor(
  pod: Pod,
  container: Container,
  { setting, client, account }: PodContext,
): Question {
  const image = asPulled(parseReference(container.image));
  const { namespace, serviceAccount, node } = pod;
  return {
    image,
    isWhole: true,
    request: requestFor(setting, image.name, account?.token, account?.passed),
    world: worldOf(setting, account?.problem),
    pull: {
      requestedImage: image.name,
      namespace,
      serviceAccount: pod.isStatic ? undefined : serviceAccount,
      pod: pod.name,
      container: container.name,
      node,
      findings: [...podFindings(pod, container), ...(account?.findings ?? [])],
    },
    kubelet: setting.kubelet,
    argumentProblem: setting.argumentProblem,
    missingSources: setting.missingSources,
    annotations: account?.serviceAccount?.annotations,
    imagePullSecrets: { of: 'pod', names: pod.imagePullSecrets },
    asKubelet: client,
  };
}

function podFindings({ isStatic, node }: Pod, { waiting }: Container): Finding[] {
  return [
    ...(isStatic
      ? [bad('a static pod has no service account: the plugin gets no token and does nothing')]
      : []),
    ...(node === undefined ? [note('the pod is not scheduled to a node yet')] : []),
    ...(waiting === undefined ? [] : [note(`the pod waits: ${plainSentence(waiting)}`)]),
  ];
}

/** A sentence from the cluster: in quotes only where it holds something odd. */
function plainSentence(text: string): string {
  return /^[\x20-\x7e]{1,300}$/.test(text) ? text : plain(text);
}

/** What has neither tag nor digest is pulled as `latest`. */
export function asPulled(image: ImageReference): ImageReference {
  if (image.tag !== undefined || image.digest !== undefined) return image;
  return new ImageReference(image.domain, image.path, 'latest');
}
