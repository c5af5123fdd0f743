const MOST_WHOLE_DIGITS = 6;
const MOST_LEADING_ZEROS = 4;

/**
 * A number as Go's `%v` prints a float64: the shortest digits that give it back, with an exponent of two
 * digits at least from a million on and below a tenth of a thousandth. Source of the rule: strconv, `g`.
 */
export function goFloat(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -MOST_LEADING_ZEROS && power < MOST_WHOLE_DIGITS) return String(value);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
