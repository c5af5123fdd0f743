import {
  type CredentialProvider,
  type CredentialProviderConfig,
  PROVIDER_API_VERSIONS,
} from './credential-provider-config.ts';
import { formatDuration, type Nanoseconds } from './duration.ts';
import { type FieldError, invalid, required, unsupported } from './field-error.ts';
import { goQuote } from './go-quote.ts';
import { patternError } from './match-images.ts';
import { tokenAttributesErrors } from './validate-token-attributes.ts';

/** A rule that a configuration breaks; `provider` is the index of the entry that breaks it. */
export interface ValidationError extends FieldError {
  readonly provider?: number;
}

/**
 * Checks a configuration by the kubelet's rules, in its order and words; names are unique by then.
 * Source of the rule: Kubernetes pkg/credentialprovider/plugin, validateCredentialProviderConfig (1.36).
 */
export function validateConfig(config: CredentialProviderConfig): readonly ValidationError[] {
  if (config.providers.length === 0) {
    return [required([], 'at least 1 item in plugins is required')];
  }
  return config.providers.flatMap((one, provider) =>
    providerErrors(one).map((error) => ({ ...error, provider })),
  );
}

function providerErrors(provider: CredentialProvider): readonly FieldError[] {
  const { name, apiVersion, tokenAttributes } = provider;
  return [
    ...nameErrors(name),
    ...apiVersionErrors(apiVersion),
    ...matchImagesErrors(provider.matchImages),
    ...cacheDurationErrors(provider.defaultCacheDuration),
    ...(tokenAttributes === undefined ? [] : tokenAttributesErrors(tokenAttributes, apiVersion)),
  ];
}

function nameErrors(name: string): readonly FieldError[] {
  const reasons = [
    ...(name.includes('/') ? ["cannot contain '/'"] : []),
    ...(name.includes(' ') ? ['cannot contain spaces'] : []),
    ...(name === '.' || name === '..' ? [`cannot be '${name}'`] : []),
  ];
  return reasons.map((reason) => invalid(['name'], goQuote(name), `provider name ${reason}`));
}

function apiVersionErrors(apiVersion: string): readonly FieldError[] {
  if (apiVersion === '') return [required(['apiVersion'])];
  if (PROVIDER_API_VERSIONS.includes(apiVersion)) return [];
  return [unsupported(['apiVersion'], apiVersion, PROVIDER_API_VERSIONS)];
}

function matchImagesErrors(patterns: readonly string[]): readonly FieldError[] {
  if (patterns.length === 0) {
    return [required(['matchImages'], 'at least 1 item in matchImages is required')];
  }
  return patterns.flatMap((pattern, index) => {
    const error = patternError(pattern);
    if (error === undefined) return [];
    const path = ['matchImages', index];
    return [invalid(path, goQuote(pattern), `match image is invalid: ${error}`)];
  });
}

function cacheDurationErrors(duration: Nanoseconds | undefined): readonly FieldError[] {
  if (duration === undefined) return [required(['defaultCacheDuration'])];
  if (duration >= 0n) return [];
  const shown = JSON.stringify(formatDuration(duration));
  return [invalid(['defaultCacheDuration'], shown, 'must be greater than or equal to 0')];
}
