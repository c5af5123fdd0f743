import { CONFIG, type Config } from './config.ts';
import { decode } from './decode.ts';
import { checkDuplicates, checkOpenShiftDuplicates } from './duplicates.ts';
import { goJson } from './go-json.ts';
import { goYaml } from './go-yaml.ts';
import { readHeader } from './header.ts';
import { ignitionConfig } from './ignition-output.ts';
import { checkIgnition } from './ignition-rules.ts';
import type { LocalFiles } from './local-files.ts';
import { machineConfig } from './machine-config.ts';
import { LARGEST_CONFIG } from './parse-source.ts';
import { inMachineConfig, pathMap } from './path-map.ts';
import { Report } from './report.ts';
import { remarksText, reportText } from './report-text.ts';
import { resolveConfig } from './resolve.ts';
import type { SourceNode } from './source-node.ts';
import { inStage, SourceProblem } from './source-problem.ts';
import { checkSource } from './source-rules.ts';
import { SourceText } from './source-text.ts';
import {
  checkElidedFields,
  checkSupportedFields,
  checkSupportedValues,
} from './supported-fields.ts';
import { unusedKeys } from './unused-keys.ts';
import type { Dialect } from './versions.ts';

/** What is compiled, and how. */
export interface CompileInput {
  readonly bytes: Uint8Array;
  /** For messages. */
  readonly fileName: string;
  /** The files directory; without one the config may name no local files. */
  readonly localFiles?: LocalFiles | undefined;
  /** Whether the Ignition config alone is wanted, without a MachineConfig around it. */
  readonly isRaw: boolean;
  /** Whether that one is to be indented. */
  readonly isPretty: boolean;
}

export interface Compilation {
  /** The MachineConfig as YAML or the Ignition config as JSON, without final newline; undefined where the config is refused. */
  readonly output: string | undefined;
  /** Warnings and errors for people, as Butane prints them; empty where there is nothing to say. */
  readonly messages: string;
}

const TOO_LARGE = `the config is larger than ${LARGEST_CONFIG / 2 ** 20} MiB; put large contents into local files`;
const INVALID_SOURCE = 'source config is invalid';
const INVALID_RESULT = 'config generated was invalid';
/**
 * Compiles a Butane config of variant openshift as Butane 0.29 does (coreos/butane, config/openshift and
 * what it builds on). Disks, file systems, LUKS volumes, RAID arrays, boot devices and GRUB users are
 * refused by name.
 */
export function compileButane(input: CompileInput): Compilation {
  if (input.bytes.length > LARGEST_CONFIG) return refused('', `${input.fileName}: ${TOO_LARGE}`);
  const source = SourceText.of(input.bytes);
  try {
    const { root, dialect } = readHeader(source);
    const config = inStage('yaml: ', () => decode(CONFIG, root, source, dialect));
    return new Compiler(input, source, root, dialect).compile(config);
  } catch (error) {
    if (!(error instanceof SourceProblem)) throw error;
    const remarks = remarksText(error.remarks, source, input.fileName);
    return refused(remarks, error.message);
  }
}

class Compiler {
  readonly #input: CompileInput;
  readonly #source: SourceText;
  readonly #root: SourceNode;
  readonly #dialect: Dialect;
  readonly #report = new Report();

  constructor(input: CompileInput, source: SourceText, root: SourceNode, dialect: Dialect) {
    this.#input = input;
    this.#source = source;
    this.#root = root;
    this.#dialect = dialect;
  }

  /** One stage after the other; errors of one end it all. */
  compile(given: Config): Compilation {
    const { isRaw, localFiles, isPretty } = this.#input;
    const dialect = this.#dialect;
    this.#report.merge(unusedKeys(given, this.#root, dialect.base));
    this.#report.merge(checkSource(given, dialect, isRaw));
    if (this.#report.hasErrors) return this.#refused(INVALID_SOURCE);

    const { config, origins, report } = resolveConfig(given, {
      localFiles,
      mayCompress: dialect.mayCompress,
    });
    this.#report.merge(report);
    if (this.#report.hasErrors) return this.#refused(INVALID_SOURCE);

    const toSource = pathMap(config, { origins, base: dialect.base, isWrapped: !isRaw });
    this.#report.merge(checkSupportedValues(config, dialect), isRaw ? inMachineConfig : toSource);
    if (isRaw) this.#report.merge(checkElidedFields(config.openshift));
    if (this.#report.hasErrors) return this.#refused(INVALID_SOURCE);

    if (!isRaw) this.#report.merge(checkSupportedFields(config, dialect), toSource);
    if (this.#report.hasErrors) return this.#refused(INVALID_SOURCE);

    const result = new Report();
    if (!isRaw) checkOpenShiftDuplicates(config.openshift, this.#report);
    checkDuplicates(config, result);
    checkIgnition(config, dialect.base, result);
    this.#report.merge(result, toSource);
    if (this.#report.hasErrors) return this.#refused(INVALID_RESULT);

    const ignition = ignitionConfig(config, dialect.ignition);
    const output = isRaw
      ? goJson(ignition, isPretty)
      : GENERATED + goYaml(machineConfig(config, ignition));
    return { output, messages: this.#messages() };
  }

  #refused(reason: string): Compilation {
    return refused(this.#messages(), reason);
  }

  #messages(): string {
    return reportText(this.#report.entries, this.#root, this.#source, this.#input.fileName);
  }
}

const GENERATED = '# Generated by Butane; do not edit\n';

function refused(messages: string, reason: string): Compilation {
  return { output: undefined, messages: `${messages}Error translating config: ${reason}\n` };
}
