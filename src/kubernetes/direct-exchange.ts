import type { Deadline } from '../diagnostics/deadline.ts';
import { DirectConnection } from './direct-connection.ts';
import type { Exchange } from './exchange.ts';

/**
 * Requests over connections of our own, for a plugin: the runtime's `fetch` starts a thread for them, and
 * takes a millisecond longer. They know no proxy. One connection serves requests that follow each other.
 */
export function directExchange(deadline: Deadline): Exchange {
  let idle: DirectConnection | undefined;
  return (request) => {
    const connection = idle?.isOpen ? idle : new DirectConnection(request);
    idle = undefined;
    return connection.answer(request, deadline).then((reader) => {
      if (reader.isReusable) idle = connection;
      const { status, headers } = reader.head;
      return { status, header: (name) => headers.get(name), body: reader.body() };
    });
  };
}
