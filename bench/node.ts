import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MIRROR } from './secrets.ts';

/** What the programs meet on the node. */
export interface Situation {
  /** Pull secrets in the pod's namespace. */
  readonly secrets: number;
  /** Entries of registries.conf. */
  readonly registries: number;
}

const SIGNATURE = Buffer.alloc(256, 7).toString('base64url');

/** A node's files, in a directory of their own. */
export class BenchNode implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), 'pullkey-bench-'));
  readonly registriesConf = join(this.root, 'registries.conf');
  readonly authDir = join(this.root, 'auth');
  readonly certificateAuthority = join(this.root, 'ca.crt');

  readonly apiServerPort: number;

  constructor(apiServer: { readonly port: number; readonly authority: string }) {
    this.apiServerPort = apiServer.port;
    writeFileSync(this.certificateAuthority, apiServer.authority);
    mkdirSync(this.authDir, { mode: 0o700 });
  }

  /** Writes one request of the kubelet's to a file, and gives its path. */
  writeRequest({ secrets }: Situation, image = 'docker.io/library/nginx'): string {
    const path = join(this.root, `${image.replaceAll('/', '-')}.json`);
    const request = {
      kind: 'CredentialProviderRequest',
      apiVersion: 'credentialprovider.kubelet.k8s.io/v1',
      image,
      serviceAccountToken: token(`secrets-${secrets}`),
    };
    writeFileSync(path, JSON.stringify(request));
    return path;
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** As many entries as asked for; the one that the requests are about stands in the middle. */
export function registriesConfText({ registries }: Situation): string {
  const entries = Array.from({ length: registries }, (_, index) => foreignEntry(index));
  entries[Math.floor(registries / 2)] =
    `[[registry]]\nlocation = "docker.io"\n\n[[registry.mirror]]\nlocation = "${MIRROR}"\ninsecure = true\n`;
  return entries.join('\n');
}

function foreignEntry(index: number): string {
  const number = String(index).padStart(5, '0');
  return [
    '[[registry]]',
    `prefix = "registry-${number}.example.com/team-${number}"`,
    `location = "registry-${number}.example.com/team-${number}"`,
    'insecure = false\n',
    '[[registry.mirror]]',
    `location = "mirror-a.example.com:5000/team-${number}"`,
    'insecure = true\n',
    '[[registry.mirror]]',
    `location = "mirror-b.example.com:5000/team-${number}"\n`,
  ].join('\n');
}

/** A service account token as a pod has it; nobody verifies its signature here. */
function token(namespace: string): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    aud: ['https://kubernetes.default.svc'],
    exp: now + 3600,
    iat: now,
    iss: 'https://kubernetes.default.svc',
    jti: '4a7b1f0e-0d3c-4b1e-9c55-8f2f6a0d9b11',
    'kubernetes.io': {
      namespace,
      node: { name: 'node-1', uid: '0f2b8a1c-5d3e-4f60-8a71-2b9c4d5e6f70' },
      pod: { name: 'app-7c9f4d5b6-x2x4z', uid: '1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d' },
      serviceaccount: { name: 'default', uid: '9f8e7d6c-5b4a-4938-a716-150413121110' },
    },
    nbf: now,
    sub: `system:serviceaccount:${namespace}:default`,
  };
  return [{ alg: 'RS256', kid: 'bench' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .concat(SIGNATURE)
    .join('.');
}
