import { parseAllDocuments } from 'yaml';
import { type ApiObject, isApiObject } from '../../src/demo/api-object.ts';
import { pullkey } from './pullkey.ts';

const AUDIENCE = '--audience https://kubernetes.default.svc';
const REGISTRY = '--registry localhost:5000 --username myuser';
const POOL = 'machine-config --pool worker --match-images';

/** A `pullkey render` line for each form of object that it prints, of a tenant in a namespace. */
export function renderLines(namespace: string): readonly string[] {
  const tenant = `--namespace ${namespace} --service-account app`;
  return [
    `rbac ${tenant}`,
    `rbac ${tenant} --secret mirror-pull,other`,
    `rbac --nodes ${AUDIENCE}`,
    `rbac --nodes ${AUDIENCE} --kubernetes-version 1.33`,
    `pull-secret --namespace ${namespace} ${REGISTRY}`,
    `test-pod ${tenant}`,
    `test-pod ${tenant} --node worker-1.example.com`,
    `manifests --component namespace ${tenant} ${REGISTRY}`,
    'feature-gate',
    `${POOL} docker.io,quay.io --platform aws`,
    `${POOL} docker.io --platform none --as-mco abc`,
    `${POOL} eu.gcr.io --platform gcp`,
    `${POOL} docker.io --platform aws --style butane --mirror docker.io=localhost:5000,insecure --output yaml`,
  ];
}

/** The objects that a line prints; a password is on standard input. Throws where it fails or prints anything else. */
export function renderedObjects(line: string): readonly ApiObject[] {
  const { exitCode, stdout, stderr } = pullkey(['render', ...line.split(' ')], 'mypassword');
  if (exitCode !== 0) throw new Error(`render ${line}: ${stderr}`);
  return objectsIn(stdout);
}

/** The objects of a YAML stream. Throws where one of its documents is none. */
export function objectsIn(yaml: string): readonly ApiObject[] {
  return parseAllDocuments(yaml).map((document) => {
    const object: unknown = document.toJS();
    if (isApiObject(object)) return object;
    throw new Error(`this is no object: ${yaml}`);
  });
}
