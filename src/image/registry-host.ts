import { areDigits, areLabels } from '../diagnostics/labels.ts';

/** Whether a text is `host[:port]` as docker/reference takes it: no underscore, no IPv6 address, dots not required. */
export function isRegistryHost(text: string): boolean {
  const colon = text.indexOf(':');
  if (colon === -1) return areLabels(text, 'any');
  return areLabels(text.slice(0, colon), 'any') && areDigits(text.slice(colon + 1));
}
