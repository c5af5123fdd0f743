import { Failure } from '../diagnostics/errors.ts';

/** Where a kubelet tells of itself, and until when it is waited for. */
export interface HealthCheck {
  /** Answers `ok` (kubelet, healthz). */
  readonly healthzUrl: string;
  /** Holds the configuration's hash, from 1.34 on. */
  readonly metricsUrl: string;
  /** The kubelet's own client certificate, with which it may be asked for metrics. */
  readonly identity: { readonly certificate: string; readonly key: string } | undefined;
  readonly timeoutMs: number;
}

/** What a kubelet that has come up says of its configuration. */
export type HashAnswer = 'same' | 'unknown';

const PAUSE_MS = 500;
const REQUEST_MS = 5_000;
const HASH = /^kubelet_credential_provider_config_info\{[^}]*hash="([^"]*)"[^}]*\} 1$/m;

/**
 * Waits until a restarted kubelet is healthy and runs with a configuration of the given hash. Throws a
 * Failure where that does not come in time; a kubelet whose metrics cannot be read is believed, and so is
 * any where no hash is asked for.
 */
export async function waitForKubelet(
  check: HealthCheck,
  hash: string | undefined,
): Promise<HashAnswer> {
  const end = Date.now() + check.timeoutMs;
  for (;;) {
    const answer = await askKubelet(check, hash);
    if (typeof answer === 'string') return answer;
    if (Date.now() + PAUSE_MS > end) {
      const seconds = check.timeoutMs / 1000;
      throw new Failure(
        `the kubelet did not come up within ${seconds} s at ${check.healthzUrl}: ${answer.notYet}`,
      );
    }
    await Bun.sleep(PAUSE_MS);
  }
}

async function askKubelet(
  check: HealthCheck,
  hash: string | undefined,
): Promise<HashAnswer | { readonly notYet: string }> {
  const health = await textAt(check.healthzUrl, check);
  if (health.text?.trim() !== 'ok') {
    return { notYet: health.problem ?? 'it says that it is not healthy' };
  }
  if (hash === undefined) return 'unknown';
  const running = HASH.exec((await textAt(check.metricsUrl, check)).text ?? '')?.[1];
  if (running === undefined) return 'unknown';
  return running === hash ? 'same' : { notYet: 'it runs with another configuration' };
}

/** What came from a kubelet, or why nothing did. */
export type Answer =
  | { readonly text: string; readonly problem?: never }
  | { readonly problem: string; readonly text?: never };

/** The kubelet's metrics, in the text format of Prometheus. */
export function readMetrics(url: string, identity: HealthCheck['identity']): Promise<Answer> {
  return textAt(url, { identity });
}

async function textAt(url: string, { identity }: Pick<HealthCheck, 'identity'>): Promise<Answer> {
  try {
    const response = await fetch(url, {
      signal: AbortSignal.timeout(REQUEST_MS),
      redirect: 'manual',
      // A kubelet on loopback has a certificate of its own making, and our client certificate gives nothing away.
      tls: { rejectUnauthorized: false, ...clientPair(identity) },
      verbose: false,
    });
    const text = await response.text();
    return response.ok ? { text } : { problem: `it answers with ${response.status}` };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

function clientPair(identity: HealthCheck['identity']): Bun.TLSOptions {
  return identity === undefined ? {} : { cert: identity.certificate, key: identity.key };
}
