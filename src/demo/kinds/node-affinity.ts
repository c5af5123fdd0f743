import type { JsonObject } from '../../diagnostics/json.ts';
import { subdomainErrors } from '../../kubelet/qualified-name.ts';
import {
  type FieldError,
  type FieldPath,
  invalid,
  required,
} from '../../platform/custom-resource/field-error.ts';
import { known, list, nameErrorsAt, objectAt, objectsAt, struct, TEXT } from './schema-parts.ts';

const REQUIREMENT = struct('v1.NodeSelectorRequirement', {
  key: TEXT,
  operator: TEXT,
  values: list(TEXT),
});

const TERM = struct('v1.NodeSelectorTerm', {
  matchExpressions: list(REQUIREMENT),
  matchFields: list(REQUIREMENT),
});

/** A pod's affinity, of which that to nodes is described. */
export const AFFINITY = struct('v1.Affinity', {
  nodeAffinity: struct('v1.NodeAffinity', {
    requiredDuringSchedulingIgnoredDuringExecution: struct('v1.NodeSelector', {
      nodeSelectorTerms: list(TERM),
    }),
    ...known('preferredDuringSchedulingIgnoredDuringExecution'),
  }),
  ...known('podAffinity', 'podAntiAffinity'),
});

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';

/** What is wrong with the nodes that a pod asks for. Source of the rules: ValidateNodeSelector. */
export function affinityErrors(affinity: JsonObject, path: FieldPath): readonly FieldError[] {
  const nodes = objectAt(affinity, 'nodeAffinity');
  if (nodes[REQUIRED] === undefined) return [];
  const place = [...path, 'nodeAffinity', REQUIRED, 'nodeSelectorTerms'];
  const terms = objectsAt(objectAt(nodes, REQUIRED), 'nodeSelectorTerms');
  if (terms.length === 0) return [required(place, 'must have at least one node selector term')];
  return terms.flatMap((term, index) => [
    ...requirements(term, [...place, index], 'matchExpressions', labelRequirementErrors),
    ...requirements(term, [...place, index], 'matchFields', fieldRequirementErrors),
  ]);
}

type RequirementErrors = (requirement: JsonObject, path: FieldPath) => readonly FieldError[];

function requirements(
  term: JsonObject,
  path: FieldPath,
  name: string,
  errorsOf: RequirementErrors,
): readonly FieldError[] {
  return objectsAt(term, name).flatMap((one, index) => errorsOf(one, [...path, name, index]));
}

const LABEL_OPERATORS: readonly unknown[] = ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'];

function labelRequirementErrors(
  { operator = '' }: JsonObject,
  path: FieldPath,
): readonly FieldError[] {
  if (LABEL_OPERATORS.includes(operator)) return [];
  return [invalid([...path, 'operator'], operator, 'not a valid selector operator')];
}

/** Of a node's fields, only its name can be asked for. */
function fieldRequirementErrors(
  { key = '', operator = '', values }: JsonObject,
  path: FieldPath,
): readonly FieldError[] {
  const texts: readonly unknown[] = Array.isArray(values) ? values : [];
  const one = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
  const ofOperator =
    operator === 'In' || operator === 'NotIn'
      ? texts.length === 1
        ? []
        : [required([...path, 'values'], one)]
      : [invalid([...path, 'operator'], operator, 'not a valid selector operator')];
  if (key !== 'metadata.name') {
    return [...ofOperator, invalid([...path, 'key'], key, 'not a valid field selector key')];
  }
  const ofNames = texts.flatMap((name, index) =>
    nameErrorsAt([...path, 'values', index], name, subdomainErrors),
  );
  return [...ofOperator, ...ofNames];
}
