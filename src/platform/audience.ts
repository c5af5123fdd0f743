/** The audience that OpenShift's API servers accept, and the one that documents name elsewhere. */
export const DOCUMENTED_AUDIENCE = 'https://kubernetes.default.svc';

/** For whom a pod's token is: one of the API server's `--api-audiences`, by default its issuer. */
export interface Audience {
  readonly url: string;
  /** Nobody named it, and no cluster was asked. */
  readonly isGuessed: boolean;
}

const LONGEST_AUDIENCE = 1024;

/** Whether a text can be written where an audience stands: a flag, YAML, the resource of an RBAC rule. */
export function isAudience(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text) && text.length <= LONGEST_AUDIENCE;
}

/** Said wherever a guessed audience is rendered. */
export const AUDIENCE_REMARK =
  'Must be an audience of the API server: the `aud` of a token from `kubectl create token default`.';
