import type { LoggedRequest } from './request-log.ts';

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** A line of Apache's combined log format, without its end, as docker-registry writes them (UTC). */
export function accessLogLine(entry: LoggedRequest, bytes: number): string {
  const { client, user = '-', method, path, status, userAgent } = entry;
  const request = `${method} ${escaped(path)} HTTP/1.1`;
  return `${client} - ${user} [${time(entry.time)}] "${request}" ${status} ${bytes} "" "${escaped(userAgent)}"`;
}

function time(date: Date): string {
  const [day, clock = ''] = date.toISOString().split('T');
  const [year, , dayOfMonth] = day?.split('-') ?? [];
  return `${dayOfMonth}/${MONTHS[date.getUTCMonth()]}/${year}:${clock.slice(0, 8)} +0000`;
}

/** So that no request can forge a line or a field. */
function escaped(text: string): string {
  return text.replace(/["\\]|[^\x20-\x7e]/g, (one) =>
    one === '"' || one === '\\' ? `\\${one}` : `\\x${one.charCodeAt(0).toString(16)}`,
  );
}
