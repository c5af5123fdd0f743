import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { UsageError } from '../../diagnostics/errors.ts';
import { plain } from '../../diagnostics/plain.ts';
import { type FlagValues, parseFlags } from '../../providers/flags.ts';
import { MIRROR_FLAGS, type MirrorOptions, mirrorOptions } from '../../providers/mirror-options.ts';
import type { Finding } from './explanation.ts';
import { bad, note } from './findings.ts';
import type { KubeletFacts } from './kubelet-facts.ts';

/** The plugin's flags that are about pulls. */
const FLAGS = MIRROR_FLAGS.filter(
  ({ name }) => !['version', 'version-json', 'help'].includes(name),
);

/** What they read of registries.conf. */
const SOURCES = ['registries-conf', 'registries-conf-dir'] as const;

/** What commander makes of flags: `--auth-dir` is `authDir`. */
export type CommandOptions = Readonly<Record<string, unknown>>;

/** Gives a command the plugin's flags. */
export function addPluginFlags(command: Command): void {
  for (const { name, value, help } of FLAGS) {
    command.option(value === undefined ? `--${name}` : `--${name} <${value.toLowerCase()}>`, help);
  }
}

/** As the plugin runs: with the `args` of its entry in the kubelet's configuration, ours over them. */
export interface PluginSettings {
  readonly options: MirrorOptions;
  /** Why the plugin would refuse its args. */
  readonly argumentProblem?: string;
  /** Sources of registries.conf that flags name and that are not there. */
  readonly missingSources: readonly Finding[];
}

/** Throws a UsageError for values of ours that the plugin would refuse. */
export function pluginSettings(given: CommandOptions, kubelet: KubeletFacts): PluginSettings {
  const own = givenFlags(given);
  // No process has the number 0, so that nothing is found where no kubelet runs.
  const pid = () => kubelet.pid ?? 0;
  try {
    const args = parseFlags(kubelet.plugin?.provider.args ?? [], MIRROR_FLAGS);
    mirrorOptions(args, pid);
    return {
      options: mirrorOptions(new Map([...argsBeside(own, args), ...own]), pid),
      missingSources: missingSources(own, args),
    };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return {
      options: mirrorOptions(own, pid),
      argumentProblem: error.message,
      missingSources: missingSources(own, new Map()),
    };
  }
}

/** A CA goes with the kubeconfig that it stands beside: another kubeconfig brings its own. */
function argsBeside(own: FlagValues, args: FlagValues): FlagValues {
  if (!own.has('kubeconfig')) return args;
  return new Map([...args].filter(([name]) => name !== 'certificate-authority'));
}

/** The plugin goes on without them, so that a mistyped name would go unnoticed. */
function missingSources(own: FlagValues, args: FlagValues): Finding[] {
  return SOURCES.flatMap((flag) => {
    const path = own.get(flag) ?? args.get(flag);
    if (path === undefined || existsSync(path)) return [];
    const where = own.has(flag) ? '' : ' in the plugin’s args';
    const text = `--${flag}${where} names ${plain(path)}, which does not exist`;
    // A directory may have to wait for its first file.
    if (flag === 'registries-conf-dir') return [note(text)];
    return [bad(`${text}; correct the name, or leave the flag out for the system’s own file`)];
  });
}

function givenFlags(given: CommandOptions): FlagValues {
  return new Map(
    FLAGS.flatMap(({ name }): [string, string][] => {
      const value = given[name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())];
      return value === undefined ? [] : [[name, String(value)]];
    }),
  );
}
