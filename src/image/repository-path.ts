import { isLowerAlphanumeric } from '../diagnostics/labels.ts';

/** Whether a text is a repository's path in docker/reference's grammar: components with slashes between them. */
export function isRepositoryPath(text: string): boolean {
  for (const component of text.split('/')) if (!isComponent(component)) return false;
  return true;
}

/** Runs of letters and digits, with one separator between two of them. */
function isComponent(text: string): boolean {
  let end = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (!isLowerAlphanumeric(text.charCodeAt(at))) continue;
    if (at > end && (end === 0 || !isSeparator(text.slice(end, at)))) return false;
    end = at + 1;
  }
  return end > 0 && end === text.length;
}

function isSeparator(text: string): boolean {
  return text === '.' || text === '_' || text === '__' || text === '-'.repeat(text.length);
}
