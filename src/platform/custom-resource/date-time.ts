/**
 * Whether a text is a date and time as the API server's `date-time` format takes it: RFC 3339 in either
 * case, with `Z` or an offset. Source of the rule: kube-openapi, strfmt.IsDateTime.
 */
export function isDateTime(text: string): boolean {
  const [date = '', time = ''] = text.toLowerCase().split('t');
  const parts = /^([0-9]{2}):([0-9]{2}):([0-9]{2})(?:.[0-9]+)?(?:z|[+-][0-9]{2}:[0-9]{2})$/.exec(
    time,
  );
  if (parts === null || !isDate(date)) return false;
  const [, hour = '', minute = '', second = ''] = parts;
  return hour <= '23' && minute <= '59' && second <= '59';
}

function isDate(text: string): boolean {
  const parts = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text);
  if (parts === null) return false;
  const parsed = new Date(`${text}T00:00:00Z`);
  // A day that a month does not have becomes one of the next month, or no date at all.
  return !Number.isNaN(parsed.getTime()) && parsed.getUTCDate() === Number(parts[3]);
}
