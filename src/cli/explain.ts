import { Command } from 'commander';
import { type Deadline, deadlineIn } from '../diagnostics/deadline.ts';
import { ToldFailure } from '../diagnostics/errors.ts';
import { writeAll } from '../diagnostics/output.ts';
import { explainPull, type Question } from './explain/explain-pull.ts';
import type { Explanation } from './explain/explanation.ts';
import { explanationTree } from './explain/explanation-tree.ts';
import { type ImageFlags, imageQuestion } from './explain/image-question.ts';
import { type KubeletFlags, readKubeletFacts } from './explain/kubelet-facts.ts';
import { explanationPage } from './explain/page.ts';
import { addPluginFlags, type CommandOptions, pluginSettings } from './explain/plugin-options.ts';
import { podQuestions } from './explain/pod-questions.ts';
import type { ProbeSettings } from './explain/probes.ts';
import type { Setting } from './explain/setting.ts';
import { treeText } from './explain/tree.ts';
import { labelValue, nameValue } from './option-values.ts';
import { outputFormat } from './output-format.ts';
import { showProgress } from './progress.ts';
import { replaceFile } from './replace-file.ts';

interface ExplainFlags extends CommandOptions, ImageFlags, KubeletFlags {
  readonly secrets?: string;
  readonly probe?: boolean;
  readonly registryCertsDir?: string;
  readonly output: 'text' | 'json';
  readonly html?: string;
}

/** `pullkey explain`: why a pull gets its credentials or not. */
export function explainCommand(write: Write = (text) => writeAll(1, text)): Command {
  const explain = new Command('explain')
    .summary('Say why a pull gets its credentials, or why not')
    .description(
      'Show the plan that the plugin would act on for one pull: whether the kubelet calls it, which entry of registries.conf applies, where CRI-O asks, and which credential it shows there or why none. Exit code 1 where an endpoint that the plugin is for gets none.',
    )
    .argument('[image]', 'image as in the pod, such as docker.io/library/nginx')
    .option('-n, --namespace <name>', 'the namespace that the pull is for', labelValue)
    .option('--service-account <name>', 'the pod’s service account (default: default)', nameValue)
    .option('--request <file>', 'a recorded CredentialProviderRequest, in place of IMAGE')
    .option('--token-file <file>', 'a service account token, in place of asking for one')
    .option('--secrets <dir>', 'Secrets as YAML or JSON files, in place of the API server')
    .option('--probe', 'ask each endpoint for the image, as CRI-O would')
    .option('--registry-certs-dir <dir>', 'in place of /etc/containers/certs.d and docker’s')
    .option('--credential-provider-config <path>', 'the kubelet’s file or directory')
    .option('--credential-provider-bin-dir <dir>', 'the kubelet’s directory of plugins')
    .option('--html <file>', 'write the explanation as a page too')
    .addOption(outputFormat('text', 'json'))
    .action((image: string | undefined, flags: ExplainFlags) =>
      answer(flags, write, async (setting) => [await imageQuestion(image, flags, setting)]),
    );
  addPluginFlags(explain);
  return explain.addCommand(podCommand(write));
}

/** Its options are those of `explain`. */
function podCommand(write: Write): Command {
  return new Command('pod')
    .description('Explain the pulls of a pod; on its node, as root, with the kubelet’s own rights')
    .argument('<namespace/name>', 'the pod')
    .option('-c, --container <name>', 'only the image of this container')
    .action((pod: string, own: { readonly container?: string }, command: Command) =>
      answer(command.optsWithGlobals<ExplainFlags>(), write, (setting) =>
        podQuestions(pod, own.container, setting),
      ),
    );
}

/** Gets the answer's whole text. */
type Write = (text: string) => void;

async function answer(
  flags: ExplainFlags,
  write: Write,
  ask: (setting: Setting) => Promise<Question[]>,
): Promise<void> {
  const explanations = await explainAll(flags, ask);
  if (flags.html !== undefined) replaceFile(flags.html, explanationPage(explanations));
  write(flags.output === 'json' ? asJson(explanations) : asText(explanations));
  if (!explanations.every(({ result }) => result.ok)) throw new ToldFailure();
}

function settingOf(flags: ExplainFlags): Setting {
  const kubelet = readKubeletFacts(flags);
  const plugin = pluginSettings(flags, kubelet);
  const deadline: Deadline = deadlineIn(plugin.options.timeout);
  return { ...plugin, kubelet, deadline, secretsDir: flags.secrets };
}

async function explainAll(
  flags: ExplainFlags,
  ask: (setting: Setting) => Promise<Question[]>,
): Promise<Explanation[]> {
  const setting = settingOf(flags);
  const explanations: Explanation[] = [];
  try {
    showProgress('asking the API server …');
    for (const question of await ask(setting)) {
      explanations.push(await explainPull(question, probingOf(flags, setting)));
    }
    return explanations;
  } finally {
    showProgress(undefined);
  }
}

function probingOf(
  { probe, registryCertsDir }: ExplainFlags,
  { options: { timeout } }: Setting,
): ProbeSettings | undefined {
  if (!probe) return undefined;
  return { timeout, certificatesDir: registryCertsDir, onProgress: showProgress };
}

function asText(explanations: readonly Explanation[]): string {
  return explanations.map((one) => treeText(explanationTree(one))).join('\n');
}

function asJson(explanations: readonly Explanation[]): string {
  const ok = explanations.every(({ result }) => result.ok);
  return `${JSON.stringify({ ok, explanations }, null, 2)}\n`;
}
