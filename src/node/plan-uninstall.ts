import { Failure } from '../diagnostics/errors.ts';
import { plain } from '../diagnostics/plain.ts';
import { readCredentialProviderConfig } from '../kubelet/config-files.ts';
import { MIRROR_PROVIDER } from '../platform/overlay.ts';
import { GENERIC_PROVIDER } from '../platform/provider-entry.ts';
import { removeProviders } from '../platform/remove-providers.ts';
import { parseEnvironmentFile, setVariable } from './environment-file.ts';
import { flagSettingOf } from './flag-setting.ts';
import type { InstallState, Replaced } from './install-state.ts';
import { mentionsFlags, withoutFlags } from './kubelet-flags.ts';
import { kubeletService, type NodeKind, nodeKindOf } from './node-kind.ts';
import type { NodeTree } from './node-tree.ts';
import type { PlannedChange } from './planned-change.ts';
import { PlannedTree } from './planned-tree.ts';
import { executableProblem } from './plugin-executables.ts';
import { readerOf } from './provider-configuration.ts';
import { ABSENT, type FileSnapshot, fingerprint, type Snapshot } from './snapshot.ts';

/** What puts a node back as it was before its first installation. */
export interface UninstallPlan {
  readonly kind: NodeKind;
  readonly service: string;
  readonly changes: readonly PlannedChange[];
  /** Of the configuration that is left; undefined where there is none. */
  readonly configHash: string | undefined;
}

const OURS = [MIRROR_PROVIDER, GENERIC_PROVIDER];

/**
 * Works out how to take an installation back: what was replaced returns; from a configuration that was
 * changed since, our parts go and the rest stays. Throws a Failure where a file was changed otherwise, or
 * the kubelet would not start afterwards.
 */
export function planUninstall(tree: NodeTree, state: InstallState): UninstallPlan {
  const kind = nodeKindOf(tree);
  const changes = state
    .replaced()
    .toReversed()
    .flatMap((replaced) => {
      const after = wayBack(tree, replaced);
      return after === undefined ? [] : [{ path: replaced.path, after, why: whyOf(after) }];
    });
  const planned = new PlannedTree(tree, new Map(changes.map(({ path, after }) => [path, after])));
  return {
    kind,
    service: kubeletService(tree, kind),
    changes,
    configHash: checkedHash(planned, kind),
  };
}

function whyOf(after: Snapshot): string {
  return after.kind === 'absent' ? 'it was not there before' : 'as it was before';
}

/** What to put at a path; undefined where it is as before already. */
function wayBack(tree: NodeTree, { path, original, written }: Replaced): Snapshot | undefined {
  const current = tree.snapshot(path);
  if (fingerprint(current) === fingerprint(original)) return undefined;
  if (written.includes(fingerprint(current)) || current.kind === 'absent') return original;
  const without = current.kind === 'file' ? withoutOurs(current, original) : undefined;
  if (without !== undefined) return without;
  throw new Failure(
    `${plain(path)} was changed after pullkey install wrote it; take that change back, or remove the file ` +
      'if nobody needs it, and run this again',
  );
}

/** A changed file without what we put into it; undefined where that cannot be told apart. */
function withoutOurs(current: FileSnapshot, original: Snapshot): Snapshot | undefined {
  const text = new TextDecoder().decode(current.bytes);
  const before = original.kind === 'file' ? new TextDecoder().decode(original.bytes) : '';
  if (/^\s*["{]?.*kind["']?:\s*["']?CredentialProviderConfig/m.test(text)) {
    const names = OURS.filter((name) => !before.includes(name));
    const left = removeProviders(text, names);
    return left === undefined ? ABSENT : { ...current, bytes: Buffer.from(left) };
  }
  const holder = [...parseEnvironmentFile(text)].find(([, value]) => mentionsFlags(value));
  if (holder === undefined || mentionsFlags(before)) return undefined;
  const [name, value] = holder;
  return { ...current, bytes: Buffer.from(setVariable(text, name, withoutFlags(value))) };
}

function checkedHash(planned: NodeTree, kind: NodeKind): string | undefined {
  const { current } = flagSettingOf(planned, kind);
  const { config, pluginDir } = current;
  if (config === undefined || pluginDir === undefined) return undefined;
  // k3s gives its kubelet the flags only where there is something at its usual place.
  if (kind === 'k3s' && planned.snapshot(config).kind === 'absent') return undefined;
  const verdict = readCredentialProviderConfig(config, readerOf(planned));
  if (!verdict.ok) {
    throw new Failure(
      `without our providers the kubelet would refuse ${plain(config)} (${verdict.error}); mend it first`,
    );
  }
  for (const { name } of verdict.config.providers) {
    const problem = executableProblem(planned, pluginDir, name);
    if (problem === undefined) continue;
    throw new Failure(
      `the provider ${plain(name)} of ${plain(config)} ${problem} once ours are gone; put it there first`,
    );
  }
  return verdict.hash;
}
