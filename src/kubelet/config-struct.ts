import {
  GO_BOOLEAN,
  GO_DURATION,
  GO_STRING,
  GO_STRINGS,
  type GoStruct,
  type GoType,
  goStruct,
} from './go-struct.ts';

/** The versions of `kubelet.config.k8s.io` that have a CredentialProviderConfig. */
export const CONFIG_VERSIONS: readonly string[] = ['v1', 'v1beta1', 'v1alpha1'];

/** The Go struct of a version's CredentialProviderConfig; only v1 knows `tokenAttributes`. */
export function configStruct(version: string): GoStruct {
  const variable = goStruct(`${version}.ExecEnvVar`, { name: GO_STRING, value: GO_STRING });
  const provider = goStruct(`${version}.CredentialProvider`, {
    name: GO_STRING,
    matchImages: GO_STRINGS,
    defaultCacheDuration: GO_DURATION,
    apiVersion: GO_STRING,
    args: GO_STRINGS,
    env: listOf(variable),
    ...(version === 'v1' ? { tokenAttributes: TOKEN_ATTRIBUTES } : {}),
  });
  return goStruct(`${version}.CredentialProviderConfig`, {
    kind: GO_STRING,
    apiVersion: GO_STRING,
    providers: listOf(provider),
  });
}

const TOKEN_ATTRIBUTES = goStruct('v1.ServiceAccountTokenAttributes', {
  serviceAccountTokenAudience: GO_STRING,
  cacheType: { is: 'string', goName: 'v1.ServiceAccountTokenCacheType' },
  requireServiceAccount: GO_BOOLEAN,
  requiredServiceAccountAnnotationKeys: GO_STRINGS,
  optionalServiceAccountAnnotationKeys: GO_STRINGS,
});

function listOf(type: GoStruct): GoType {
  return { is: 'list', goName: `[]${type.goName}`, of: type };
}
