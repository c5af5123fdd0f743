import { plain } from '../../diagnostics/plain.ts';
import type { MirrorPlan } from '../../providers/mirror-plan.ts';
import { RegistriesConfError } from '../../registries/errors.ts';
import type { AuthFilePart, Finding } from './explanation.ts';
import { bad, good, note } from './findings.ts';

/** The auth file that the plugin would write, with where each of its keys comes from. */
export function authFilePart(plan: MirrorPlan): AuthFilePart {
  const { authFilePath: path, auths, choice, global } = plan;
  const keys =
    plan.outcome === 'write'
      ? [...(auths?.keys() ?? [])].sort().map((key) => {
          const secret = choice?.chosen.get(key)?.secret;
          return {
            key,
            from: secret === undefined ? plain(global?.path ?? '') : `Secret ${plain(secret)}`,
          };
        })
      : [];
  return { path, keys, findings: [outcomeFinding(plan)] };
}

function outcomeFinding(plan: MirrorPlan): Finding {
  const { auths, registry } = plan;
  switch (plan.outcome) {
    case 'write':
      return good(`written with ${auths?.size === 1 ? '1 key' : `${auths?.size ?? 0} keys`}`);
    case 'no-token':
      return bad('none: the request has no service account token');
    case 'no-registries-conf':
      return note('none: there is no registries.conf');
    case 'no-mirror':
      return note(
        registry === undefined
          ? 'none: the image is not mirrored'
          : 'none: the entry has no mirrors and leads nowhere else',
      );
    case 'blocked':
      return bad('none: the registry is blocked');
    case 'no-credentials':
      return bad('none: no Secret has a credential for this pull');
    case 'failed':
      return bad(`none: ${failsHere(plan) ? plan.failure?.message : 'the plugin fails'}`);
  }
}

/** Whether it is the auth file itself, or the node's own that goes into it, that cannot be used. */
function failsHere({ failure, registries, secrets }: MirrorPlan): boolean {
  if (registries === undefined) return !(failure instanceof RegistriesConfError);
  return secrets !== undefined;
}
