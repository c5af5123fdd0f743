import type { Permissions } from './api-permissions.ts';
import type { ObjectStore } from './api-store.ts';
import type { TokenAuthority } from './api-tokens.ts';

/** What an API server decides from: its objects, whose token is whose, and who may do what. */
export interface Cluster {
  readonly store: ObjectStore;
  readonly tokens: TokenAuthority;
  readonly permissions: Permissions;
}
