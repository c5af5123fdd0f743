import { plain } from '../../diagnostics/plain.ts';
import type { MirrorPlan, Outcome } from '../../providers/mirror-plan.ts';
import type { EndpointPart, Explanation, Finding, Result } from './explanation.ts';
import { bad, good } from './findings.ts';

/** All of an explanation but its result, and how the plan ended. */
export type Findings = Omit<Explanation, 'result'> & Pick<MirrorPlan, 'outcome' | 'failure'>;

/** Outcomes in which nobody needs a credential from the plugin. */
const NOTHING_NEEDED: ReadonlySet<Outcome> = new Set(['no-mirror', 'no-registries-conf']);

/**
 * Sums up: whether every endpoint that the plugin serves has a credential or needs none. Those are the
 * mirrors, or for a remap without any its location; the source behind mirrors is not the plugin's. What
 * registries answered counts where they were asked.
 */
export function resultOf(found: Findings): Result {
  const isMisread = found.registries.findings.some(({ mark }) => mark === 'bad');
  if (NOTHING_NEEDED.has(found.outcome) && !isMisread) {
    const text = 'the plugin has nothing to do: no mirror or remap applies to the image';
    return { ok: true, findings: [good(text)] };
  }
  const causes = [
    ...found.pull.findings,
    ...found.kubelet.findings,
    ...found.registries.findings,
    ...(found.failure === undefined ? endpointCauses(found) : failureCauses(found)),
  ].filter(({ mark }) => mark === 'bad');
  if (causes.length > 0) {
    const advice = adviceFor(found);
    return { ok: false, findings: causes, ...(advice === undefined ? {} : { advice }) };
  }
  return { ok: true, findings: [good(goodText(served(found.endpoints)))] };
}

/** The endpoints that the plugin is for and that CRI-O asks. */
function served(endpoints: readonly EndpointPart[]): readonly EndpointPart[] {
  const mirrors = endpoints.filter(({ kind }) => kind === 'mirror');
  const own = mirrors.length > 0 ? mirrors : endpoints;
  return own.filter(({ stop }) => stop === undefined);
}

/** That registries.conf cannot be loaded has been said. */
function failureCauses({ failure, registries }: Findings): readonly Finding[] {
  const text = failure?.message ?? '';
  return registries.findings.some((one) => one.text === text) ? [] : [bad(text)];
}

function endpointCauses(found: Findings): readonly Finding[] {
  const { endpoints, registries } = found;
  // Where the entry blocks, that has been said.
  if (registries.entry?.blocked) return [];
  const broken = endpoints.filter(({ stop }) => stop?.kind === 'not-rewritable');
  if (broken.length > 0) {
    const texts = broken.map(({ location, stop }) => `${plain(location)} ${stop?.text}`);
    return [bad(`CRI-O can use no endpoint: ${texts.join('; ')}`)];
  }
  return [...served(endpoints).flatMap(credentialCauses), ...unanswered(endpoints)];
}

function credentialCauses(endpoint: EndpointPart): Finding[] {
  const { credential, probe } = endpoint;
  const where = `the ${endpoint.kind} ${plain(endpoint.location)}`;
  if (credential === undefined) {
    if (probe?.result === 'found') return [];
    const asked = probe?.result === 'credential-needed' ? ', and it asks for one' : '';
    return [bad(`no credential for ${where}${asked}`)];
  }
  if (probe?.result !== 'wrong-password' && probe?.result !== 'no-right') return [];
  return [bad(`${where} refuses the credential (${probe.text})`)];
}

/** Whoever asks the endpoints wants to know whether the pull works. */
function unanswered(endpoints: readonly EndpointPart[]): Finding[] {
  const probes = endpoints.flatMap(({ probe }) => probe ?? []);
  const works = probes.length === 0 || probes.some(({ result }) => result === 'found');
  return works ? [] : [bad('no endpoint gives the image')];
}

function goodText(endpoints: readonly EndpointPart[]): string {
  const needless = endpoints.filter(({ credential }) => credential === undefined).length;
  if (endpoints.length === 0) return 'CRI-O asks no mirror for this pull';
  if (needless === endpoints.length) return 'no endpoint needs a credential';
  const [first] = endpoints;
  const isThere = endpoints.some(({ probe }) => probe?.result === 'found');
  const there = isThere ? ', and the image is there' : '';
  if (endpoints.length === 1) {
    return `the ${first?.kind} ${plain(first?.location ?? '')} gets its credential${there}`;
  }
  return needless === 0
    ? `each of the ${endpoints.length} mirrors gets its credential${there}`
    : `each mirror gets its credential or needs none${there}`;
}

function adviceFor({ endpoints, pull, secrets }: Findings): string | undefined {
  const missing = served(endpoints).find(
    ({ credential, probe }) => credential === undefined && probe?.result !== 'found',
  );
  if (missing === undefined || !missing.isDecided) return undefined;
  const near = missing.notChosen.find(({ write }) => write !== undefined);
  if (near !== undefined) {
    return `give Secret ${plain(near.secret ?? '')} the key ${plain(near.write ?? '')} (it has ${plain(near.key ?? '')})`;
  }
  const namespace = pull.namespace ?? 'NAMESPACE';
  const create = `pullkey render pull-secret --namespace ${namespace} --registry ${plain(missing.location)} --username USER | kubectl apply -f -`;
  return secrets.source === 'namespace'
    ? create
    : `${create} (and name it where the others are named)`;
}
