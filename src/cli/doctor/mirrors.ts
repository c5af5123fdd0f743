import { Failure } from '../../diagnostics/errors.ts';
import { plain } from '../../diagnostics/plain.ts';
import { RegistryClient } from '../../distribution/client.ts';
import { RegistryError } from '../../distribution/registry-error.ts';
import { CERTIFICATE_DIRECTORIES, trustFor } from '../../distribution/trust.ts';
import { broken, type Outcome, ok, unknown, warning } from './check.ts';
import type { NodeCheck } from './node-check.ts';
import { mirroredRegistries } from './node-registries.ts';
import { type NodeWorld, onNode, usesMirrorProvider } from './node-world.ts';

/** Whether each mirror is a registry that answers, by whatever it answers. */
export const mirrors: NodeCheck = { id: 'mirrors', needs: 'probing', look };

const MOST_HOSTS = 50;
const LONGEST_MS = 10_000;

interface Host {
  readonly host: string;
  readonly insecure: boolean;
  /** In which the first entry stands that names it. */
  readonly file: string;
}

async function look(world: NodeWorld): Promise<readonly Outcome[]> {
  if (!usesMirrorProvider(world)) return [];
  const hosts = mirrorHosts(world);
  const asked = hosts.slice(0, MOST_HOSTS).map((one) => ask(world, one));
  const outcomes = await Promise.all(asked);
  if (hosts.length <= MOST_HOSTS) return outcomes;
  return [...outcomes, unknown(`${hosts.length - MOST_HOSTS} further mirrors were not asked`)];
}

function mirrorHosts(world: NodeWorld): readonly Host[] {
  const byHost = new Map<string, Host>();
  for (const { mirrors: all, location, insecure, file } of mirroredRegistries(world)) {
    for (const one of all.length > 0 ? all : [{ location, insecure }]) {
      const host = one.location.split('/')[0] ?? '';
      if (host !== '' && !byHost.has(host))
        byHost.set(host, { host, insecure: one.insecure, file });
    }
  }
  return [...byHost.values()];
}

async function ask(world: NodeWorld, mirror: Host): Promise<Outcome> {
  const { host, insecure } = mirror;
  const name = plain(host);
  try {
    const directories = CERTIFICATE_DIRECTORIES.map((one) => world.tree.locate(one));
    const signal = AbortSignal.timeout(LONGEST_MS);
    const trust = trustFor(host, directories);
    await new RegistryClient({ host, insecure, signal, timeoutMs: LONGEST_MS, ...trust }).ping();
    return ok(`${name} answers as a registry`);
  } catch (error) {
    if (error instanceof RegistryError)
      return refusal(name, { ...mirror, file: onNode(world, mirror.file) }, error);
    if (error instanceof Failure) return broken(`${name} cannot be asked: ${error.message}`);
    throw error;
  }
}

/** By the words of RegistryError. */
function tlsAdvice(summary: string, host: string, file: string): string {
  if (/does not speak TLS/.test(summary)) {
    return `let it speak TLS, or, where it shall not, write insecure = true beside its location in ${file}`;
  }
  if (/expired|not valid yet/.test(summary)) return 'renew its certificate, or see to the clocks';
  if (/another host/.test(summary)) return `name it in ${file} as its certificate does`;
  return `put the CA of its certificate into /etc/containers/certs.d/${host}/ca.crt`;
}

function refusal(name: string, { host, file }: Host, error: RegistryError): Outcome {
  const { reason, summary, status } = error;
  if (reason === 'tls') {
    const change = tlsAdvice(summary, host, plain(file));
    return broken(`no TLS connection to ${name} (${summary})`, { change });
  }
  if (status === undefined) {
    const why = reason === 'timeout' ? 'no answer in time' : summary;
    return broken(`${name} cannot be reached (${why})`, {
      change: `see to name, port and firewall, or take the mirror out of ${plain(file)}`,
    });
  }
  return warning(`${name} answers with ${status}, which is no answer of a registry to pulls`, {
    change: `see to that registry, or to its name in ${plain(file)}`,
  });
}
