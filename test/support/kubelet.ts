import { Failure } from '../../src/diagnostics/errors.ts';
import type { Restarting } from '../../src/node/services.ts';

/** A kubelet's health and metrics over HTTP, and the services that it is restarted by. */
export class KubeletStandIn implements Disposable {
  /** What was asked of the service manager, a line each. */
  readonly asked: string[] = [];
  isHealthy = true;
  /** In its metrics; undefined where it does not tell. */
  hash: string | undefined;
  /** Its own, in its metrics; undefined where they do not tell that either. */
  version: string | undefined;
  /** Called at each restart, before it is over. */
  onRestart: () => void = () => undefined;
  readonly #server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch: (request) => this.#answer(new URL(request.url).pathname),
  });

  get url(): string {
    return `http://127.0.0.1:${this.#server.port}`;
  }

  restarting(timeoutMs = 1_000): Restarting {
    return {
      control: {
        run: async (...words) => {
          this.asked.push(words.join(' '));
          if (words[0] === 'restart') this.onRestart();
        },
      },
      health: {
        healthzUrl: `${this.url}/healthz`,
        metricsUrl: `${this.url}/metrics`,
        identities: [],
        timeoutMs,
      },
    };
  }

  [Symbol.dispose](): void {
    this.#server.stop(true);
  }

  #answer(path: string): Response {
    if (path === '/healthz') {
      return this.isHealthy ? new Response('ok') : new Response('no', { status: 500 });
    }
    if (this.hash === undefined && this.version === undefined)
      return new Response('Forbidden', { status: 403 });
    const version = `kubernetes_build_info{build_date="x",git_version="${this.version}"} 1\n`;
    const info = `kubelet_credential_provider_config_info{hash="${this.hash}"} 1\n`;
    return new Response(
      (this.version === undefined ? '' : version) + (this.hash === undefined ? '' : info),
    );
  }
}

/** A restart that fails. */
export function failing(reason: string): () => never {
  return () => {
    throw new Failure(reason);
  };
}
