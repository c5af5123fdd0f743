/** A pull secret as the API server lists it, `managedFields` included. */
export interface BenchSecret {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly creationTimestamp: string;
    readonly managedFields: readonly ManagedFields[];
  };
  /** Values are base64. */
  readonly data: Readonly<Record<string, string>>;
  readonly type: string;
}

export interface ManagedFields {
  readonly manager: string;
  readonly operation: string;
  readonly apiVersion: string;
  readonly time: string;
  readonly fieldsType: string;
  readonly fieldsV1: object;
}

/** The mirror that the requests are about. */
export const MIRROR = 'localhost:5000';

const CREATED = '2026-01-02T03:04:05Z';

/** That many pull secrets of a namespace, one registry each; the last one is for {@link MIRROR}. */
export function pullSecrets(namespace: string, count: number): BenchSecret[] {
  return Array.from({ length: count }, (_, index) => pullSecret(namespace, index, count));
}

function pullSecret(namespace: string, index: number, count: number): BenchSecret {
  const number = String(index + 1).padStart(5, '0');
  const registry = index === count - 1 ? `http://${MIRROR}` : `registry-${number}.example.com`;
  const auth = Buffer.from(`user-${number}:password-${number}`).toString('base64');
  const config = JSON.stringify({ auths: { [registry]: { auth } } });
  return {
    metadata: {
      name: `pull-secret-${number}`,
      namespace,
      uid: `0b6a2f3c-7d1e-4c55-9a5b-0000000${number}`,
      resourceVersion: String(100_000 + index),
      creationTimestamp: CREATED,
      managedFields: [
        {
          manager: 'kubectl-create',
          operation: 'Update',
          apiVersion: 'v1',
          time: CREATED,
          fieldsType: 'FieldsV1',
          fieldsV1: { 'f:data': { '.': {}, 'f:.dockerconfigjson': {} }, 'f:type': {} },
        },
      ],
    },
    data: { '.dockerconfigjson': Buffer.from(config).toString('base64') },
    type: 'kubernetes.io/dockerconfigjson',
  };
}
