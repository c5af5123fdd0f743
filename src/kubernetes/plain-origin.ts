import { areDigits, areLabels, isDigit } from '../diagnostics/labels.ts';

const SCHEME = 'https://';

/** An https:// URL of a host and a port. */
export interface PlainOrigin {
  readonly url: string;
  /** With its port. */
  readonly host: string;
}

/**
 * Reads `https://HOST:PORT` where it is in its normal form already: a name in lower case, or an IPv4
 * address. Undefined for any other URL, and for what is none. To load `URL` takes a plugin 0.1 ms.
 */
export function plainOrigin(text: string): PlainOrigin | undefined {
  if (!text.startsWith(SCHEME)) return undefined;
  const host = text.slice(SCHEME.length);
  const colon = host.indexOf(':');
  const isPlain =
    colon !== -1 && isPlainHost(host.slice(0, colon)) && isPort(host.slice(colon + 1));
  return isPlain ? { url: text, host } : undefined;
}

function isPlainHost(name: string): boolean {
  const labels = name.split('.');
  const last = labels[labels.length - 1] ?? '';
  if (isDigit(last.charCodeAt(0))) return labels.length === 4 && areOctets(labels);
  // What an internationalised name stands for may be wrong.
  return areLabels(name) && !name.includes('xn--');
}

function areOctets(labels: readonly string[]): boolean {
  for (const label of labels) if (!isNumber(label, 255)) return false;
  return true;
}

/** But that of https://, which the normal form leaves out. */
function isPort(text: string): boolean {
  return text !== '443' && isNumber(text, 65_535);
}

function isNumber(text: string, largest: number): boolean {
  return areDigits(text) && String(Number(text)) === text && Number(text) <= largest;
}
