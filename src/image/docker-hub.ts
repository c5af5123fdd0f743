/** The name that images of Docker Hub have in a reference. */
export const DOCKER_HUB = 'docker.io';

const LEGACY_HOST = 'index.docker.io';

/** Hosts under which Docker Hub's credentials are found in auth files; all mean `docker.io`. */
const ALIASES: ReadonlySet<string> = new Set([DOCKER_HUB, LEGACY_HOST, 'registry-1.docker.io']);

/** Whether a registry host, in lower case and without port, is Docker Hub under any of its names. */
export function isDockerHub(host: string): boolean {
  return ALIASES.has(host);
}

/** A host as it stands in a normalised reference, where `index.docker.io` is the only alias known. */
export function hubHostOf(host: string): string {
  return host === LEGACY_HOST ? DOCKER_HUB : host;
}
