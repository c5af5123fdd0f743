import { areLabels } from '../diagnostics/labels.ts';

const LONGEST_LABEL = 63;
const LONGEST_SUBDOMAIN = 253;

/** Whether the text is a DNS-1123 label (at most 63 characters), as a namespace's name must be. */
export function isDnsLabel(text: string): boolean {
  return text.length <= LONGEST_LABEL && !text.includes('.') && areLabels(text);
}

/** Whether the text is a DNS-1123 subdomain (at most 253 characters), as a Secret's name must be. */
export function isDnsSubdomain(text: string): boolean {
  return text.length <= LONGEST_SUBDOMAIN && areLabels(text);
}
