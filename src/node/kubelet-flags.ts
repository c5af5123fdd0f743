import { flagValue } from '../kubelet/running-kubelet.ts';
import type { PlannedChange } from './planned-change.ts';

/** The kubelet's flags for its credential providers. */
const CONFIG_FLAG = 'image-credential-provider-config';
const PLUGIN_DIR_FLAG = 'image-credential-provider-bin-dir';

/** What the two flags say. */
export interface ProviderFlags {
  /** The CredentialProviderConfig: a file, or a directory of them. */
  readonly config: string;
  readonly pluginDir: string;
}

/** How a node's kubelet gets the two flags. */
export interface FlagSetting {
  /** As they are now. */
  readonly current: Partial<ProviderFlags>;
  /** Where things belong on such a node, as far as nothing says otherwise. */
  readonly usual: ProviderFlags;
  /** What has to change so that each flag is given once, with these values. */
  changesTo(flags: ProviderFlags): readonly PlannedChange[];
}

/** The values that flags have in a command line. */
export function flagsIn(words: readonly string[]): Partial<ProviderFlags> {
  const config = flagValue(words, CONFIG_FLAG);
  const pluginDir = flagValue(words, PLUGIN_DIR_FLAG);
  return {
    ...(config === undefined ? {} : { config }),
    ...(pluginDir === undefined ? {} : { pluginDir }),
  };
}

/** Whether both flags have these values already. */
export function hasFlags(current: Partial<ProviderFlags>, flags: ProviderFlags): boolean {
  return current.config === flags.config && current.pluginDir === flags.pluginDir;
}

/** Text of a command line with both flags at given values: those that stand there are changed, others added. */
export function withFlags(text: string, flags: ProviderFlags): string {
  const withDirectory = withFlag(text, PLUGIN_DIR_FLAG, flags.pluginDir);
  return withFlag(withDirectory, CONFIG_FLAG, flags.config);
}

function withFlag(text: string, flag: string, value: string): string {
  const wanted = `--${flag}=${value}`;
  const present = flagPattern(flag, 'g');
  if (present.test(text)) {
    let count = 0;
    return text.replace(flagPattern(flag, 'g'), (_, before: string) => {
      count += 1;
      return count === 1 ? before + wanted : '';
    });
  }
  return text.trim() === '' ? wanted : `${text.trimEnd()} ${wanted}`;
}

/** The same without the two flags. */
export function withoutFlags(text: string): string {
  return [CONFIG_FLAG, PLUGIN_DIR_FLAG]
    .reduce((rest, flag) => rest.replace(flagPattern(flag, 'g'), ''), text)
    .replace(/^\s+/, '');
}

/** Whether a text gives any of the two flags. */
export function mentionsFlags(text: string): boolean {
  return withoutFlags(text) !== text.replace(/^\s+/, '');
}

function flagPattern(flag: string, mode: 'g'): RegExp {
  return new RegExp(`(^|\\s+)--?${flag}(?:=|\\s+)\\S+`, mode);
}
