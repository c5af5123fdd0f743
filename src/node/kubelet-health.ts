import { Failure } from '../diagnostics/errors.ts';
import { systemReason } from '../diagnostics/system-reason.ts';

/** A client certificate, which gives nothing away to whoever is asked. */
export interface ClientIdentity {
  readonly certificate: string;
  readonly key: string;
}

/** Where a kubelet tells of itself, and until when it is waited for. */
export interface HealthCheck {
  /** Answers `ok` (kubelet, healthz). */
  readonly healthzUrl: string;
  /** Hold the configuration's hash, from 1.34 on. */
  readonly metricsUrl: string;
  /** As whom it is asked for metrics, one after the other until it answers; without one, as nobody. */
  readonly identities: readonly ClientIdentity[];
  readonly timeoutMs: number;
}

/** What a kubelet that has come up says of its configuration. */
export type HashAnswer = 'same' | 'unknown';

const PAUSE_MS = 500;
const REQUEST_MS = 5_000;
/** How long a healthy kubelet may take until it answers for its metrics as well. */
const METRICS_GRACE_MS = 5_000;

/** Its only label is the digest of all files of the configuration that the kubelet has read (credentialprovider/plugin). */
const HASH = /^kubelet_credential_provider_config_info\{[^}]*hash="([^"]*)"[^}]*\} 1$/m;
const VERSION = /^kubernetes_build_info\{[^}]*git_version="v(\d+)\.(\d+)/m;
/** The first minor version of Kubernetes 1 whose kubelet tells the hash. */
const TELLS_HASH = 34;

/**
 * Waits until a restarted kubelet is healthy and runs with a configuration of the given hash. Throws a
 * Failure where that does not come in time; a kubelet whose metrics nobody here may read is believed, and
 * so is any where no hash is asked for.
 */
export async function waitForKubelet(
  check: HealthCheck,
  hash: string | undefined,
): Promise<HashAnswer> {
  const end = Date.now() + check.timeoutMs;
  let silentFrom: number | undefined;
  for (;;) {
    const answer = await askKubelet(check, hash);
    const now = Date.now();
    if (answer === 'silent') silentFrom ??= now;
    else if (typeof answer === 'string') return answer;
    if (silentFrom !== undefined && now - silentFrom >= METRICS_GRACE_MS) return 'unknown';
    if (now + PAUSE_MS > end) {
      if (answer === 'silent') return 'unknown';
      throw notUp(check, answer.notYet);
    }
    await Bun.sleep(PAUSE_MS);
  }
}

function notUp({ timeoutMs, healthzUrl }: HealthCheck, reason: string): Failure {
  return new Failure(
    `the kubelet did not come up within ${timeoutMs / 1000} s at ${healthzUrl}: ${reason}`,
  );
}

/** Whether a kubelet says of itself, now, that it is healthy and runs with a configuration of that hash. */
export async function runsWith(check: HealthCheck, hash: string): Promise<boolean> {
  return (await askKubelet(check, hash)) === 'same';
}

/** `silent` is a healthy kubelet that nobody can ask for metrics, or cannot ask yet. */
type Asked = HashAnswer | 'silent' | { readonly notYet: string };

async function askKubelet(check: HealthCheck, hash: string | undefined): Promise<Asked> {
  const health = await textAt(check.healthzUrl);
  if (health.text?.trim() !== 'ok') {
    return { notYet: health.problem ?? 'it says that it is not healthy' };
  }
  if (hash === undefined) return 'unknown';
  const { text, isRefused } = await readMetrics(check.metricsUrl, check.identities);
  if (text !== undefined) return answerIn(text, hash);
  return isRefused === true ? 'unknown' : 'silent';
}

/** Metrics without a hash are those of an older kubelet, or of one without providers. */
function answerIn(text: string, hash: string): Asked {
  const running = HASH.exec(text)?.[1];
  if (running === hash) return 'same';
  if (running !== undefined) return { notYet: 'it runs with another configuration' };
  const [, major, minor] = VERSION.exec(text) ?? [];
  if (major !== '1' || Number(minor) < TELLS_HASH) return 'unknown';
  return { notYet: 'it runs without credential providers, so it did not get its flags' };
}

/**
 * The kubelet's metrics, in the text format of Prometheus, asked for as one after the other until it answers;
 * without anybody to be, as nobody.
 */
export async function readMetrics(
  url: string,
  identities: readonly ClientIdentity[],
): Promise<Answer> {
  const [first, ...others] = identities;
  let answer = await textAt(url, first);
  for (const identity of others) {
    if (answer.isRefused !== true) break;
    answer = await textAt(url, identity);
  }
  return answer;
}

/** What came from a kubelet, or why nothing did. */
export type Answer =
  | { readonly text: string; readonly problem?: never; readonly isRefused?: never }
  | {
      readonly problem: string;
      /** Whether it answered that it does not tell us. */
      readonly isRefused?: boolean;
      readonly text?: never;
    };

async function textAt(url: string, identity?: ClientIdentity): Promise<Answer> {
  try {
    const response = await fetch(url, {
      signal: AbortSignal.timeout(REQUEST_MS),
      redirect: 'manual',
      // A kubelet on loopback has a certificate of its own making, and our client certificate gives nothing away.
      tls: { rejectUnauthorized: false, ...clientPair(identity) },
      verbose: false,
    });
    const text = await response.text();
    if (response.ok) return { text };
    return { problem: `it answers with ${response.status}`, isRefused: true };
  } catch (error) {
    return { problem: systemReason(error) };
  }
}

function clientPair(identity: ClientIdentity | undefined): Bun.TLSOptions {
  return identity === undefined ? {} : { cert: identity.certificate, key: identity.key };
}
