import { isJsonObject } from '../diagnostics/json.ts';
import { ADMIN, type Identity, nodeIdentity, serviceAccountIdentity } from './api-identity.ts';
import { textAt } from './api-object.ts';
import { NODES, PODS, type Resource, SERVICE_ACCOUNTS } from './api-resources.ts';
import type { ObjectStore } from './api-store.ts';

export const DEFAULT_AUDIENCE = 'https://kubernetes.default.svc';
const DEFAULT_LIFETIME_SECONDS = 3600;

/** What a service account token shall say; the named objects must exist in the store. */
export interface TokenClaims {
  readonly namespace: string;
  readonly serviceAccount: string;
  /** By default the API server's own audiences. */
  readonly audiences?: readonly string[];
  readonly pod?: string;
  readonly node?: string;
  /** In seconds, 3600 by default; a negative one makes a token that has expired. */
  readonly expiresIn?: number;
}

interface Reference {
  readonly name: string;
  readonly uid: string;
}

/** Signs and verifies bearer tokens: service accounts' JWTs, and opaque ones of users and nodes. */
export class TokenAuthority {
  readonly adminToken: string;
  readonly audiences: readonly string[];
  readonly #store: ObjectStore;
  readonly #issuer: string;
  readonly #signingKey = crypto.getRandomValues(new Uint8Array(32));
  readonly #users = new Map<string, Identity>();

  constructor(store: ObjectStore, options: { issuer?: string; audiences?: readonly string[] }) {
    this.#store = store;
    this.#issuer = options.issuer ?? DEFAULT_AUDIENCE;
    this.audiences = options.audiences ?? [this.#issuer];
    this.adminToken = this.issueForUser(ADMIN);
  }

  /** An opaque token for any user, as from a token file. */
  issueForUser(identity: Identity): string {
    const token = Buffer.from(crypto.getRandomValues(new Uint8Array(24))).toString('base64url');
    this.#users.set(token, identity);
    return token;
  }

  issueForNode(node: string): string {
    return this.issueForUser(nodeIdentity(node));
  }

  /** A signed JWT with the claims of a real one. */
  issue(claims: TokenClaims): string {
    const { namespace, serviceAccount } = claims;
    const now = Math.floor(Date.now() / 1000);
    return this.#sign({
      aud: claims.audiences ?? this.audiences,
      exp: now + (claims.expiresIn ?? DEFAULT_LIFETIME_SECONDS),
      iat: now,
      iss: this.#issuer,
      jti: crypto.randomUUID(),
      'kubernetes.io': {
        namespace,
        ...(claims.node === undefined ? {} : { node: this.#refer(NODES, '', claims.node) }),
        ...(claims.pod === undefined ? {} : { pod: this.#refer(PODS, namespace, claims.pod) }),
        serviceaccount: this.#refer(SERVICE_ACCOUNTS, namespace, serviceAccount),
      },
      nbf: now,
      sub: `system:serviceaccount:${namespace}:${serviceAccount}`,
    });
  }

  /** Whom a token stands for; undefined for an unknown, forged, expired or foreign one. */
  verify(token: string): Identity | undefined {
    return this.#users.get(token) ?? this.#verifyServiceAccount(token);
  }

  #verifyServiceAccount(token: string): Identity | undefined {
    const [header, payload, signature] = token.split('.');
    if (signature === undefined || signature !== this.#signature(`${header}.${payload}`)) return;
    const claims: unknown = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString());
    if (!isJsonObject(claims) || Number(claims['exp']) <= Date.now() / 1000) return;
    if (!this.#isForUs(claims['aud'])) return;
    return this.#identityOf(claims['kubernetes.io']);
  }

  #isForUs(audiences: unknown): boolean {
    return Array.isArray(audiences) && audiences.some((one) => this.audiences.includes(one));
  }

  /** A token dies with the service account or pod that it is bound to. */
  #identityOf(bound: unknown): Identity | undefined {
    const namespace = textAt(bound, 'namespace') ?? '';
    const serviceAccount = textAt(bound, 'serviceaccount.name') ?? '';
    const pod = textAt(bound, 'pod.name');
    const node = textAt(bound, 'node.name');
    const lives = (resource: Resource, field: string): boolean => {
      const found = this.#store.get(resource, namespace, textAt(bound, `${field}.name`) ?? '');
      return found !== undefined && found.metadata.uid === textAt(bound, `${field}.uid`);
    };
    if (!lives(SERVICE_ACCOUNTS, 'serviceaccount')) return;
    if (pod !== undefined && !lives(PODS, 'pod')) return;
    return serviceAccountIdentity(namespace, serviceAccount, {
      ...(pod === undefined ? {} : { 'authentication.kubernetes.io/pod-name': [pod] }),
      ...(node === undefined ? {} : { 'authentication.kubernetes.io/node-name': [node] }),
    });
  }

  #refer(resource: Resource, namespace: string, name: string): Reference {
    const { uid = '' } = this.#store.need(resource, namespace, name).metadata;
    return { name, uid };
  }

  #sign(claims: object): string {
    const signed = `${encode({ alg: 'HS256', kid: 'stand-in' })}.${encode(claims)}`;
    return `${signed}.${this.#signature(signed)}`;
  }

  #signature(text: string): string {
    return new Bun.CryptoHasher('sha256', this.#signingKey).update(text).digest('base64url');
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
