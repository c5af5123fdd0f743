import { labelErrors } from '../../kubelet/qualified-name.ts';
import type { BuiltInKind } from './built-in-kind.ts';
import { FLAG, known, LOCAL_REFERENCE, list, struct, TEXT } from './schema-parts.ts';

/** Source of the fields: Kubernetes' API reference, core/v1. */
export const NAMESPACE: BuiltInKind = {
  schema: struct('v1.Namespace', {
    spec: struct('v1.NamespaceSpec', { finalizers: list(TEXT) }),
    ...known('status'),
  }),
  nameErrors: labelErrors,
};

export const SERVICE_ACCOUNT: BuiltInKind = {
  schema: struct('v1.ServiceAccount', {
    secrets: list(
      struct('v1.ObjectReference', {
        apiVersion: TEXT,
        fieldPath: TEXT,
        kind: TEXT,
        name: TEXT,
        namespace: TEXT,
        resourceVersion: TEXT,
        uid: TEXT,
      }),
    ),
    imagePullSecrets: list(LOCAL_REFERENCE),
    automountServiceAccountToken: FLAG,
  }),
};
