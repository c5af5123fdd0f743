import { Failure } from '../diagnostics/errors.ts';
import { quote } from '../diagnostics/quote.ts';
import { DOCKER_HUB } from '../image/docker-hub.ts';
import { isRegistryHost } from '../image/registry-host.ts';
import { type Challenge, parseChallenges } from './challenge.ts';
import { basicAuthorization, type RegistryCredential } from './credential.ts';
import { exchange, nameOf, type Route } from './exchange.ts';
import { answerError, RegistryError } from './registry-error.ts';
import { fetchToken } from './token.ts';

/** References call it `docker.io`, where there is no registry. */
const DOCKER_HUB_REGISTRY = 'registry-1.docker.io';

/** Where a registry answers, and what it wants to see. */
interface Way {
  readonly base: URL;
  readonly challenges: readonly Challenge[];
}

/** One registry and what we may show it: finds the address once, and the authorization for each repository. */
export class Connection {
  readonly #host: string;
  readonly #route: Route;
  readonly #credential: RegistryCredential | undefined;
  readonly #tokens = new Map<string | undefined, Promise<string>>();
  #way: Promise<Way> | undefined;

  /** @throws Failure for a host that is none. */
  constructor(host: string, route: Route, credential: RegistryCredential | undefined) {
    if (!isRegistryHost(host) || !URL.canParse(`https://${host}`)) {
      throw new Failure(`${quote(host)} is no registry: expected HOST or HOST:PORT`);
    }
    this.#host = host === DOCKER_HUB ? DOCKER_HUB_REGISTRY : host;
    this.#route = route;
    this.#credential = credential;
  }

  /** The address found by the first ping. @throws RegistryError */
  async address(): Promise<URL> {
    return (await this.#find()).base;
  }

  /**
   * The `Authorization` to pull from a repository, or without one to log in: the first challenge that we
   * can meet decides. Undefined where none is asked for, or Basic without a credential.
   * @throws RegistryError
   */
  async authorization(repository?: string): Promise<string | undefined> {
    const { base, challenges } = await this.#find();
    const credential = this.#credential;
    for (const challenge of challenges) {
      if (challenge.scheme === 'basic') {
        if (credential === undefined || 'identityToken' in credential) return undefined;
        return basicAuthorization(credential.username, credential.password);
      }
      if (challenge.scheme === 'bearer') return this.#bearer(base, challenge, repository);
    }
    return undefined;
  }

  #find(): Promise<Way> {
    this.#way ??= this.#ping();
    return this.#way;
  }

  /** HTTPS; for an insecure registry any certificate will do, and then plain HTTP. */
  async #ping(): Promise<Way> {
    try {
      return await this.#pingAt('https');
    } catch (error) {
      if (!this.#route.insecure || !mayBePlain(error)) throw error;
      return this.#pingAt('http').catch((second: unknown) => {
        throw mayBePlain(second) ? error : second;
      });
    }
  }

  async #pingAt(scheme: string): Promise<Way> {
    const request = { url: new URL(`${scheme}://${this.#host}/v2/`) };
    const response = await exchange(this.#route, request);
    await response.body?.cancel();
    if (response.status !== 200 && response.status !== 401) {
      throw answerError(nameOf(request), response.status, '');
    }
    const challenges = parseChallenges(response.headers.get('www-authenticate') ?? '');
    return { base: request.url, challenges };
  }

  async #bearer(base: URL, challenge: Challenge, repository?: string): Promise<string> {
    const scope = repository === undefined ? undefined : `repository:${repository}:pull`;
    const known = this.#tokens.get(scope);
    const credential = this.#credential;
    const token = known ?? fetchToken(this.#route, base, challenge, { scope, credential });
    this.#tokens.set(scope, token);
    return `Bearer ${await token}`;
  }
}

/** Whether a failed ping leaves open that the other scheme is answered. */
function mayBePlain(error: unknown): boolean {
  return error instanceof RegistryError && ['unreachable', 'tls'].includes(error.reason);
}
