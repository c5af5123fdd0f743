import { readGlobalAuthFile } from '../authfile/global.ts';
import type { Deadline } from '../diagnostics/deadline.ts';
import type { JsonObject } from '../diagnostics/json.ts';
import { ApiClient } from '../kubernetes/client.ts';
import { type DiscoveredServer, discoverApiServer } from '../kubernetes/discovery.ts';
import type { Exchange } from '../kubernetes/exchange.ts';
import { fetchExchange } from '../kubernetes/fetch-exchange.ts';
import type { TokenClaims } from '../kubernetes/token.ts';
import { loadRegistries, type RegistriesConfig } from '../registries/load.ts';
import type { MirrorOptions } from './mirror-options.ts';
import { type NamespaceSecrets, readPullSecrets } from './pull-secrets.ts';

/** All that a plan reads, asked for only when it is needed. */
export interface World {
  readonly authDir: string;
  readonly globalAuthFile: string;
  loadRegistries(): RegistriesConfig;
  readGlobalAuths(): JsonObject;
  /** Where the namespace's Secrets come from, before they are read. */
  findSecrets(token: string): SecretsReader;
}

/** Reads a namespace's Secrets; `server` is absent where they come from files. */
export interface SecretsReader {
  readonly server?: DiscoveredServer | undefined;
  read(identity: TokenClaims, annotation: string | undefined): Promise<NamespaceSecrets>;
}

/** The node that the plugin runs on, and its cluster's API server, asked by exchanges of a kind. */
export function nodeWorld(
  options: MirrorOptions,
  deadline: Deadline,
  exchange: (deadline: Deadline) => Exchange = fetchExchange,
): World {
  return {
    authDir: options.authDir,
    globalAuthFile: options.globalAuthFile,
    loadRegistries: () =>
      loadRegistries({
        mainFile: options.registriesConf,
        dropInDirs: options.registriesConfDirs,
        missingMainFile: 'ignore',
      }),
    readGlobalAuths: () => readGlobalAuthFile(options.globalAuthFile),
    findSecrets: (token) => {
      const server = discoverApiServer(options.apiServer);
      return {
        server,
        read: (identity, annotation) =>
          readPullSecrets(
            new ApiClient(server, { token }, deadline, exchange),
            identity,
            annotation,
          ),
      };
    },
  };
}
