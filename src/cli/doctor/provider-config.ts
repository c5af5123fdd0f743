import { plain } from '../../diagnostics/plain.ts';
import type { CredentialProvider } from '../../kubelet/credential-provider-config.ts';
import type { AcceptedConfig, ConfigRemark, ConfigVerdict } from '../../kubelet/read-config.ts';
import { lintCredentialProviderConfig } from '../../platform/lint/lint-credential-provider-config.ts';
import { MIRROR_PROVIDER } from '../../platform/overlay.ts';
import { GENERIC_PROVIDER } from '../../platform/provider-entry.ts';
import { broken, type Outcome, type Outcomes, ok, warning } from './check.ts';
import type { NodeCheck } from './node-check.ts';
import type { NodeWorld } from './node-world.ts';
import { installing, withAdvice } from './remedies.ts';

/** Whether the kubelet accepts its configuration of plugins, and one of ours is in it as it should be. */
export const providerConfig: NodeCheck = { id: 'credential-provider-config', look };

type RefusedConfig = Exclude<ConfigVerdict, { readonly ok: true }>;

const MOST_PROBLEMS = 5;

function look(world: NodeWorld): Outcomes {
  const { verdict, flags } = world;
  if (verdict === undefined || flags.config === undefined) return [];
  if (world.tree.snapshot(flags.config).kind === 'absent') {
    return broken(
      `there is no ${plain(flags.config)} to tell the kubelet of plugins`,
      installing(world),
    );
  }
  if (!verdict.ok) return refusals(verdict);
  const entry = entryProblem(world, verdict.config.providers, flags.config);
  const warnings = lintCredentialProviderConfig(flags.config, verdict, {}).map(
    ({ file, position, message }) => {
      const { text, remedy } = withAdvice(message);
      return warning(`${placed(file, position)}: ${text}`, remedy);
    },
  );
  if (entry !== undefined) return [entry, ...warnings];
  if (warnings.length > 0) return warnings;
  return ok(`${plain(flags.config)} is valid, with ${namesIn(verdict)}`);
}

function refusals({ problems, error }: RefusedConfig): readonly Outcome[] {
  const texts = problems.map(
    ({ file, position, message }) => `${placed(file, position)}: ${message}`,
  );
  const told = texts.length === 0 ? [error] : texts.slice(0, MOST_PROBLEMS);
  const remedy = { change: 'correct that; until then the kubelet does not start anew' };
  return told.map((text) => broken(`the kubelet refuses its configuration: ${text}`, remedy));
}

function entryProblem(
  world: NodeWorld,
  providers: readonly CredentialProvider[],
  config: string,
): Outcome | undefined {
  const ours = providers.filter(({ name }) => [MIRROR_PROVIDER, GENERIC_PROVIDER].includes(name));
  if (ours.length === 0) {
    const text = `${plain(config)} names none of our plugins, so the kubelet runs none`;
    return broken(text, installing(world));
  }
  const mirror = ours.find(({ name }) => name === MIRROR_PROVIDER);
  if (mirror !== undefined && mirror.tokenAttributes === undefined) {
    const text = `the entry ${MIRROR_PROVIDER} of ${plain(config)} has no tokenAttributes, so it gets no token and does nothing`;
    return broken(text, {
      change:
        'take the entry out and run pullkey install, or copy tokenAttributes from "pullkey render credential-provider-config"',
    });
  }
  const { argumentProblem } = world.plugin;
  if (argumentProblem === undefined) return undefined;
  const { text, remedy } = withAdvice(argumentProblem);
  return broken(`${MIRROR_PROVIDER} refuses the args of its entry: ${text}`, remedy);
}

function placed(file: string, position: ConfigRemark['position'] | undefined): string {
  const place = position === undefined ? '' : `:${position.line}:${position.column}`;
  return plain(file) + place;
}

function namesIn({ config }: AcceptedConfig): string {
  return config.providers.map(({ name }) => plain(name)).join(', ');
}
