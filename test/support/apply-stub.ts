// Stands in for `oc apply -f -` and `kubectl apply -f -`: says what it would have made, as they do.
import { parseAllDocuments } from 'yaml';

for (const document of parseAllDocuments(await Bun.stdin.text())) {
  const { apiVersion, kind, metadata } = document.toJS() as {
    apiVersion: string;
    kind: string;
    metadata: { name: string };
  };
  const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0]}` : '';
  // A cluster has its feature gate from the beginning.
  const done = kind === 'FeatureGate' ? 'configured' : 'created';
  console.log(`${kind.toLowerCase()}${group}/${metadata.name} ${done}`);
}
