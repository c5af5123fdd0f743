const DECIMAL_MODE =
  'unreasonable mode would be reasonable if specified in octal; remember to add a leading zero';
const LARGEST_MODE = 7777;
const SET_ID_BITS = 0o6000;
const STICKY_BIT = 0o1000;

export type NodeKind = 'file' | 'directory';

/**
 * Warns of a mode such as `755` that makes sense only with the octal's leading zero
 * (coreos/butane, base/util/file.go).
 */
export function decimalModeWarning(mode: number | undefined, kind: NodeKind): string | undefined {
  if (mode === undefined || mode < 0 || mode > LARGEST_MODE) return undefined;
  const digits = String(mode);
  if (!/^[0-7]+$/.test(digits) || isTypical(mode, kind)) return undefined;
  return isTypical(Number.parseInt(digits, 8), kind) ? DECIMAL_MODE : undefined;
}

/** Whether a mode is one that people give: nobody has more rights than the owner, and so on. */
function isTypical(mode: number, kind: NodeKind): boolean {
  if (mode === 0) return true;
  const other = mode & 7;
  const group = (mode >> 3) & 7;
  const owner = (mode >> 6) & 7;
  if ((other & ~group) !== 0 || (group & ~owner) !== 0) return false;
  if (![other, group, owner].every(isTypicalTriple)) return false;
  if (
    ![
      [group, other],
      [owner, group | other],
    ].every(([more = 0, less = 0]) => executesAlike(more, less))
  ) {
    return false;
  }
  return (owner & 4) !== 0 && hasTypicalSpecialBits(mode, kind);
}

/** Writing or executing without reading is rare. */
function isTypicalTriple(bits: number): boolean {
  return (bits & 4) !== 0 || (bits & 3) === 0;
}

/** Who may execute while another, less trusted, may only read: `rwxr-----`. */
function executesAlike(more: number, less: number): boolean {
  return (more & 1) === 0 || (less & 4) === 0 || (less & 1) !== 0;
}

function hasTypicalSpecialBits(mode: number, kind: NodeKind): boolean {
  const isExecutable = (mode & 0o111) !== 0;
  if (kind === 'file') {
    if ((mode & STICKY_BIT) !== 0) return false;
    return (mode & SET_ID_BITS) === 0 || (isExecutable && (mode & 0o002) === 0);
  }
  const isWritable = (mode & 0o222) !== 0;
  return isExecutable && (mode & 0o4000) === 0 && ((mode & 0o3000) === 0 || isWritable);
}
