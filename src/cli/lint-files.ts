import { readCredentialProviderConfig } from '../kubelet/config-files.ts';
import { judgeConfig } from '../kubelet/read-config.ts';
import type { LocalFiles } from '../platform/butane/local-files.ts';
import { documentsOf } from '../platform/lint/documents.ts';
import type { Finding } from '../platform/lint/finding.ts';
import { lintButane } from '../platform/lint/lint-butane.ts';
import { lintCoverage, type MirrorSource, mirrorPatterns } from '../platform/lint/lint-coverage.ts';
import {
  type ConfigSurroundings,
  lintCredentialProviderConfig,
} from '../platform/lint/lint-credential-provider-config.ts';
import {
  lintCrioCredentialProviderConfig,
  matchImagesIn,
} from '../platform/lint/lint-crio-credential-provider-config.ts';
import { lintDockerConfig } from '../platform/lint/lint-docker-config.ts';
import { lintKindOf } from '../platform/lint/lint-kind.ts';
import { lintMachineConfig } from '../platform/lint/lint-machine-config.ts';
import { lintPullSecret } from '../platform/lint/lint-pull-secret.ts';
import { lintRegistriesConf } from '../platform/lint/lint-registries-conf.ts';
import { readInput } from './input.ts';
import type { LintTarget } from './lint-targets.ts';

/** What is known besides the files. */
export interface LintContext {
  readonly config: ConfigSurroundings;
  /** Whether there is an executable of that name for the kubelet that reads a file or directory; undefined where none does. */
  readonly pluginsFor?: (path: string) => ((name: string) => boolean) | undefined;
  /** Of Butane configs. */
  readonly localFiles?: LocalFiles;
}

export interface LintedFiles {
  readonly findings: readonly Finding[];
  /** Of files whose lines may be shown: none that hold credentials. */
  readonly texts: ReadonlyMap<string, string>;
}

/** Checks every target by its kind, and then registries.conf files against the kubelet's patterns. */
export function lintFiles(targets: readonly LintTarget[], context: LintContext): LintedFiles {
  const run = new LintRun(context);
  for (const target of targets) run.add(target);
  return run.result();
}

class LintRun {
  readonly #context: LintContext;
  readonly #findings: Finding[] = [];
  readonly #texts = new Map<string, string>();
  #patterns: readonly string[] | undefined;
  readonly #mirrors: MirrorSource[] = [];

  constructor(context: LintContext) {
    this.#context = context;
  }

  add(target: LintTarget): void {
    this.#findings.push(...this.#findingsOf(target));
  }

  result(): LintedFiles {
    const coverage =
      this.#patterns === undefined ? [] : lintCoverage(this.#mirrors, this.#patterns);
    return { findings: [...this.#findings, ...coverage], texts: this.#texts };
  }

  #findingsOf(target: LintTarget): readonly Finding[] {
    const { kind, name, bytes } = target;
    const text = new TextDecoder().decode(bytes);
    if (kind === 'docker-config') {
      return lintDockerConfig(name, text, name.endsWith('.dockercfg') ? 'dockercfg' : 'auths');
    }
    if (kind === 'pull-secret') return this.#documents(target, text);
    this.#texts.set(name, text);
    switch (kind) {
      case 'credential-provider-config':
        return this.#credentialProviderConfig(target);
      case 'registries-conf':
        return this.#registriesConf(name, bytes, text);
      case 'butane':
        return lintButane(name, bytes, {
          localFiles: this.#context.localFiles,
          surroundings: this.#context.config,
        });
      default:
        return this.#documents(target, text);
    }
  }

  #credentialProviderConfig({ name, isDirectory, bytes }: LintTarget): readonly Finding[] {
    const verdict = isDirectory
      ? readCredentialProviderConfig(name)
      : judgeConfig([{ path: name, bytes }]);
    if (verdict.ok) this.#addPatterns(mirrorPatterns(verdict.config));
    const findings = lintCredentialProviderConfig(name, verdict, this.#surroundings(name));
    if (isDirectory) this.#readTexts(findings);
    return findings;
  }

  #addPatterns(patterns: readonly string[] | undefined): void {
    if (patterns !== undefined) this.#patterns = [...(this.#patterns ?? []), ...patterns];
  }

  /** Of the configuration that a kubelet of this machine reads, its plugins are known without being told. */
  #surroundings(name: string): ConfigSurroundings {
    const { config, pluginsFor } = this.#context;
    const hasExecutable = config.hasExecutable ?? pluginsFor?.(name);
    return hasExecutable === undefined ? config : { ...config, hasExecutable };
  }

  #readTexts(findings: readonly Finding[]): void {
    for (const { file, position } of findings) {
      if (position !== undefined && !this.#texts.has(file)) this.#texts.set(file, readInput(file));
    }
  }

  #registriesConf(name: string, bytes: Uint8Array, text: string): readonly Finding[] {
    const { conf, findings } = lintRegistriesConf(name, bytes);
    if (conf !== undefined) this.#mirrors.push({ conf, text });
    return findings;
  }

  /** A file may hold several objects; others than those that are known here are not looked at. */
  #documents({ name, kind, isKindGiven }: LintTarget, text: string): readonly Finding[] {
    return documentsOf(text).flatMap((document) => {
      const own = lintKindOf('', document) ?? (hasKind(document) ? undefined : kind);
      switch (isKindGiven ? kind : own) {
        case 'crio-credential-provider-config':
          this.#addPatterns(matchImagesIn(document));
          return lintCrioCredentialProviderConfig(name, document);
        case 'machine-config':
          return lintMachineConfig(name, document, this.#context.config);
        case 'pull-secret':
          this.#texts.delete(name);
          return lintPullSecret(name, document);
        default:
          return [];
      }
    });
  }
}

function hasKind(document: string): boolean {
  return /^["']?kind["']?\s*:/m.test(document);
}
