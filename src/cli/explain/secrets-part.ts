import { plain } from '../../diagnostics/plain.ts';
import type { MirrorPlan } from '../../providers/mirror-plan.ts';
import { PULL_SECRETS_ANNOTATION } from '../../providers/pull-secrets.ts';
import type { Finding, SecretsPart } from './explanation.ts';
import { bad, counted, good, note } from './findings.ts';

const MOST_NAMES = 10;

/** Says which Secrets the plugin reads, how it finds them, and which of them it cannot use. */
export function secretsPart(plan: MirrorPlan): SecretsPart {
  const { secrets, failure, registries } = plan;
  if (secrets === undefined) {
    // What fails before or after is told where it fails.
    const findings =
      failure === undefined || registries === undefined ? [] : [bad(failure.message)];
    return { names: [], findings };
  }
  const names = secrets.secrets.map(({ name }) => name);
  return {
    source: secrets.source,
    names,
    findings: [
      found(plan, names),
      ...secrets.skipped.map(({ name, reason }) =>
        note(`Secret ${plain(name)} is skipped: ${reason}`),
      ),
    ],
  };
}

function found({ secrets, identity, server }: MirrorPlan, names: readonly string[]): Finding {
  const number = counted(names.length, 'Secret');
  const shown = names.slice(0, MOST_NAMES).map(plain).join(', ');
  const more = names.length > MOST_NAMES ? ', …' : '';
  const from = server === undefined ? '' : ` from ${plain(server.host)}`;
  const text = `${number}${from}, ${sourceText(secrets?.source, identity?.namespace ?? '')}`;
  return names.length === 0 ? note(text) : good(`${text}: ${shown}${more}`);
}

function sourceText(source: SecretsPart['source'], namespace: string): string {
  switch (source) {
    case 'annotation':
      return `by the names in the annotation ${PULL_SECRETS_ANNOTATION}`;
    case 'service-account':
      return 'by the service account’s imagePullSecrets, because listing is forbidden';
    default:
      return `all pull secrets of the namespace ${plain(namespace)}`;
  }
}
