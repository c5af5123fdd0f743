import { plain } from '../../diagnostics/plain.ts';
import type { EndpointPart, Explanation, KubeletPart, NotChosenPart } from './explanation.ts';
import { notChosenText } from './explanation-tree.ts';
import { placeText } from './findings.ts';
import { html, type Markup, NOTHING } from './markup.ts';

type State = 'good' | 'bad' | 'note' | 'plain';

interface Box {
  readonly state: State;
  readonly label: string;
  readonly name: string;
  readonly details: readonly string[];
  /** What is known of it beyond doubt: state and words. */
  readonly badge?: readonly [State, string] | undefined;
}

const ARROW = html`<span class="arrow" aria-hidden="true"></span>`;

/** The chain of a pull as a picture: image → entry → endpoints → Secrets. */
export function picture(explanation: Explanation): Markup {
  const { endpoints } = explanation;
  const rows = endpoints.map((endpoint, index) => row(endpoint, index));
  return html`<section class="chain" aria-label="image, entry, endpoints and Secrets">
${box(imageBox(explanation))}${ARROW}${box(entryBox(explanation))}
${rows.length === 0 ? NOTHING : html`<div class="endpoints">${rows}</div>`}
</section>`;
}

function row(endpoint: EndpointPart, index: number): Markup {
  return html`<div class="row">${ARROW}${box(endpointBox(endpoint, index))}${ARROW}${box(credentialBox(endpoint))}</div>`;
}

function box({ state, label, name, details, badge }: Box): Markup {
  return html`<div class="box ${state}"><span class="label">${label}</span>
<strong>${breakable(name)}</strong>${details.map((text) => html`<span>${breakable(text)}</span>`)}${
    badge === undefined ? NOTHING : html`<em class="${badge[0]}">${badge[1]}</em>`
  }</div>`;
}

/** Names and paths may break after a slash or colon rather than anywhere. */
function breakable(text: string): Markup[] {
  return text
    .split(/(?<=[/:@])/)
    .map((part, index) => (index === 0 ? html`${part}` : html`<wbr>${part}`));
}

function imageBox({ image, pull, kubelet }: Explanation): Box {
  const { pod, namespace, serviceAccount } = pull;
  const details = [
    ...(pod === undefined ? [] : [`pod ${plain(pod)}`]),
    ...(namespace === undefined ? [] : [`namespace ${plain(namespace)}`]),
    ...(serviceAccount === undefined ? [] : [`service account ${plain(serviceAccount)}`]),
  ];
  const badge = kubeletBadge(kubelet);
  const state = badge[0] === 'bad' ? 'bad' : 'plain';
  return { state, label: 'image', name: plain(image), details, badge };
}

function kubeletBadge({ callsPlugin, pattern }: KubeletPart): readonly [State, string] {
  if (callsPlugin === undefined) return ['note', '? whether the kubelet calls the plugin'];
  if (!callsPlugin) return ['bad', '✗ the kubelet does not call the plugin'];
  const by = pattern === undefined ? '' : ` (${plain(pattern.pattern)})`;
  return ['good', `✓ the kubelet calls the plugin${by}`];
}

function entryBox({ registries: { entry, findings } }: Explanation): Box {
  const label = 'registries.conf';
  if (entry === undefined) {
    const bad = findings.find(({ mark }) => mark === 'bad');
    return bad === undefined
      ? { state: 'plain', label, name: 'no entry applies', details: [] }
      : { state: 'bad', label, name: 'cannot be used', details: [bad.text] };
  }
  const { prefix, location, blocked, file, line } = entry;
  const remap = location === '' || location === prefix ? [] : [`remapped to ${plain(location)}`];
  const details = [placeText(file, line), ...remap];
  return blocked
    ? { state: 'bad', label, name: plain(prefix), details, badge: ['bad', '✗ blocked'] }
    : { state: 'good', label, name: plain(prefix), details };
}

function endpointBox(endpoint: EndpointPart, index: number): Box {
  const { kind, location, reference, stop, probe, isReached } = endpoint;
  const label = `${index + 1} · ${kind}`;
  const content = { label, name: plain(location), details: [plain(reference)] };
  if (stop !== undefined) {
    const state = stop.kind === 'not-for-this-pull' ? 'plain' : 'bad';
    return { ...content, state, badge: [state, stop.text] };
  }
  if (probe === undefined) return { ...content, state: 'plain' };
  if (probe.result === 'found')
    return { ...content, state: 'good', badge: ['good', `✓ ${probe.text}`] };
  const state = isReached === false ? 'plain' : 'bad';
  return { ...content, state, badge: [state, `✗ ${probe.text}`] };
}

function credentialBox({ credential, kind, stop, isDecided, notChosen, probe }: EndpointPart): Box {
  if (credential !== undefined) {
    const { secret, file, key, username } = credential;
    const label = secret === undefined ? 'node’s auth file' : 'Secret';
    const user = username === undefined || username === '' ? [] : [`user ${plain(username)}`];
    const details = [`key ${plain(key ?? '')}`, ...user];
    const isRefused = probe?.result === 'wrong-password' || probe?.result === 'no-right';
    const state = isRefused ? 'bad' : 'good';
    return { state, label, name: plain(secret ?? file ?? ''), details };
  }
  const label = 'credential';
  if (stop !== undefined) return { state: 'plain', label, name: 'not needed', details: [] };
  if (!isDecided) return { state: 'bad', label, name: 'none', details: ['the plugin fails'] };
  const isNeeded = kind === 'mirror' && probe?.result !== 'found';
  const near = notChosen.find(({ isFar }) => !isFar);
  const details = ['CRI-O asks anonymously', ...nearText(near)];
  return { state: isNeeded ? 'bad' : 'plain', label, name: 'none', details };
}

function nearText(near: NotChosenPart | undefined): string[] {
  return near === undefined ? [] : [notChosenText(near)];
}
