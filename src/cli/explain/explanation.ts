import type { ProbeAnswer } from '../../distribution/probe.ts';

/**
 * One image pull as it is decided, and why, for people: `pullkey explain` prints it as a tree, as JSON and as
 * a page. It names Secrets, keys and users, and holds no password, token or `auth` value.
 */
export interface Explanation {
  /** With registry, tag or digest. */
  readonly image: string;
  readonly pull: PullPart;
  readonly kubelet: KubeletPart;
  readonly registries: RegistriesPart;
  readonly secrets: SecretsPart;
  /** In the order in which CRI-O tries them. */
  readonly endpoints: readonly EndpointPart[];
  /** Credentials that go before the auth file's. */
  readonly precedence: readonly Finding[];
  readonly authFile: AuthFilePart;
  readonly result: Result;
}

/** A sentence: as it should be, wrong, or worth knowing. */
export interface Finding {
  readonly mark: 'good' | 'bad' | 'note';
  readonly text: string;
}

export interface PullPart {
  /** What the kubelet sends: the repository without tag and digest. */
  readonly requestedImage: string;
  readonly namespace?: string | undefined;
  readonly serviceAccount?: string | undefined;
  readonly pod?: string | undefined;
  readonly container?: string | undefined;
  readonly node?: string | undefined;
  readonly findings: readonly Finding[];
}

export interface KubeletPart {
  /** Undefined where it is not known. */
  readonly callsPlugin?: boolean | undefined;
  readonly config?: string | undefined;
  /** The pattern that covers the image, or the nearest one. */
  readonly pattern?: PatternPlace | undefined;
  readonly findings: readonly Finding[];
}

export interface PatternPlace {
  readonly pattern: string;
  readonly file: string;
  readonly line: number;
  /** Why it does not cover the image; undefined where it does. */
  readonly miss?: string | undefined;
}

export interface RegistriesPart {
  readonly files: readonly string[];
  readonly entry?: EntryPlace | undefined;
  readonly findings: readonly Finding[];
}

export interface EntryPlace {
  readonly prefix: string;
  readonly location: string;
  readonly blocked: boolean;
  readonly file: string;
  readonly line?: number | undefined;
}

export interface SecretsPart {
  readonly source?: 'annotation' | 'namespace' | 'service-account' | undefined;
  /** Names, in the order in which they count. */
  readonly names: readonly string[];
  readonly findings: readonly Finding[];
}

export interface EndpointPart {
  readonly kind: 'mirror' | 'primary';
  readonly location: string;
  /** With the image's tag or digest. */
  readonly reference: string;
  readonly insecure: boolean;
  /** Why CRI-O does not ask it. */
  readonly stop?: Stop | undefined;
  /** Whether it is known which credential it gets, and why. */
  readonly isDecided: boolean;
  readonly credential?: ChosenPart | undefined;
  readonly notChosen: readonly NotChosenPart[];
  readonly probe?: ProbeAnswer | undefined;
  /** Where they were asked: whether CRI-O comes to it, as none before has the image. */
  readonly isReached?: boolean | undefined;
}

export interface Stop {
  readonly kind: 'blocked' | 'not-rewritable' | 'not-for-this-pull';
  readonly text: string;
}

/** Where a credential comes from: a Secret of the namespace, or the node's global auth file. */
export interface CredentialSource {
  readonly secret?: string | undefined;
  readonly file?: string | undefined;
  readonly key?: string | undefined;
  readonly username?: string | undefined;
}

export interface ChosenPart extends CredentialSource {
  /** The key in the auth file. */
  readonly writtenKey: string;
}

export interface NotChosenPart extends CredentialSource {
  readonly reason: string;
  /** The key that would be right, where the one there is nearly so. */
  readonly write?: string | undefined;
  /** It is for another registry altogether. */
  readonly isFar: boolean;
}

export interface AuthFilePart {
  readonly path?: string | undefined;
  readonly keys: readonly { readonly key: string; readonly from: string }[];
  readonly findings: readonly Finding[];
}

export interface Result {
  /** Whether every endpoint that the plugin serves has its credential, or needs none. */
  readonly ok: boolean;
  /** What is wrong, the first cause first; where nothing is, one sentence that says so. */
  readonly findings: readonly Finding[];
  /** What to do next. */
  readonly advice?: string | undefined;
}
