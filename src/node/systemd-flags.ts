import { Failure } from '../diagnostics/errors.ts';
import { DROP_IN_FILE, FLAGS_VARIABLE, PLUGIN_DIR } from '../platform/kubelet-unit.ts';
import { parseEnvironmentFile, setVariable } from './environment-file.ts';
import {
  type FlagSetting,
  flagsIn,
  hasFlags,
  mentionsFlags,
  type ProviderFlags,
  withFlags,
} from './kubelet-flags.ts';
import { editedFile, type NodeTree, readText } from './node-tree.ts';
import type { PlannedChange } from './planned-change.ts';
import { commandLineOf, environmentOf, readServiceUnit, type ServiceUnit } from './service-unit.ts';
import { textFile } from './snapshot.ts';
import { splitWords } from './systemd-words.ts';

const KUBELET_SERVICE = 'kubelet.service';

/** Our own drop-in: after kubeadm's, which it builds upon. */
export const DROP_IN = '/etc/systemd/system/kubelet.service.d/20-pullkey.conf';

/** The variable that kubeadm leaves to administrators, and the files that set it (deb and rpm packages). */
const EXTRA_ARGS = 'KUBELET_EXTRA_ARGS';
const EXTRA_ARGS_FILES = ['/etc/default/kubelet', '/etc/sysconfig/kubelet'];

const USUAL: ProviderFlags = {
  config: '/etc/kubernetes/credential-provider-config.yaml',
  pluginDir: PLUGIN_DIR,
};

/**
 * The flags of a kubelet that systemd runs; `running` is the command line of the one that runs, where that is
 * known. What the unit says counts at the next start; what it leaves to others, such as a script, the one
 * that runs tells.
 */
export function systemdFlags(tree: NodeTree, running: readonly string[] | undefined): FlagSetting {
  const whole = readServiceUnit(tree, KUBELET_SERVICE);
  const ofUnit = flagsIn(whole === undefined ? [] : commandLineOf(tree, whole));
  const current = { ...flagsIn(running ?? []), ...ofUnit };
  return {
    current,
    usual: USUAL,
    changesTo: (flags) => (hasFlags(current, flags) ? [] : changes(tree, flags)),
  };
}

/** Our drop-in is worked out anew from what is there besides it. */
function changes(tree: NodeTree, flags: ProviderFlags): readonly PlannedChange[] {
  const unit = readServiceUnit(tree, KUBELET_SERVICE, DROP_IN);
  if (unit?.command === undefined)
    return [dropIn([environmentLine(EXTRA_ARGS, withFlags('', flags))])];
  const carrier = carrierOf(tree, unit, unit.command);
  if (carrier.kind === 'file') {
    const text = readText(tree, carrier.path) ?? '';
    const value = parseEnvironmentFile(text).get(carrier.variable) ?? '';
    const edited = setVariable(text, carrier.variable, withFlags(value, flags));
    const after = editedFile(tree, carrier.path, edited);
    return [{ path: carrier.path, after, why: "the kubelet's flags" }];
  }
  if (carrier.kind === 'variable') {
    const value = unit.environment.get(carrier.variable) ?? '';
    const line = environmentLine(carrier.variable, withFlags(value, flags));
    return [dropIn([line], carrier.variable === FLAGS_VARIABLE ? DROP_IN_FILE : DROP_IN)];
  }
  refuseScript(unit.command, flags);
  return [dropIn(['ExecStart=', `ExecStart=${withFlags(unit.command, flags)}`])];
}

/** What follows a shell's script are the script's words, not the kubelet's. */
function refuseScript(command: string, { config, pluginDir }: ProviderFlags): void {
  const [program = '', ...words] = splitWords(command);
  if (!/(?:^|\/)(?:ba|da|k|z)?sh$/.test(program) || !words.some((word) => /^-\w*c$/.test(word)))
    return;
  throw new Failure(
    `${KUBELET_SERVICE} starts the kubelet in a script of its own; add --image-credential-provider-config=` +
      `${config} and --image-credential-provider-bin-dir=${pluginDir} to that, and run this again`,
  );
}

/** What holds the flags, or is there for such: a variable in a file or a unit, else the command itself. */
type Carrier =
  | { readonly kind: 'file'; readonly path: string; readonly variable: string }
  | { readonly kind: 'variable'; readonly variable: string }
  | { readonly kind: 'command' };

function carrierOf(tree: NodeTree, unit: ServiceUnit, command: string): Carrier {
  const used = splitWords(command).flatMap((word) => /^\$\{?(\w+)\}?$/.exec(word)?.[1] ?? []);
  const environment = environmentOf(tree, unit);
  const holder = used.find((name) => mentionsFlags(environment.get(name) ?? ''));
  if (holder === undefined && mentionsFlags(command)) return { kind: 'command' };
  const variable = holder ?? [EXTRA_ARGS, FLAGS_VARIABLE].find((name) => used.includes(name));
  if (variable === undefined) return { kind: 'command' };
  const file = fileOf(tree, unit, variable);
  return file === undefined
    ? { kind: 'variable', variable }
    : { kind: 'file', path: file, variable };
}

/** The file that gives a variable its value; of KUBELET_EXTRA_ARGS the one that may be made, if no unit sets it. */
function fileOf(
  tree: NodeTree,
  { environment, environmentFiles }: ServiceUnit,
  variable: string,
): string | undefined {
  const setting = environmentFiles.findLast((path) =>
    parseEnvironmentFile(readText(tree, path) ?? '').has(variable),
  );
  if (setting !== undefined || variable !== EXTRA_ARGS || environment.has(EXTRA_ARGS))
    return setting;
  return environmentFiles.findLast((path) => EXTRA_ARGS_FILES.includes(path));
}

function environmentLine(name: string, value: string): string {
  return `Environment="${name}=${value.replace(/["\\]/g, '\\$&')}"`;
}

function dropIn(lines: readonly string[], path = DROP_IN): PlannedChange {
  const text = `# The kubelet's credential providers; written by pullkey install.\n[Service]\n${lines.join('\n')}\n`;
  return { path, after: textFile(text), why: "the kubelet's flags" };
}
