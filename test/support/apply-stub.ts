// Stands in for `oc` and `kubectl`: says what `apply -f FILE` and `replace -f FILE` (- is standard input) would have
// made, as they do, and knows nothing else.
import { parseAllDocuments } from 'yaml';

const [verb, flag, file = ''] = process.argv.slice(2);
if ((verb !== 'apply' && verb !== 'replace') || flag !== '-f') throw new Error(`what is ${verb}?`);
const text = await (file === '-' ? Bun.stdin : Bun.file(file)).text();

for (const document of parseAllDocuments(text)) {
  const { apiVersion, kind, metadata } = document.toJS() as {
    apiVersion: string;
    kind: string;
    metadata: { name: string };
  };
  const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0]}` : '';
  // A cluster has its feature gate from the beginning.
  const applied = kind === 'FeatureGate' ? 'configured' : 'created';
  const done = verb === 'replace' ? 'replaced' : applied;
  console.log(`${kind.toLowerCase()}${group}/${metadata.name} ${done}`);
}
