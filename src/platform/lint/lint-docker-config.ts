import { decodeEntry } from '../../credentials/credential.ts';
import { parseRegistryKey } from '../../credentials/registry-key.ts';
import { type Position, positionAt } from '../../diagnostics/position.ts';
import { quote } from '../../diagnostics/quote.ts';
import {
  fieldOf,
  isDocumentError,
  type ObjectField,
  type ObjectNode,
  plainValue,
} from '../../kubelet/document-tree.ts';
import { readJson } from '../../kubelet/read-json.ts';
import { errorIn, type Finding, type Remark, warningIn } from './finding.ts';

/**
 * Checks the text of a docker config, or of the old `.dockercfg` form without `auths`: what CRI-O, the
 * kubelet and the mirror provider make of each entry. Messages show keys, never credentials.
 */
export function lintDockerConfig(
  file: string,
  text: string,
  form: 'auths' | 'dockercfg' = 'auths',
): readonly Finding[] {
  const root = readJson(text);
  const at = (offset: number): Position => positionAt(text, offset);
  if (isDocumentError(root)) {
    // The reader's message may show a character of a password.
    const message =
      'this is no valid JSON from here on; write it with "docker login" or "pullkey render pull-secret"';
    return [errorIn(file, { position: at(root.offset), rule: 'syntax', message })];
  }
  if (root.type !== 'object') {
    const message = 'a docker config is a JSON object with auths';
    return [errorIn(file, { position: at(root.offset), rule: 'type', message })];
  }
  const auths = form === 'auths' ? fieldOf(root, 'auths') : root;
  if (auths?.type !== 'object') {
    const message = 'there is no object auths, so it holds no credentials; add one';
    return [
      errorIn(file, { position: at(auths?.offset ?? root.offset), rule: 'no-auths', message }),
    ];
  }
  const remarks = auths.fields.map((field) => entryRemark(field, at));
  return [
    ...helperFindings(file, root, at),
    ...remarks.flatMap((remark) =>
      remark === undefined
        ? []
        : [remark.isError ? errorIn(file, remark) : warningIn(file, remark)],
    ),
    ...repeatedFindings(file, auths, at),
  ];
}

type At = (offset: number) => Position;

function helperFindings(file: string, root: ObjectNode, at: At): readonly Finding[] {
  return root.fields
    .filter(({ name }) => name === 'credsStore' || name === 'credHelpers')
    .map(({ name, nameOffset }) => {
      const message = `${name} has no effect on a node: neither the kubelet nor CRI-O runs credential helpers for it; write the credentials into auths`;
      return warningIn(file, { position: at(nameOffset), rule: 'credential-helper', message });
    });
}

function entryRemark(
  { name, nameOffset, value }: ObjectField,
  at: At,
): (Remark & { readonly isError: boolean }) | undefined {
  const position = at(nameOffset);
  const keyProblem = problemOfKey(name);
  if (keyProblem !== undefined) {
    return {
      position,
      rule: 'key',
      message: `the key ${quote(name)} ${keyProblem}`,
      isError: false,
    };
  }
  const decoded = decodeEntry(plainValue(value));
  if (!('problem' in decoded)) return undefined;
  const isError = decoded.problem !== 'holds no credentials';
  const message = `the entry ${quote(name)} ${decoded.problem}, and is left out; write auth as base64 of user:password`;
  return { position, rule: isError ? 'unusable-entry' : 'empty-entry', message, isError };
}

function problemOfKey(key: string): string | undefined {
  const { host, path } = parseRegistryKey(key);
  const last = path.at(-1) ?? '';
  if (host === '') return 'names no registry and matches nothing; write HOST or HOST/PATH';
  if (/[@:]/.test(last))
    return 'names a tag or digest and matches nothing; write the repository alone';
  if (path.some((step) => step.includes('*'))) {
    return 'has a wildcard in its path and matches nothing; a path covers all below it';
  }
  return undefined;
}

/** Keys that mean the same: the last one counts for the mirror provider, any for others. */
function repeatedFindings(file: string, auths: ObjectNode, at: At): readonly Finding[] {
  const seen = new Map<string, string>();
  return auths.fields.flatMap(({ name, nameOffset }) => {
    const { host, path } = parseRegistryKey(name);
    const place = [host, ...path].join('/');
    const first = seen.get(place);
    seen.set(place, name);
    if (first === undefined || host === '') return [];
    const message = `the keys ${quote(first)} and ${quote(name)} mean the same registry, and only one of them counts; keep one`;
    return [warningIn(file, { position: at(nameOffset), rule: 'repeated-key', message })];
  });
}
