import { type DockerConfig, decodeDockerConfig } from '../credentials/docker-config.ts';
import type { CredentialStore } from './credential-store.ts';
import { brokenFile, parseJsonFile } from './json-file.ts';

/** Reads and decodes Docker's config.json in the store. Throws a Failure that names the file. */
export async function readDockerConfig(store: CredentialStore): Promise<DockerConfig> {
  const file = { path: store.dockerConfigPath, remedy: 'mend it' };
  const config = decodeDockerConfig(await parseJsonFile(store.read(file.path), file));
  if ('problem' in config) throw brokenFile(file, config.problem);
  return config;
}
