import type { Auths } from '../authfile/entry.ts';
import type { Choice } from '../credentials/choose.ts';
import type { Failure } from '../diagnostics/errors.ts';
import type { DiscoveredServer } from '../kubernetes/discovery.ts';
import type { TokenClaims } from '../kubernetes/token.ts';
import type { Endpoint } from '../registries/endpoints.ts';
import type { RegistriesConfig } from '../registries/load.ts';
import type { Registry } from '../registries/registry.ts';
import type { NamespaceSecrets } from './pull-secrets.ts';

/**
 * How a pull was decided: `write` an auth file; nothing to do, with the reason; or `failed`, where
 * `failure` says why and the fields hold what had been found by then.
 */
export type Outcome =
  | 'write'
  | 'no-token'
  | 'no-registries-conf'
  | 'no-mirror'
  | 'blocked'
  | 'no-credentials'
  | 'failed';

/** Where an endpoint's credential comes from; undefined where CRI-O asks without one. */
export interface EndpointCredential {
  /** The key in the auth file that containers/image finds for the endpoint. */
  readonly key: string;
  readonly username: string;
  readonly origin:
    | { readonly kind: 'secret'; readonly secret: string; readonly secretKey: string }
    | { readonly kind: 'global' };
}

export interface PlannedEndpoint extends Endpoint {
  readonly credential?: EndpointCredential;
}

/** What became of the kubelet's global auth file. */
export interface GlobalAuths {
  readonly path: string;
  /** Keys with usable credentials, whether they were taken over or not. */
  readonly keys: readonly string[];
  /** Keys without usable credentials, with the reason. */
  readonly unusable: ReadonlyMap<string, string>;
  /** Keys that would have won over the namespace's entry for an endpoint. */
  readonly leftOut: readonly string[];
}

/**
 * Every endpoint, candidate, choice and refusal of one pull, with its reason. The plugin acts on it,
 * its log is printed from it, and `pullkey explain` shows it. It holds credentials (`choice`,
 * `authFile`), but no token.
 */
export interface MirrorPlan {
  readonly apiVersion: string;
  readonly image: string;
  readonly outcome: Outcome;
  readonly failure?: Failure | undefined;
  readonly identity?: TokenClaims | undefined;
  readonly registries?: RegistriesConfig | undefined;
  readonly registry?: Registry | undefined;
  /** In the order in which CRI-O tries them. */
  readonly endpoints: readonly PlannedEndpoint[];
  readonly server?: DiscoveredServer | undefined;
  readonly secrets?: NamespaceSecrets | undefined;
  readonly choice?: Choice | undefined;
  readonly global?: GlobalAuths | undefined;
  readonly authFilePath?: string | undefined;
  /** The content to write, with outcome `write`. */
  readonly auths?: Auths | undefined;
}
