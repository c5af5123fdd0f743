import type { PasswordFile } from './htpasswd.ts';
import { type Answer, json } from './registry-answer.ts';
import { DistributionError } from './registry-error.ts';
import {
  basicCredential,
  detailOf,
  type Gate,
  mayUse,
  type Rights,
  type Wish,
} from './registry-gate.ts';

const LIFETIME_SECONDS = 300;
const SERVICE = 'pullkey registry';

interface AccessToken {
  readonly user: string | undefined;
  readonly scopes: ReadonlySet<string>;
  readonly expires: number;
}

/** Bearer authentication: a token service beside the registry trades credentials for short-lived tokens. */
export class TokenService implements Gate {
  readonly #passwords: PasswordFile;
  readonly #rights: Rights;
  readonly #accessTokens = new Map<string, AccessToken>();
  readonly #identityTokens = new Map<string, string>();

  constructor(passwords: PasswordFile, rights: Rights) {
    this.#passwords = passwords;
    this.#rights = rights;
  }

  /** A token that stands for a user's password, as `docker login` keeps it for some registries. */
  issueIdentityToken(user: string): string {
    const token = randomToken();
    this.#identityTokens.set(token, user);
    return token;
  }

  async visitor(request: Request) {
    const given = /^Bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
    const token = this.#accessTokens.get(given ?? '');
    if (token === undefined || token.expires < Date.now()) return;
    return { user: token.user, may: (wish: Wish) => token.scopes.has(scopeOf(wish)) };
  }

  refusal(
    request: Request,
    wish: Wish | undefined,
    visitor: object | undefined,
  ): DistributionError {
    const realm = new URL('/token', request.url).href;
    const challenge = [`Bearer realm="${realm}"`, `service="${SERVICE}"`];
    if (wish !== undefined) challenge.push(`scope="${scopeOf(wish)}"`);
    if (visitor !== undefined) challenge.push('error="insufficient_scope"');
    return new DistributionError('UNAUTHORIZED', {
      detail: wish === undefined ? undefined : detailOf(wish),
      headers: { 'WWW-Authenticate': challenge.join(',') },
    });
  }

  /** The endpoint `/token`: GET with Basic, or the OAuth2 form by POST. */
  async answer(request: Request): Promise<Answer> {
    const query = await parametersOf(request);
    const user = await this.#userOf(request, query);
    const scopes = query.getAll('scope').flatMap((scope) => scope.split(' '));
    const granted = scopes.flatMap(wishesIn).filter((wish) => this.#mayHave(user, wish));
    const token = randomToken();
    this.#accessTokens.set(token, {
      user,
      scopes: new Set(granted.map(scopeOf)),
      expires: Date.now() + LIFETIME_SECONDS * 1000,
    });
    const issued = { expires_in: LIFETIME_SECONDS, issued_at: new Date().toISOString() };
    return json({ token, access_token: token, ...issued });
  }

  /** Undefined for someone who shows nothing; such a one gets a token that opens nothing. */
  async #userOf(request: Request, query: URLSearchParams): Promise<string | undefined> {
    if (query.get('grant_type') === 'refresh_token') {
      const user = this.#identityTokens.get(query.get('refresh_token') ?? '');
      if (user === undefined) throw wrongCredential();
      return user;
    }
    const given = basicCredential(request);
    if (given === undefined) return undefined;
    if (!(await this.#passwords.accepts(given.user, given.password))) throw wrongCredential();
    return given.user;
  }

  #mayHave(user: string | undefined, wish: Wish): boolean {
    return user !== undefined && mayUse(this.#rights, user, wish);
  }
}

async function parametersOf(request: Request): Promise<URLSearchParams> {
  if (request.method === 'POST') return new URLSearchParams(await request.text());
  return new URL(request.url).searchParams;
}

/** `repository:team/app:pull,push` asks for two things. */
function wishesIn(scope: string): Wish[] {
  const [, repository = '', actions = ''] = /^repository:(.+):([a-z,*]+)$/.exec(scope) ?? [];
  return (['pull', 'push'] as const)
    .filter((action) => actions.split(',').includes(action))
    .map((action) => ({ repository, action }));
}

function scopeOf({ repository, action }: Wish): string {
  return `repository:${repository}:${action}`;
}

function wrongCredential(): DistributionError {
  const headers = { 'WWW-Authenticate': `Basic realm="${SERVICE}"` };
  return new DistributionError('UNAUTHORIZED', { headers });
}

function randomToken(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(24))).toString('base64url');
}
