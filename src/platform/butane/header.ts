import { HEADER } from './config.ts';
import { decode } from './decode.ts';
import { parseSource } from './parse-source.ts';
import { offsetOf, type SourceNode } from './source-node.ts';
import { inStage, SourceProblem } from './source-problem.ts';
import type { SourceText } from './source-text.ts';
import { type Dialect, findDialect, SUPPORTED_VERSIONS, semanticVersion } from './versions.ts';

const RHCOS_REMOVED =
  'rhcos variant has been removed; use openshift variant instead: https://coreos.github.io/butane/upgrading-openshift/';

/** Parses a config and finds its dialect by variant and version. Throws a SourceProblem. */
export function readHeader(source: SourceText): { root: SourceNode; dialect: Dialect } {
  const { root, header } = inStage('Error unmarshaling yaml: yaml: ', () => {
    const document = parseSource(source);
    return { root: document, header: decode(HEADER, document, source) };
  });
  const refuse = (key: string, sentence: string, message: string) => {
    const offset = root === undefined ? 0 : offsetOf(root, [key], false);
    return new SourceProblem(sentence, [{ offset, message }]);
  };
  if (root === undefined || header.variant === '') {
    const sentence = 'error parsing variant; must be specified';
    throw refuse('variant', sentence, 'the config must begin with `variant: openshift`');
  }
  const version = semanticVersion(header.version);
  if (version === undefined) {
    const sentence = 'error parsing version; must be a valid semver';
    throw refuse('version', sentence, `version must be one of ${SUPPORTED_VERSIONS}`);
  }
  if (header.variant === 'rhcos' && version === '0.1.0') {
    throw refuse('variant', RHCOS_REMOVED, 'variant must be openshift');
  }
  const sentence = `No translator exists for variant ${header.variant} with version ${version}`;
  if (header.variant !== 'openshift') {
    throw refuse('variant', sentence, 'variant must be openshift');
  }
  const dialect = findDialect(version);
  if (dialect === undefined) {
    throw refuse('version', sentence, `version must be one of ${SUPPORTED_VERSIONS}`);
  }
  return { root, dialect };
}
