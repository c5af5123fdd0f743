import { writeFileSync } from 'node:fs';
import { explainCommand } from '../../src/cli/explain.ts';
import { Failure, ToldFailure } from '../../src/diagnostics/errors.ts';
import type { TestNode } from './node.ts';

/** What `pullkey explain` printed and returned. */
export interface Explained {
  readonly code: number;
  readonly stdout: string;
  /** The tree's sentences with their marks, unwrapped; the node's directory and API server left out. */
  readonly sentences: readonly string[];
  /** The message of a failure that was not told in the tree. */
  readonly error: string;
}

export interface ExplainOptions {
  /** The plugin's entry, as far as it differs from a good one; null leaves it out. */
  readonly plugin?: object | null;
  readonly otherProviders?: readonly object[];
  /** The kubeconfig's token; the administrator's by default. */
  readonly token?: string;
  /** The node's flags stand in the plugin's entry, and are not given again. */
  readonly flagsInArgs?: boolean;
}

export const GOOD_PLUGIN = {
  name: 'crio-credential-provider',
  apiVersion: 'credentialprovider.kubelet.k8s.io/v1',
  matchImages: ['docker.io'],
  defaultCacheDuration: '0s',
  tokenAttributes: {
    serviceAccountTokenAudience: 'https://kubernetes.default.svc',
    cacheType: 'Token',
    requireServiceAccount: false,
    optionalServiceAccountAnnotationKeys: ['pullkey.dev/pull-secrets'],
  },
};

/** Runs `pullkey explain` in this process, with the node's own files and API server. */
export async function explain(
  node: TestNode,
  args: readonly string[],
  options: ExplainOptions = {},
): Promise<Explained> {
  writeFileSync(`${node.root}/kubeconfig`, node.server.kubeconfig(options.token));
  const nodeFlags = [...node.flags(), '--kubeconfig', `${node.root}/kubeconfig`];
  const flags = options.flagsInArgs ? [] : nodeFlags;
  const entry = options.flagsInArgs ? { args: nodeFlags } : {};
  writeFileSync(configPath(node), configText(options, entry));
  const config = args.includes('--credential-provider-config')
    ? []
    : ['--credential-provider-config', configPath(node)];
  return run([...args, ...flags, ...config], node);
}

export function configPath({ root }: TestNode): string {
  return `${root}/providers.yaml`;
}

/** A CredentialProviderConfig, a field a line; JSON of one line would give every pattern the same place. */
function configText({ plugin = {}, otherProviders = [] }: ExplainOptions, entry: object): string {
  const own = plugin === null ? [] : [{ ...GOOD_PLUGIN, ...entry, ...plugin }];
  const document = {
    apiVersion: 'kubelet.config.k8s.io/v1',
    kind: 'CredentialProviderConfig',
    providers: [...own, ...otherProviders],
  };
  return JSON.stringify(document, null, 1);
}

async function run(args: readonly string[], node: TestNode): Promise<Explained> {
  let stdout = '';
  const command = explainCommand((text) => {
    stdout += text;
  });
  command.exitOverride().configureOutput({ writeErr: () => undefined });
  const ended = (code: number, error: string): Explained => ({
    code,
    stdout,
    sentences: sentencesIn(stdout).map((one) => anonymous(one, node)),
    error: anonymous(error, node),
  });
  try {
    await command.parseAsync([...args], { from: 'user' });
    return ended(0, '');
  } catch (error) {
    if (error instanceof ToldFailure) return ended(error.exitCode, '');
    if (error instanceof Failure) return ended(error.exitCode, error.message);
    throw error;
  }
}

function anonymous(text: string, { root, server }: TestNode): string {
  return text.replaceAll(root, '').replaceAll(new URL(server.url).host, 'API');
}

/** Undoes the wrapping: a line without a branch goes on with the sentence before it. */
function sentencesIn(text: string): string[] {
  const sentences: string[] = [];
  for (const line of text.split('\n')) {
    const [, branch, words = ''] = /^(?:[│ ]*([├└]─ ))?[│ ]*(.*)$/.exec(line) ?? [];
    const last = sentences.length - 1;
    const isNew = branch !== undefined || line === '' || (sentences[last] ?? '') === '';
    if (isNew) sentences.push(words);
    else sentences[last] += ` ${words}`;
  }
  return sentences.filter((one) => one !== '');
}
