import { isJsonObject } from '../../diagnostics/json.ts';
import { positionAt } from '../../diagnostics/position.ts';
import {
  type DocumentNode,
  fieldOf,
  isDocumentError,
  nearestNode,
  plainValue,
  textsOf,
} from '../../kubelet/document-tree.ts';
import { repeatedFields } from '../../kubelet/go-struct.ts';
import { readJson } from '../../kubelet/read-json.ts';
import { readYaml } from '../../kubelet/read-yaml.ts';
import { builtInProvider } from '../built-in-providers.ts';
import { CRIO_CREDENTIAL_PROVIDER_CONFIG } from '../custom-resource/crio-credential-provider-config.ts';
import { type FieldError, fieldName } from '../custom-resource/field-error.ts';
import { metadataProblems } from '../custom-resource/object-meta.ts';
import { prune } from '../custom-resource/prune.ts';
import { creationErrors, RULES_NOT_CHECKED } from '../custom-resource/validate.ts';
import { readOriginalConfig } from '../original-config.ts';
import { PLATFORM_TYPES } from '../platform-type.ts';
import { overlaps } from '../scope.ts';
import { errorIn, type Finding, warningIn } from './finding.ts';

const RESOURCE = CRIO_CREDENTIAL_PROVIDER_CONFIG;

/** A document, and where to say so. */
interface Place {
  readonly file: string;
  readonly text: string;
  readonly root: DocumentNode;
}

/**
 * Checks a CRIOCredentialProviderConfig as the API server does at its creation. Unknown and repeated
 * fields are errors, because kubectl refuses them. Besides, it warns of entries that a platform's own
 * provider may cover.
 */
export function lintCrioCredentialProviderConfig(file: string, text: string): readonly Finding[] {
  const document = /^\s*\{/.test(text) ? jsonDocument(text) : readYaml(text);
  if (isDocumentError(document)) {
    const position = positionAt(text, document.offset);
    return [errorIn(file, { position, rule: 'syntax', message: document.message })];
  }
  const place = { file, text, root: document.root };
  return [...decodingFindings(place), ...ruleFindings(place), ...overlapFindings(place)];
}

function jsonDocument(text: string): ReturnType<typeof readYaml> {
  const root = readJson(text);
  return isDocumentError(root) ? root : { root };
}

function decodingFindings({ file, text, root }: Place): readonly Finding[] {
  const repeated = repeatedFields(root).map(({ path, nameOffset }) =>
    errorIn(file, {
      position: positionAt(text, nameOffset),
      rule: 'repeated-field',
      message: `${path} stands here twice, and only the last one counts; remove one`,
    }),
  );
  const { error } = metadataProblems(root);
  if (error === undefined) return repeated;
  const position = positionAt(text, error.offset);
  return [...repeated, errorIn(file, { position, rule: 'type', message: error.message })];
}

function ruleFindings({ file, text, root }: Place): readonly Finding[] {
  const value = plainValue(root);
  const { object, unknownFields } = prune(isJsonObject(value) ? value : {}, RESOURCE.schema);
  const ofMetadata = metadataProblems(root).unknownFields;
  const unknown = [
    ...ofMetadata.map(({ message, offset }) => [message.split('"')[1] ?? '', offset] as const),
    ...unknownFields.map((field) => [field, offsetOfField(root, field)] as const),
  ].map(([field, offset]) =>
    errorIn(file, {
      position: positionAt(text, offset),
      rule: 'unknown-field',
      message: `${field} is no field of ${RESOURCE.kind}: kubectl refuses it, and otherwise it is dropped`,
    }),
  );
  // Whoever creates an object cannot set its status: it is dropped unseen.
  const { status: _, ...created } = object;
  const broken = creationErrors(created, RESOURCE)
    .filter((error) => error !== RULES_NOT_CHECKED)
    .map((error) =>
      errorIn(file, {
        position: positionAt(text, nearestNode(root, error.path).offset),
        rule: error.reason.replace(/^FieldValue/, '').toLowerCase(),
        message: sentenceOf(error),
      }),
    );
  return [...unknown, ...broken];
}

function sentenceOf({ path, message }: FieldError): string {
  return path.length === 0
    ? message.replace(/^Invalid value: /, '')
    : `${fieldName(path)}: ${message}`;
}

/** The name of a field whose path is text, such as `spec.list[0].name`. */
function offsetOfField(root: DocumentNode, field: string): number {
  const path = [...field.matchAll(/([^.[\]]+)|\[(\d+)\]/g)].map(([, name = '', index]) =>
    index === undefined ? name : Number(index),
  );
  const parent = nearestNode(root, path.slice(0, -1));
  const found =
    parent.type === 'object' ? parent.fields.find(({ name }) => name === path.at(-1)) : undefined;
  return found?.nameOffset ?? parent.offset;
}

/** The entries of matchImages, as far as the text can be read. */
export function matchImagesIn(text: string): readonly string[] {
  const document = /^\s*\{/.test(text) ? jsonDocument(text) : readYaml(text);
  const spec = isDocumentError(document) ? undefined : fieldOf(document.root, 'spec');
  return spec === undefined ? [] : textsOf(spec, 'matchImages');
}

function overlapFindings({ file, text, root }: Place): readonly Finding[] {
  const list = nearestNode(root, ['spec', 'matchImages']);
  if (list.type !== 'array') return [];
  return list.items.flatMap(({ type, offset, ...item }) => {
    if (type !== 'string' || !('value' in item)) return [];
    const platforms = platformsWithOverlap(String(item.value));
    if (platforms.length === 0) return [];
    const message = `on ${platforms.join(' and ')} this entry is left out: the platform's own credential provider covers such images`;
    return [
      warningIn(file, { position: positionAt(text, offset), rule: 'platform-overlap', message }),
    ];
  });
}

function platformsWithOverlap(pattern: string): readonly string[] {
  return PLATFORM_TYPES.filter((platform) => {
    const config = readOriginalConfig(builtInProvider(platform)?.config ?? '');
    const providers = 'error' in config ? [] : config.providers;
    const patterns = providers.flatMap(({ matchImages }) => matchImages ?? []);
    return patterns.some((one) => overlaps(one, pattern));
  });
}
