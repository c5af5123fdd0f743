import { apiServer } from './api-server.ts';
import { apiServerVersion } from './api-server-version.ts';
import type { Check } from './check.ts';
import { clock } from './clock.ts';
import type { ClusterWorld } from './cluster-world.ts';
import { identity } from './identity.ts';
import { nodeTokens } from './node-tokens.ts';
import { pullSecretRights } from './pull-secret-rights.ts';
import { tokenAudience } from './token-audience.ts';

/** The cluster half, in the order in which things have to work; one check a file. */
export const CLUSTER_CHECKS: readonly Check<ClusterWorld>[] = [
  apiServer,
  clock,
  apiServerVersion,
  identity,
  tokenAudience,
  nodeTokens,
  pullSecretRights,
];
