import { positionAt } from '../../diagnostics/position.ts';
import { quote } from '../../diagnostics/quote.ts';
import {
  type DocumentNode,
  fieldOf,
  isDocumentError,
  textOf,
} from '../../kubelet/document-tree.ts';
import { readJson } from '../../kubelet/read-json.ts';
import { readYaml } from '../../kubelet/read-yaml.ts';
import { type IgnitionFileEntry, ignitionFiles } from '../ignition-files.ts';
import { errorIn, type Finding, warningIn } from './finding.ts';
import type { ConfigSurroundings } from './lint-credential-provider-config.ts';
import { embeddedCoverage } from './lint-embedded-coverage.ts';
import { lintNodeFile } from './lint-node-file.ts';

const API_VERSION = 'machineconfiguration.openshift.io/v1';
const ROLE_LABEL = 'machineconfiguration.openshift.io/role';
const CONTROLLER_ANNOTATION = 'machineconfiguration.openshift.io/generated-by-controller-version';

/**
 * Checks a MachineConfig: what makes the machine-config-operator ignore or refuse it, and the files in it
 * that concern image pulls, whose places are told within their own text.
 */
export function lintMachineConfig(
  file: string,
  text: string,
  surroundings: ConfigSurroundings = {},
): readonly Finding[] {
  const root = /^\s*\{/.test(text) ? readJson(text) : rootOf(text);
  if (isDocumentError(root)) {
    const position = positionAt(text, root.offset);
    return [errorIn(file, { position, rule: 'syntax', message: root.message })];
  }
  return new MachineConfigDocument({ file, text, surroundings }, root).findings();
}

function rootOf(text: string): ReturnType<typeof readJson> {
  const document = readYaml(text);
  return isDocumentError(document) ? document : document.root;
}

interface MachineConfigInput {
  readonly file: string;
  readonly text: string;
  readonly surroundings: ConfigSurroundings;
}

class MachineConfigDocument {
  readonly #file: string;
  readonly #text: string;
  readonly #surroundings: ConfigSurroundings;
  readonly #root: DocumentNode;

  constructor({ file, text, surroundings }: MachineConfigInput, root: DocumentNode) {
    this.#file = file;
    this.#text = text;
    this.#surroundings = surroundings;
    this.#root = root;
  }

  findings(): readonly Finding[] {
    const config = this.#under(this.#root, 'spec', 'config');
    return [
      ...this.#headFindings(),
      ...this.#versionFindings(config),
      ...(config === undefined ? [] : this.#allFileFindings(ignitionFiles(config))),
    ];
  }

  #allFileFindings(files: readonly IgnitionFileEntry[]): readonly Finding[] {
    const uncovered = embeddedCoverage(files).map((finding) => {
      const entry = files.find(({ path }) => path === finding.file);
      return { ...this.#within(finding.file, finding, entry?.node), nodeFile: finding.file };
    });
    return [...this.#fileFindings(files), ...uncovered];
  }

  #headFindings(): readonly Finding[] {
    const metadata = fieldOf(this.#root, 'metadata') ?? this.#root;
    const labels = fieldOf(metadata, 'labels') ?? metadata;
    const annotation = fieldOf(fieldOf(metadata, 'annotations') ?? metadata, CONTROLLER_ANNOTATION);
    const apiVersion = textOf(this.#root, 'apiVersion');
    return [
      ...(apiVersion === API_VERSION
        ? []
        : [
            this.#error(
              fieldOf(this.#root, 'apiVersion'),
              'api-version',
              `apiVersion is ${quote(apiVersion)}; write ${API_VERSION}`,
            ),
          ]),
      ...(textOf(metadata, 'name') === ''
        ? [
            this.#error(
              metadata,
              'name',
              'metadata.name is missing; MachineConfigs are merged in the order of their names',
            ),
          ]
        : []),
      ...(textOf(labels, ROLE_LABEL) === ''
        ? [
            this.#error(
              labels,
              'role',
              `the label ${ROLE_LABEL} is missing, so no pool takes it; set it to worker or master`,
            ),
          ]
        : []),
      ...(annotation === undefined
        ? []
        : [
            this.#warning(
              annotation,
              'controller-version',
              `the annotation ${CONTROLLER_ANNOTATION} belongs to the machine-config-operator: with another value than its own the pool's rendering stops; remove it`,
            ),
          ]),
    ];
  }

  #versionFindings(config: DocumentNode | undefined): readonly Finding[] {
    const version = config && this.#under(config, 'ignition');
    const text = version === undefined ? '' : textOf(version, 'version');
    if (/^3\.[0-9]+\.[0-9]+$/.test(text)) return [];
    const message = `spec.config.ignition.version is ${quote(text)}; write a version 3 of the Ignition specification, such as 3.5.0`;
    return [this.#error(version ?? config, 'ignition-version', message)];
  }

  #fileFindings(files: readonly IgnitionFileEntry[]): readonly Finding[] {
    return files.flatMap((entry, index) => {
      const { path, node, content, problem } = entry;
      const isRepeated = files.findIndex((one) => one.path === path) < index;
      const findings = [
        ...(path.startsWith('/')
          ? []
          : [this.#error(node, 'path', `the path ${quote(path)} is not absolute`)]),
        ...(isRepeated
          ? [
              this.#error(
                node,
                'repeated-path',
                `the file ${quote(path)} stands here twice; keep one`,
              ),
            ]
          : []),
        ...(problem === undefined
          ? []
          : [this.#error(node, 'source', `${quote(path)}: ${problem}`)]),
        ...this.#generatedFindings(entry),
        ...(content === undefined ? [] : this.#embedded(path, content, node)),
      ];
      return findings.map((finding) => ({ ...finding, nodeFile: path }));
    });
  }

  /** The operator merges its own registries.conf first, so that a later MachineConfig hides it. */
  #generatedFindings({ path, node }: IgnitionFileEntry): readonly Finding[] {
    if (path !== '/etc/containers/registries.conf') return [];
    const message = `${path} replaces what the cluster renders from ImageDigestMirrorSet, ImageTagMirrorSet and image.config; write a drop-in in /etc/containers/registries.conf.d instead`;
    return [this.#warning(node, 'generated-file', message)];
  }

  #embedded(path: string, content: Uint8Array, node: DocumentNode): readonly Finding[] {
    return lintNodeFile(path, content, this.#surroundings).map((finding) =>
      this.#within(path, finding, node),
    );
  }

  /** A finding on a file's own text, told where the file stands. */
  #within(path: string, finding: Finding, node: DocumentNode | undefined): Finding {
    const { position: inner, message } = finding;
    const line = inner === undefined ? '' : `, line ${inner.line}, column ${inner.column}`;
    const position = this.#position(node);
    return { ...finding, file: this.#file, position, message: `in ${path}${line}: ${message}` };
  }

  #under(node: DocumentNode, ...names: readonly string[]): DocumentNode | undefined {
    return names.reduce<DocumentNode | undefined>((at, name) => at && fieldOf(at, name), node);
  }

  #error(node: DocumentNode | undefined, rule: string, message: string): Finding {
    return errorIn(this.#file, { position: this.#position(node), rule, message });
  }

  #warning(node: DocumentNode, rule: string, message: string): Finding {
    return warningIn(this.#file, { position: this.#position(node), rule, message });
  }

  #position(node: DocumentNode | undefined): Finding['position'] {
    return positionAt(this.#text, (node ?? this.#root).offset);
  }
}
