import { REVIEWS } from './api-access-review.ts';
import { apiVersionOf, type Resource } from './api-resources.ts';

const VERBS = ['create', 'delete', 'get', 'list', 'patch', 'update'];

/** What the paths outside the resources say: version, health, and which resources there are. */
export function answerPath(path: string, resources: readonly Resource[]): unknown {
  const all = [...resources, ...REVIEWS];
  const fixed = FIXED[path];
  if (fixed !== undefined) return fixed;
  if (path === '/apis') return groupList(all);
  const [, group, version] = /^\/(?:api|apis\/([^/]+))\/([^/]+)$/.exec(path) ?? [];
  const served = all.filter((one) => one.group === (group ?? '') && one.version === version);
  return served.length === 0 ? undefined : resourceList(served);
}

/** Whether anything at all is served under a group and version. */
export function isServed(resources: readonly Resource[], group: string, version: string): boolean {
  return [...resources, ...REVIEWS].some((one) => one.group === group && one.version === version);
}

const FIXED: Readonly<Record<string, unknown>> = {
  '/healthz': 'ok',
  '/livez': 'ok',
  '/readyz': 'ok',
  '/version': {
    major: '1',
    minor: '34',
    gitVersion: 'v1.34.0+stand-in',
    goVersion: 'none',
    platform: 'linux/amd64',
  },
  '/api': { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] },
};

function groupList(resources: readonly Resource[]): object {
  const names = new Set(resources.map((one) => one.group).filter((group) => group !== ''));
  const groups = [...names].map((name) => {
    const served = new Set(resources.filter((one) => one.group === name).map(apiVersionOf));
    const versions = [...served].map((groupVersion) => ({
      groupVersion,
      version: groupVersion.slice(name.length + 1),
    }));
    return { name, versions, preferredVersion: versions[0] };
  });
  return { kind: 'APIGroupList', apiVersion: 'v1', groups };
}

function resourceList(resources: readonly Resource[]): object {
  const listed = resources.map((one) => ({
    name: one.plural,
    singularName: one.kind.toLowerCase(),
    namespaced: one.namespaced,
    kind: one.kind,
    verbs: REVIEWS.includes(one) ? ['create'] : VERBS,
  }));
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: resources[0] === undefined ? '' : apiVersionOf(resources[0]),
    resources: listed.flatMap((one) => (one.name === 'serviceaccounts' ? [one, TOKEN] : [one])),
  };
}

const TOKEN = {
  name: 'serviceaccounts/token',
  singularName: '',
  namespaced: true,
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'TokenRequest',
  verbs: ['create'],
};
