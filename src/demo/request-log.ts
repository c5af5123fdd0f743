const KEPT = 10_000;

/** One request as a server saw it; never a token or password. */
export interface LoggedRequest {
  readonly time: Date;
  /** Its address. */
  readonly client: string;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly status: number;
  /** Who asked, as authentication found out; undefined for nobody known. */
  readonly user: string | undefined;
  readonly userAgent: string;
}

/** The last 10,000 requests, oldest first. */
export class RequestLog {
  readonly entries: LoggedRequest[] = [];

  add(
    request: Request,
    status: number,
    who: { readonly client: string; readonly user: string | undefined },
  ): LoggedRequest {
    const { pathname, search } = new URL(request.url);
    const entry = {
      time: new Date(),
      ...who,
      method: request.method,
      path: pathname + search,
      status,
      userAgent: request.headers.get('user-agent') ?? '',
    };
    this.entries.push(entry);
    if (this.entries.length > KEPT) this.entries.shift();
    return entry;
  }

  /** The requests as `METHOD PATH STATUS`, for a short look. */
  lines(): string[] {
    return this.entries.map(({ method, path, status }) => `${method} ${path} ${status}`);
  }

  clear(): void {
    this.entries.length = 0;
  }
}
