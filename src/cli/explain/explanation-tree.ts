import { plain } from '../../diagnostics/plain.ts';
import type {
  AuthFilePart,
  CredentialSource,
  EndpointPart,
  Explanation,
  Finding,
  NotChosenPart,
  PullPart,
} from './explanation.ts';
import { line, node, type Tree } from './tree.ts';

/** Entries that are named before the rest is only counted: those that nearly fit, and those that do not. */
const MOST_NEAR = 12;
const MOST_FAR = 3;

/** An explanation as sentences, in the order in which the pull is decided. */
export function explanationTree(explanation: Explanation): Tree {
  const { image, pull, kubelet, registries, secrets, endpoints, precedence } = explanation;
  return node(headline(image, pull), [
    ...leaves(pull.findings),
    ...section('kubelet', kubelet.findings),
    ...section('registries.conf', registries.findings),
    ...section('Secrets', secrets.findings),
    ...endpoints.map((endpoint, index) => endpointTree(endpoint, index, endpoints.length)),
    ...section('the kubelet’s own credentials', precedence),
    authFileTree(explanation.authFile),
    resultTree(explanation),
  ]);
}

function headline(image: string, pull: PullPart): string {
  const { pod, container, node: host, namespace, serviceAccount } = pull;
  const parts = [
    pod === undefined ? undefined : `pod ${plain(pod)}`,
    container === undefined ? undefined : `container ${plain(container)}`,
    serviceAccount === undefined ? undefined : `service account ${plain(serviceAccount)}`,
    namespace === undefined ? undefined : `namespace ${plain(namespace)}`,
    host === undefined ? undefined : `node ${plain(host)}`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? plain(image) : `${plain(image)} for ${parts.join(', ')}`;
}

function leaves(findings: readonly Finding[]): Tree[] {
  return findings.map(({ mark, text }) => line(mark, text));
}

function section(title: string, findings: readonly Finding[]): Tree[] {
  return findings.length === 0 ? [] : [node(title, leaves(findings))];
}

function endpointTree(endpoint: EndpointPart, index: number, count: number): Tree {
  const { kind, location, reference, insecure, stop } = endpoint;
  const place = `endpoint ${index + 1} of ${count}: ${kind} ${plain(location)}`;
  const asked = `asked for ${plain(reference)}${insecure ? ' (insecure: any certificate, or plain HTTP)' : ''}`;
  return node(place, [
    stop === undefined
      ? line('none', asked)
      : line(stopMark(stop), `${plain(reference)}: ${stop.text}`),
    ...credentialLeaves(endpoint),
    ...notChosenTrees(endpoint.notChosen),
    ...probeLeaves(endpoint),
  ]);
}

function probeLeaves({ probe, isReached }: EndpointPart): Tree[] {
  if (probe === undefined) return [];
  if (probe.result === 'found') return [line('good', `probe: ${probe.text}`)];
  // What comes after an endpoint that has the image does no harm.
  return [line(isReached === false ? 'note' : 'bad', `probe: ${probe.text}`)];
}

function stopMark({ kind }: NonNullable<EndpointPart['stop']>): 'bad' | 'note' {
  return kind === 'not-for-this-pull' ? 'note' : 'bad';
}

function credentialLeaves({ credential, stop, isDecided, kind }: EndpointPart): Tree[] {
  if (credential !== undefined) return [line('good', `credential: ${sourceText(credential)}`)];
  if (stop !== undefined) return [];
  if (!isDecided) return [line('bad', 'no credential: the plugin fails before it is chosen')];
  // Behind mirrors, the source has credentials of its own or needs none.
  return [line(kind === 'mirror' ? 'bad' : 'note', 'no credential: CRI-O asks anonymously')];
}

function notChosenTrees(entries: readonly NotChosenPart[]): Tree[] {
  if (entries.length === 0) return [];
  const near = entries.filter(({ isFar }) => !isFar);
  const far = entries.filter(({ isFar }) => isFar);
  const shown = [
    ...near.slice(0, MOST_NEAR).map((entry) => line('note', notChosenText(entry))),
    ...far.slice(0, MOST_FAR).map((entry) => line('none', notChosenText(entry))),
  ];
  const more = entries.length - shown.length;
  return [node('not chosen', more === 0 ? shown : [...shown, line('none', moreText(more))])];
}

function moreText(more: number): string {
  return `${more} more ${more === 1 ? 'entry' : 'entries'}, which -o json lists`;
}

/** A credential that was not chosen, why, and what would be right. */
export function notChosenText(entry: NotChosenPart): string {
  const { reason, write } = entry;
  return `${sourceText(entry)}: ${reason}${write === undefined ? '' : `; write ${plain(write)}`}`;
}

/** `Secret a, key b, user c`. */
export function sourceText({ secret, file, key, username }: CredentialSource): string {
  const from = secret === undefined ? plain(file ?? '') : `Secret ${plain(secret)}`;
  const by = key === undefined ? '' : `, key ${plain(key)}`;
  if (username === undefined) return from + by;
  return `${from}${by}, ${username === '' ? 'an identity token or no user' : `user ${plain(username)}`}`;
}

function authFileTree({ path, keys, findings }: AuthFilePart): Tree {
  const place = path === undefined || keys.length === 0 ? [] : [line('none', plain(path))];
  const entries = keys.map(({ key, from }) => line('none', `${plain(key)} from ${from}`));
  return node('auth file', [...leaves(findings), ...place, ...entries]);
}

function resultTree({ result }: Explanation): Tree {
  const advice = result.advice === undefined ? [] : [line('none', `next: ${result.advice}`)];
  return node('result', [...leaves(result.findings), ...advice]);
}
