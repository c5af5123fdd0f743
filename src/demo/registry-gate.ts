import type { PasswordFile } from './htpasswd.ts';
import { DistributionError } from './registry-error.ts';

export type Action = 'pull' | 'push';

/** What a request wants to do to which repository. */
export interface Wish {
  readonly repository: string;
  readonly action: Action;
}

/** Whoever got in, and what they may do. */
export interface Visitor {
  /** Undefined for someone without a name. */
  readonly user: string | undefined;
  readonly may: (wish: Wish) => boolean;
}

/** How a registry finds out who asks. */
export interface Gate {
  /** Undefined where a request shows nothing, or nothing good. */
  visitor(request: Request): Promise<Visitor | undefined>;
  /** The answer to whom it does not know, or to a known one who may not do this. */
  refusal(
    request: Request,
    wish: Wish | undefined,
    visitor: Visitor | undefined,
  ): DistributionError;
}

/** Repositories (with all below them) that a user is limited to; a user not named here is not limited. */
export type Rights = Readonly<Record<string, readonly string[]>>;

export function mayUse(rights: Rights, user: string, { repository }: Wish): boolean {
  const own = Object.hasOwn(rights, user) ? rights[user] : undefined;
  return own?.some((one) => repository === one || repository.startsWith(`${one}/`)) ?? true;
}

/** Everyone may do everything. */
export const openGate: Gate = {
  visitor: async () => ({ user: undefined, may: () => true }),
  refusal: () => new DistributionError('DENIED'),
};

/** Basic authentication on every request. */
export function basicGate(passwords: PasswordFile, rights: Rights): Gate {
  return {
    async visitor(request) {
      const given = basicCredential(request);
      if (given === undefined || !(await passwords.accepts(given.user, given.password))) return;
      return { user: given.user, may: (wish) => mayUse(rights, given.user, wish) };
    },
    refusal(_, wish, visitor) {
      const detail = wish === undefined ? undefined : detailOf(wish);
      if (visitor !== undefined) return new DistributionError('DENIED', { detail });
      const headers = { 'WWW-Authenticate': 'Basic realm="pullkey registry"' };
      return new DistributionError('UNAUTHORIZED', { detail, headers });
    },
  };
}

/** User and password of a Basic `Authorization` header; undefined where there is none. */
export function basicCredential(request: Request): { user: string; password: string } | undefined {
  const [, encoded] = /^Basic +(\S+)$/i.exec(request.headers.get('authorization') ?? '') ?? [];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString();
  const colon = text.indexOf(':');
  if (colon < 0) return undefined;
  return { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

export function detailOf({ repository, action }: Wish): object[] {
  return [{ Type: 'repository', Class: '', Name: repository, Action: action }];
}
