import { LABELS } from './object-labels.ts';
import type { RenderedDocument } from './yaml-document.ts';

/** One registry's credential, as a pull secret of a namespace. */
export interface PullSecret {
  readonly name: string;
  readonly namespace: string;
  /** `host[:port][/path]`: the mirror's, not the mirrored registry's. */
  readonly registry: string;
  readonly username: string;
  readonly password: string;
}

/** A Secret of type `kubernetes.io/dockerconfigjson`. */
export function pullSecretDocument(secret: PullSecret): RenderedDocument {
  const { name, namespace, registry, username, password } = secret;
  const auth = base64(`${username}:${password}`);
  const config = { auths: { [registry]: { username, password, auth } } };
  return {
    value: {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace, labels: LABELS },
      type: 'kubernetes.io/dockerconfigjson',
      data: { '.dockerconfigjson': base64(JSON.stringify(config)) },
    },
    comment: ['Holds a password: keep this file out of version control.'],
  };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
