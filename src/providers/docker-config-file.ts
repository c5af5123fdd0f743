import { type DockerConfig, decodeDockerConfig } from '../credentials/docker-config.ts';
import { Failure } from '../diagnostics/errors.ts';
import { quote } from '../diagnostics/quote.ts';
import type { CredentialStore } from './credential-store.ts';
import { parseJsonFile } from './json-file.ts';

/** Reads and decodes Docker's config.json in the store. Throws a Failure that names the file. */
export async function readDockerConfig(store: CredentialStore): Promise<DockerConfig> {
  const path = store.dockerConfigPath;
  const config = decodeDockerConfig(await parseJsonFile(store.read(path), path));
  if (!('problem' in config)) return config;
  throw new Failure(`cannot use the credential file ${quote(path)}: it ${config.problem}; mend it`);
}
