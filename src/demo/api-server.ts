import { ANONYMOUS, type Identity } from './api-identity.ts';
import type { ApiObject } from './api-object.ts';
import { Permissions } from './api-permissions.ts';
import { grantedByRoles, RBAC_RESOURCES } from './api-rbac.ts';
import { CORE_RESOURCES, NODES, PODS, type Resource, SERVICE_ACCOUNTS } from './api-resources.ts';
import { respondToError } from './api-response.ts';
import { route } from './api-routes.ts';
import { unauthorized } from './api-status.ts';
import { ObjectStore } from './api-store.ts';
import { TokenAuthority, type TokenClaims } from './api-tokens.ts';
import { type Authority, type CertificateRequest, createAuthority } from './certificates.ts';
import { Faults } from './faults.ts';
import { RequestLog } from './request-log.ts';
import { type Address, listen } from './server.ts';

const LARGEST_BODY = 3 * 1024 * 1024;

export interface ApiServerOptions extends Address {
  /** Accepted audiences; by default the issuer alone. */
  readonly audiences?: readonly string[];
  /** By default `https://kubernetes.default.svc`. */
  readonly issuer?: string;
  /** Who signs the server's certificate; by default an authority of its own. */
  readonly authority?: Authority;
  /** For an expired certificate, or one for other hosts. */
  readonly certificate?: CertificateRequest;
  /** Kinds beside the core ones. */
  readonly resources?: readonly Resource[];
}

/** A Kubernetes API server's stand-in: real paths, tokens, permissions, refusals and pages over HTTPS. */
export class ApiServer implements AsyncDisposable {
  readonly store: ObjectStore;
  readonly tokens: TokenAuthority;
  readonly permissions = new Permissions(() => grantedByRoles(this.store));
  readonly faults = new Faults();
  readonly log = new RequestLog();
  /** The certificate to trust, PEM. */
  readonly certificateAuthority: string;
  /** `https://127.0.0.1:PORT` */
  readonly url: string;
  readonly stop: () => Promise<void>;

  private constructor(options: ApiServerOptions, tls: Bun.TLSOptions, authority: Authority) {
    this.certificateAuthority = authority.certificate;
    this.store = new ObjectStore([
      ...CORE_RESOURCES,
      ...RBAC_RESOURCES,
      ...(options.resources ?? []),
    ]);
    this.tokens = new TokenAuthority(this.store, options);
    const listening = listen({
      address: options,
      tls,
      maxRequestBodySize: LARGEST_BODY,
      answer: (request, client) => this.#answer(request, client),
    });
    this.url = listening.url;
    this.stop = listening.stop;
  }

  static async start(options: ApiServerOptions = {}): Promise<ApiServer> {
    const authority = options.authority ?? (await createAuthority('kubernetes'));
    const { certificate, key } = await authority.issue(options.certificate);
    return new ApiServer(options, { cert: certificate, key }, authority);
  }

  get adminToken(): string {
    return this.tokens.adminToken;
  }

  /** Creates or replaces objects, and the namespaces they need. */
  apply(...objects: readonly ApiObject[]): void {
    for (const object of objects) this.store.apply(object);
  }

  /** A service account's token; the service account, pod and node are made where they do not exist. */
  issueToken(claims: TokenClaims): string {
    const { namespace, serviceAccount, pod, node } = claims;
    this.#ensure(SERVICE_ACCOUNTS, namespace, serviceAccount);
    if (node !== undefined) this.#ensure(NODES, '', node);
    if (pod !== undefined) {
      const spec = { serviceAccountName: serviceAccount, ...(node && { nodeName: node }) };
      this.#ensure(PODS, namespace, pod, { spec });
    }
    return this.tokens.issue(claims);
  }

  /** A kubeconfig (JSON, which is YAML) for a token's holder, by default the administrator. */
  kubeconfig(token: string = this.adminToken): string {
    const authority = Buffer.from(this.certificateAuthority).toString('base64');
    const cluster = { server: this.url, 'certificate-authority-data': authority };
    return JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'stand-in', cluster }],
      users: [{ name: 'user', user: { token } }],
      contexts: [{ name: 'stand-in', context: { cluster: 'stand-in', user: 'user' } }],
      'current-context': 'stand-in',
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #ensure(resource: Resource, namespace: string, name: string, rest: object = {}): void {
    if (this.store.get(resource, namespace, name) !== undefined) return;
    const { kind } = resource;
    this.apply({ apiVersion: 'v1', kind, metadata: { name, namespace }, ...rest });
  }

  async #answer(request: Request, client: string): Promise<Response> {
    const identity = this.#authenticate(request);
    const response = await this.faults.apply(request, () => this.#route(request, identity));
    this.log.add(request, response.status, { client, user: identity?.name });
    return response;
  }

  async #route(request: Request, identity: Identity | undefined): Promise<Response> {
    try {
      if (identity === undefined) throw unauthorized();
      return await route(this, identity, request);
    } catch (error) {
      return respondToError(request, error);
    }
  }

  #authenticate(request: Request): Identity | undefined {
    const token = /^Bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
    return token === undefined ? ANONYMOUS : this.tokens.verify(token);
  }
}
