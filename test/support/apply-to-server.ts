// Stands in for `kubectl apply [--kubeconfig FILE] -f -`: applies objects to the API server of a kubeconfig.
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';

interface ApiObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

const flag = process.argv.indexOf('--kubeconfig');
const kubeconfig = flag < 0 ? (process.env['KUBECONFIG'] ?? '') : (process.argv[flag + 1] ?? '');
const { clusters, users } = JSON.parse(readFileSync(kubeconfig, 'utf8'));
const [{ cluster }] = clusters;
const ca = Buffer.from(cluster['certificate-authority-data'], 'base64').toString();

for (const document of parseAllDocuments(await Bun.stdin.text())) {
  const object: ApiObject = document.toJS();
  const response = await fetch(
    `${cluster.server}${pathOf(object)}?fieldManager=kubectl&force=true`,
    {
      method: 'PATCH',
      headers: {
        Authorization: `Bearer ${users[0].user.token}`,
        'Content-Type': 'application/apply-patch+yaml',
      },
      body: JSON.stringify(object),
      tls: { ca, rejectUnauthorized: true },
    },
  );
  if (!response.ok) throw new Error(`${object.kind}: ${response.status} ${await response.text()}`);
}

function pathOf({ apiVersion, kind, metadata }: ApiObject): string {
  const root = apiVersion.includes('/') ? 'apis' : 'api';
  const place = metadata.namespace === undefined ? '' : `namespaces/${metadata.namespace}/`;
  return `/${root}/${apiVersion}/${place}${kind.toLowerCase()}s/${metadata.name}`;
}
