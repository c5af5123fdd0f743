import { type Position, positionAt } from '../diagnostics/position.ts';
import type { CredentialProvider, CredentialProviderConfig } from './credential-provider-config.ts';
import { type DecodedConfig, decodeConfig } from './decode-config.ts';
import { type DocumentPath, nearestNode } from './document-tree.ts';
import { goQuote } from './go-quote.ts';
import { type ValidationError, validateConfig } from './validate-config.ts';

/** A file's path as the kubelet would print it, and its bytes. */
export interface ConfigFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A sentence about a place in a file. */
export interface ConfigRemark {
  readonly file: string;
  readonly position: Position;
  readonly message: string;
}

/** What the kubelet makes of its credential provider configuration. */
export type ConfigVerdict = AcceptedConfig | RefusedConfig;

export interface AcceptedConfig {
  readonly ok: true;
  readonly config: CredentialProviderConfig;
  /** As the kubelet reports it in a metric: `sha256:<hex>`. */
  readonly hash: string;
  /** Where each of its providers stands. */
  readonly places: readonly ProviderPlace[];
  /** What it accepts but hardly anybody means. */
  readonly notes: readonly ConfigRemark[];
}

/** The place of one provider's entry, and of each of its patterns. */
export interface ProviderPlace {
  readonly file: string;
  readonly entry: Position;
  readonly matchImages: readonly Position[];
}

export interface RefusedConfig {
  readonly ok: false;
  readonly stage: 'read' | 'validate';
  /** The kubelet's message, without the file's content where that would follow. */
  readonly error: string;
  readonly problems: readonly ConfigRemark[];
  /** Known once every file was read. */
  readonly hash?: string;
}

/**
 * Decodes, merges and validates the files of a configuration in the order given. It ends with the
 * first file that cannot be decoded, as the kubelet does.
 */
export function judgeConfig(files: readonly ConfigFile[]): ConfigVerdict {
  const sources: Source[] = [];
  for (const file of files) {
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(file.bytes);
    const decoded = decodeConfig(text);
    if ('error' in decoded) {
      const problems = decoded.problems.map(({ message, offset }) =>
        remark({ path: file.path, text }, offset, message),
      );
      const error = `error decoding config ${goQuote(file.path)}: ${decoded.error}`;
      return { ok: false, stage: 'read', error, problems };
    }
    sources.push({ path: file.path, text, decoded });
  }
  return judgeProviders(sources, hashOf(files));
}

/** A decoded file. */
interface Source {
  readonly path: string;
  readonly text: string;
  readonly decoded: DecodedConfig;
}

/** A provider, and where it stands. */
interface Entry {
  readonly provider: CredentialProvider;
  readonly source: Source;
  readonly index: number;
}

function judgeProviders(sources: readonly Source[], hash: string): ConfigVerdict {
  const entries = sources.flatMap((source) =>
    source.decoded.providers.map((provider, index) => ({ provider, source, index })),
  );
  const duplicate = entries.find(({ provider }, index) =>
    entries.slice(0, index).some((other) => other.provider.name === provider.name),
  );
  if (duplicate !== undefined) {
    const name = goQuote(duplicate.provider.name);
    const error = `duplicate provider name ${name} found in configuration file(s)`;
    return { ok: false, stage: 'read', error, problems: [entryRemark(duplicate, ['name'], error)] };
  }
  const config = { providers: entries.map(({ provider }) => provider) };
  const errors = validateConfig(config);
  if (errors.length === 0) {
    const notes = sources.flatMap(notesOn);
    return { ok: true, config, hash, places: entries.map(placeOf), notes };
  }
  const error = `failed to validate credential provider config: ${joinedErrors(errors)}`;
  const problems = errors.map((one) => validationRemark(one, entries, sources));
  return { ok: false, stage: 'validate', error, problems, hash };
}

function placeOf({ provider, source, index }: Entry): ProviderPlace {
  const positionOf = (path: DocumentPath): Position => {
    const { offset } = nearestNode(source.decoded.document.root, ['providers', index, ...path]);
    return positionAt(source.text, offset);
  };
  return {
    file: source.path,
    entry: positionOf([]),
    matchImages: provider.matchImages.map((_, pattern) => positionOf(['matchImages', pattern])),
  };
}

/** As apimachinery joins an aggregate: equal messages once, brackets around several. */
function joinedErrors(errors: readonly ValidationError[]): string {
  const messages = [...new Set(errors.map(({ message }) => message))];
  return messages.length === 1 ? messages.join() : `[${messages.join(', ')}]`;
}

function validationRemark(
  { provider, path, message }: ValidationError,
  entries: readonly Entry[],
  sources: readonly Source[],
): ConfigRemark {
  const entry = provider === undefined ? undefined : entries[provider];
  if (entry !== undefined) return entryRemark(entry, path, message);
  const [source = { path: '', text: '' }] = sources;
  return remark(source, 0, message);
}

function entryRemark(entry: Entry, path: ValidationError['path'], message: string): ConfigRemark {
  const { source, index } = entry;
  const node = nearestNode(source.decoded.document.root, ['providers', index, ...path]);
  return remark(source, node.offset, message);
}

function notesOn(source: Source): readonly ConfigRemark[] {
  const from = source.decoded.document.ignoredFrom;
  if (from === undefined) return [];
  const note =
    'a second YAML document begins here; the kubelet ignores it, and so nothing in it applies';
  return [remark(source, from, note)];
}

function remark(
  source: Pick<Source, 'path' | 'text'>,
  offset: number,
  message: string,
): ConfigRemark {
  return { file: source.path, position: positionAt(source.text, offset), message };
}

/** Over each file's length (8 bytes, big endian) and content. */
function hashOf(files: readonly ConfigFile[]): string {
  const hash = new Bun.CryptoHasher('sha256');
  for (const { bytes } of files) {
    const length = Buffer.alloc(8);
    length.writeBigUInt64BE(BigInt(bytes.length));
    hash.update(length).update(bytes);
  }
  return `sha256:${hash.digest('hex')}`;
}
