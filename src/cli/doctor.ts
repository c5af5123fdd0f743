import { statSync } from 'node:fs';
import { isatty } from 'node:tty';
import { Command } from 'commander';
import { Failure, ToldFailure, UsageError } from '../diagnostics/errors.ts';
import { writeAll } from '../diagnostics/output.ts';
import { plain } from '../diagnostics/plain.ts';
import { DirectoryTree } from '../node/node-tree.ts';
import type { Environment } from '../providers/credential-helper.ts';
import { before } from './doctor/before.ts';
import { type Check, type Finding, unknown } from './doctor/check.ts';
import { CLUSTER_CHECKS } from './doctor/cluster-checks.ts';
import { clusterWorld } from './doctor/cluster-world.ts';
import { findingsJson } from './doctor/findings-json.ts';
import { findingsText } from './doctor/findings-text.ts';
import { NO_NODE, runNodeChecks } from './doctor/node-check.ts';
import { NODE_CHECKS } from './doctor/node-checks.ts';
import { isNode, type NodeFlags, type NodeWorld, nodeWorld } from './doctor/node-world.ts';
import { isAnythingBroken, runChecks } from './doctor/run-checks.ts';
import { addPluginFlags, pluginSettings } from './explain/plugin-options.ts';
import { FilesDirectory } from './files-directory.ts';
import { labelValue } from './option-values.ts';
import { outputFormat } from './output-format.ts';
import { showProgress } from './progress.ts';

interface DoctorFlags extends NodeFlags {
  readonly namespace?: string;
  readonly root: string;
  readonly before?: string;
  readonly filesDir?: string;
  readonly output: 'text' | 'json';
}

const STANDARD_OUTPUT = 1;

/** `pullkey doctor`: what keeps this node and its cluster from pulling with credentials. */
export function doctorCommand(environment: Environment): Command {
  const command = new Command('doctor')
    .summary('Check this node and its cluster, and say what mends each finding')
    .description(
      'Look at everything that a pull with credentials needs: on a node the kubelet, its plugins and their configuration, CRI-O, mirrors and files; in the cluster the API server, the token and the rights. Each finding is ok, warning, broken or unknown, with the command or change that mends it. Nothing is changed. Exit code 1 where something is broken.',
    )
    .option('-n, --namespace <name>', 'also look at a tenant’s rights', labelValue)
    .option('--root <directory>', "another node's files, without its processes and cluster", '/')
    .option('--before <file>', 'also tell what a MachineConfig or Butane config would replace here')
    .option('--files-dir <directory>', 'where a Butane config’s local files may come from')
    .option('--probe', 'ask the mirrors with --root too')
    .option('--credential-provider-config <path>', 'the kubelet’s file or directory')
    .option('--credential-provider-bin-dir <dir>', 'the kubelet’s directory of plugins')
    .addOption(outputFormat('text', 'json'))
    .action((flags: DoctorFlags) => doctor(flags, environment));
  addPluginFlags(command);
  return command;
}

async function doctor(flags: DoctorFlags, environment: Environment): Promise<void> {
  const findings = await findingsOf(flags, environment);
  const text =
    flags.output === 'json'
      ? findingsJson(findings)
      : findingsText(findings, isColourWanted(environment));
  writeAll(STANDARD_OUTPUT, text);
  if (isAnythingBroken(findings)) throw new ToldFailure();
}

async function findingsOf(
  flags: DoctorFlags,
  environment: Environment,
): Promise<readonly Finding[]> {
  const tree = new DirectoryTree(flags.root);
  if (!tree.isThisMachine && flags.namespace !== undefined) {
    throw new UsageError('-n asks the cluster, which --root leaves out; give one of them');
  }
  if (!statSync(flags.root, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Failure(`--root ${plain(flags.root)} is no directory; name one with a node's files`);
  }
  const asked = beforeChecks(flags);
  const node = readNode(tree, flags);
  try {
    const ofNode = await nodeHalf(node, asked);
    if (!tree.isThisMachine) return ofNode;
    const world = 'tree' in node ? node : undefined;
    const settings = world?.plugin ?? pluginSettings(flags, {});
    const cluster = clusterWorld(flags.namespace, settings, world, environment);
    return [...ofNode, ...(await runChecks(CLUSTER_CHECKS, cluster, showCheck))];
  } finally {
    showProgress(undefined);
  }
}

/** Who may not read a node's files can still ask the cluster. */
function readNode(tree: DirectoryTree, flags: DoctorFlags): NodeWorld | Finding {
  try {
    return nodeWorld(tree, flags);
  } catch (error) {
    if (!(error instanceof Failure) || error instanceof UsageError) throw error;
    return { check: 'node', ...unknown(error.message) };
  }
}

/** A workstation has no node half, and should not be told of everything that it lacks. */
async function nodeHalf(
  node: NodeWorld | Finding,
  asked: readonly Check<NodeWorld>[],
): Promise<readonly Finding[]> {
  if (!('tree' in node)) return [node];
  const own = isNode(node) ? await runNodeChecks(NODE_CHECKS, node, showCheck) : [NO_NODE];
  return [...own, ...(await runChecks(asked, node, showCheck))];
}

/** Whoever asks what a file would replace is told of any tree, node or not. */
function beforeChecks({ before: file, filesDir }: DoctorFlags): readonly Check<NodeWorld>[] {
  if (file === undefined) return [];
  return [before(file, filesDir === undefined ? undefined : new FilesDirectory(filesDir))];
}

function showCheck(id: string): void {
  showProgress(`looking at ${id} …`);
}

/** On a terminal only, and not where somebody asks for none (no-color.org). */
function isColourWanted(environment: Environment): boolean {
  const isRefused = (environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb';
  return isatty(STANDARD_OUTPUT) && !isRefused;
}
