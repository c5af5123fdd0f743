import { type Position, positionAt } from '../../diagnostics/position.ts';
import { quote } from '../../diagnostics/quote.ts';
import {
  type DocumentNode,
  fieldOf,
  isDocumentError,
  textOf,
} from '../../kubelet/document-tree.ts';
import { subdomainErrors } from '../../kubelet/qualified-name.ts';
import { readJson } from '../../kubelet/read-json.ts';
import { readYaml } from '../../kubelet/read-yaml.ts';
import { errorIn, type Finding, type Remark } from './finding.ts';
import { lintDockerConfig } from './lint-docker-config.ts';

/** The types of pull secrets, and the data key that each must have (core/v1). */
const DATA_KEYS: ReadonlyMap<
  string,
  { readonly key: string; readonly form: 'auths' | 'dockercfg' }
> = new Map([
  ['kubernetes.io/dockerconfigjson', { key: '.dockerconfigjson', form: 'auths' }],
  ['kubernetes.io/dockercfg', { key: '.dockercfg', form: 'dockercfg' }],
]);
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * Checks the manifest of a pull secret: that the API server would take it and readers of pull secrets
 * find it, and the docker config in it, whose places are told within its own text.
 */
export function lintPullSecret(file: string, text: string): readonly Finding[] {
  const document = /^\s*\{/.test(text) ? readJson(text) : rootOf(text);
  const at = (offset: number): Position => positionAt(text, offset);
  if (isDocumentError(document)) {
    const message = 'this cannot be read as YAML from here on';
    return [errorIn(file, { position: at(document.offset), rule: 'syntax', message })];
  }
  const secret = new SecretManifest(file, document, at);
  return [...secret.nameFindings(), ...secret.contentFindings()];
}

function rootOf(text: string): ReturnType<typeof readJson> {
  const document = readYaml(text);
  return isDocumentError(document) ? document : document.root;
}

class SecretManifest {
  readonly #file: string;
  readonly #root: DocumentNode;
  readonly #at: (offset: number) => Position;

  constructor(file: string, root: DocumentNode, at: (offset: number) => Position) {
    this.#file = file;
    this.#root = root;
    this.#at = at;
  }

  nameFindings(): readonly Finding[] {
    const metadata = fieldOf(this.#root, 'metadata');
    const name = metadata === undefined ? '' : textOf(metadata, 'name');
    if (name === '') return [this.#error(metadata, 'name', 'metadata.name is missing')];
    const [problem] = subdomainErrors(name);
    if (problem === undefined) return [];
    return [
      this.#error(
        fieldOf(metadata ?? this.#root, 'name'),
        'name',
        `metadata.name ${quote(name)}: ${problem}`,
      ),
    ];
  }

  contentFindings(): readonly Finding[] {
    const type = textOf(this.#root, 'type');
    const expected = DATA_KEYS.get(type);
    if (expected === undefined) {
      const types = [...DATA_KEYS.keys()].join(' or ');
      const message = `type is ${quote(type || 'Opaque')}, which is read by nobody who pulls images; write ${types} (a Secret's type cannot be changed: create it anew)`;
      return [this.#error(fieldOf(this.#root, 'type'), 'secret-type', message)];
    }
    const { key, form } = expected;
    const config = this.#config(key);
    if (config === undefined) {
      const message = `the data key ${quote(key)} is missing, which the API server demands of the type ${type}`;
      return [this.#error(fieldOf(this.#root, 'data'), 'data-key', message)];
    }
    if (config.text === undefined) {
      const message = `data[${quote(key)}] is not base64; write it under stringData as it is`;
      return [this.#error(config.node, 'base64', message)];
    }
    const position = this.#at(config.node.offset);
    return lintDockerConfig(this.#file, config.text, form).map((finding) => ({
      ...finding,
      position,
      message: `in ${key}${within(finding.position)}: ${finding.message}`,
    }));
  }

  /** The docker config; without text where it is not base64. */
  #config(
    key: string,
  ): { readonly node: DocumentNode; readonly text: string | undefined } | undefined {
    const plain = fieldOf(fieldOf(this.#root, 'stringData') ?? NOTHING, key);
    if (plain !== undefined)
      return { node: plain, text: 'value' in plain ? String(plain.value) : '' };
    const node = fieldOf(fieldOf(this.#root, 'data') ?? NOTHING, key);
    if (node === undefined) return undefined;
    const encoded = 'value' in node ? String(node.value).replace(/[\r\n]/g, '') : '';
    const isBase64 = encoded !== '' && BASE64.test(encoded);
    return { node, text: isBase64 ? Buffer.from(encoded, 'base64').toString() : undefined };
  }

  #error(node: DocumentNode | undefined, rule: string, message: string): Finding {
    const remark: Remark = { position: this.#at((node ?? this.#root).offset), rule, message };
    return errorIn(this.#file, remark);
  }
}

const NOTHING: DocumentNode = { type: 'object', fields: [], offset: 0 };

function within(position: Position | undefined): string {
  return position === undefined ? '' : `, line ${position.line}, column ${position.column}`;
}
