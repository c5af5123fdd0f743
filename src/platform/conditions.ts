/** The types of conditions in a CRIOCredentialProviderConfig's status. */
export type ConditionType = 'Validated' | 'MachineConfigRendered';

/** A condition without the time of its last transition, which its writer knows. */
export interface Condition {
  readonly type: ConditionType;
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration: number;
}

/** What a condition tells; empty texts have the machine-config-operator's defaults. */
export interface Outcome {
  readonly type: ConditionType;
  readonly reason?: string;
  /** The failure's reason, where it is one. */
  readonly error?: string;
  readonly message?: string;
}

const PARTIALLY_APPLIED = 'ConfigurationPartiallyApplied';

const SUCCESS_REASONS: Readonly<Record<ConditionType, string>> = {
  Validated: 'Succeeded',
  MachineConfigRendered: 'MachineConfigRenderingSucceeded',
};

/**
 * A condition as the machine-config-operator words it. Source of the rule:
 * pkg/controller/container-runtime-config, wrapErrorWithCRIOCredentialProviderConfigCondition.
 */
export function conditionOf(outcome: Outcome, observedGeneration: number): Condition {
  const { type, error, reason = '', message = '' } = outcome;
  if (error !== undefined) {
    return {
      type,
      status: 'False',
      reason: reason || 'MachineConfigRenderingFailed',
      message: message || `Error: ${error}`,
      observedGeneration,
    };
  }
  return {
    type,
    status: type === 'Validated' && reason === PARTIALLY_APPLIED ? 'False' : 'True',
    reason: reason || SUCCESS_REASONS[type],
    message: message || 'Success',
    observedGeneration,
  };
}

/** Whether all entries apply; those left out are named, in the order given. */
export function validatedCondition(overlapped: readonly string[], generation: number): Condition {
  if (overlapped.length === 0) return conditionOf({ type: 'Validated' }, generation);
  const message =
    'CRIOCredentialProviderConfig has one or multiple entries that overlap with the original ' +
    `credential provider config. Skip rendering entries: [${overlapped.join(' ')}].`;
  return conditionOf({ type: 'Validated', reason: PARTIALLY_APPLIED, message }, generation);
}

/** The pool's MachineConfig is as it should be, or could not be written, for the reason given. */
export function renderedCondition(generation: number, error?: string): Condition {
  const type = 'MachineConfigRendered';
  if (error === undefined) return conditionOf({ type }, generation);
  const message = `could not Create/Update MachineConfig: ${error}`;
  return conditionOf({ type, error, message }, generation);
}
