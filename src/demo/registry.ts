import { accessLogLine } from './access-log.ts';
import type { ServerCertificate } from './certificates.ts';
import { Faults } from './faults.ts';
import { PasswordFile } from './htpasswd.ts';
import type { Answer } from './registry-answer.ts';
import { DistributionError } from './registry-error.ts';
import { basicGate, type Gate, openGate, type Rights, type Visitor } from './registry-gate.ts';
import { route } from './registry-routes.ts';
import { RegistryStore, type StoredManifest } from './registry-store.ts';
import { TokenService } from './registry-tokens.ts';
import { Uploads } from './registry-uploads.ts';
import { RequestLog } from './request-log.ts';
import { seedImage } from './seed-image.ts';
import { type Address, listen } from './server.ts';

const LARGEST_BODY = 1024 ** 3;

export interface RegistryOptions extends Address {
  /** A password file's text (`htpasswdFor`); without one, everyone may pull and push. */
  readonly htpasswd?: string;
  /** Limits users to repositories. */
  readonly rights?: Rights;
  /** How passwords are asked for: on each request, or by a token service; `basic` by default. */
  readonly authentication?: 'basic' | 'bearer';
  /** Plain HTTP without one. */
  readonly certificate?: ServerCertificate;
  /** Gets a line of the access log for each request. */
  readonly onAccess?: (line: string) => void;
}

/** A registry of the OCI distribution specification, in memory. */
export class Registry implements AsyncDisposable {
  readonly store = new RegistryStore();
  readonly faults = new Faults();
  readonly log = new RequestLog();
  /** `127.0.0.1:PORT`, as in a reference. */
  readonly host: string;
  readonly url: string;
  readonly stop: () => Promise<void>;
  readonly #uploads = new Uploads();
  readonly #gate: Gate;
  readonly #tokens: TokenService;
  readonly #onAccess: (line: string) => void;

  private constructor(options: RegistryOptions) {
    const passwords = new PasswordFile(options.htpasswd ?? '');
    const rights = options.rights ?? {};
    this.#tokens = new TokenService(passwords, rights);
    const closed =
      options.authentication === 'bearer' ? this.#tokens : basicGate(passwords, rights);
    this.#gate = options.htpasswd === undefined ? openGate : closed;
    this.#onAccess = options.onAccess ?? (() => {});
    const { certificate } = options;
    const listening = listen({
      address: options,
      ...(certificate && { tls: { cert: certificate.certificate, key: certificate.key } }),
      maxRequestBodySize: LARGEST_BODY,
      answer: (request, client) => this.#answer(request, client),
    });
    this.host = listening.host;
    this.url = listening.url;
    this.stop = listening.stop;
  }

  static start(options: RegistryOptions = {}): Registry {
    return new Registry(options);
  }

  /** Puts a small valid image under a tag. */
  seedImage(repository: string, tag = 'latest'): StoredManifest {
    return seedImage(this.store.repository(repository), tag);
  }

  /** With bearer authentication: a token that stands for a user's password. */
  issueIdentityToken(user: string): string {
    return this.#tokens.issueIdentityToken(user);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #answer(request: Request, client: string): Promise<Response> {
    const visitor = await this.#gate.visitor(request);
    const response = await this.faults.apply(request, () => this.#route(request, visitor));
    const entry = this.log.add(request, response.status, { client, user: visitor?.user });
    const length = request.method === 'HEAD' ? null : response.headers.get('content-length');
    this.#onAccess(accessLogLine(entry, Number(length ?? 0)));
    return response;
  }

  async #route(request: Request, visitor: Visitor | undefined): Promise<Response> {
    try {
      const { pathname } = new URL(request.url);
      if (pathname === '/token') return respond(request, await this.#tokens.answer(request));
      const shelf = { store: this.store, uploads: this.#uploads };
      return respond(request, await route(shelf, this.#gate, request, visitor));
    } catch (error) {
      if (!(error instanceof DistributionError)) throw error;
      return respond(request, refusal(error));
    }
  }
}

function refusal(error: DistributionError): Answer {
  const headers = { 'Content-Type': 'application/json; charset=utf-8', ...error.headers };
  return { status: error.status, headers, body: error.body };
}

function respond(request: Request, answer: Answer): Response {
  const body = Buffer.from(answer.body ?? '');
  const headers = new Headers({
    'Docker-Distribution-Api-Version': 'registry/2.0',
    'X-Content-Type-Options': 'nosniff',
    'Content-Length': String(body.length),
    ...answer.headers,
  });
  return new Response(request.method === 'HEAD' ? null : body, { status: answer.status, headers });
}
