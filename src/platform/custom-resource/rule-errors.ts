import { isJsonObject } from '../../diagnostics/json.ts';
import { goType } from '../../kubelet/go-value.ts';
import { type FieldError, type FieldPath, invalid, invalidObject } from './field-error.ts';
import type { StructuralSchema, ValidationRule } from './structural-schema.ts';

/** The `x-kubernetes-validations` that an object breaks, outer ones first. */
export function ruleErrors(
  value: unknown,
  schema: StructuralSchema,
  path: FieldPath = [],
): readonly FieldError[] {
  return [...ownErrors(value, schema, path), ...innerErrors(value, schema, path)];
}

function ownErrors(
  value: unknown,
  { type, rules = [] }: StructuralSchema,
  path: FieldPath,
): readonly FieldError[] {
  if (value === null) return [];
  if (type === 'string' && typeof value !== 'string') {
    return rules.map(({ message }) => {
      const what = `invalid data, expected string, got ${goType(value)}`;
      return invalid(path, type, `${what} evaluating rule: ${message}`);
    });
  }
  const broken = rules.filter((rule) => !rule.holds(value));
  return broken.map((rule) => brokenRule(rule, value, path));
}

function innerErrors(
  value: unknown,
  { items, properties = {} }: StructuralSchema,
  path: FieldPath,
): readonly FieldError[] {
  if (Array.isArray(value)) {
    if (items === undefined) return [];
    return value.flatMap((item, index) => ruleErrors(item, items, [...path, index]));
  }
  if (!isJsonObject(value)) return [];
  return Object.entries(properties).flatMap(([name, property]) =>
    Object.hasOwn(value, name) ? ruleErrors(value[name], property, [...path, name]) : [],
  );
}

function brokenRule({ message }: ValidationRule, value: unknown, path: FieldPath): FieldError {
  return typeof value === 'object' ? invalidObject(path, message) : invalid(path, value, message);
}
