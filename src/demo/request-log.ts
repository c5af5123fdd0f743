const KEPT = 10_000;

/** One request as a server saw it; never a token or password. */
export interface LoggedRequest {
  readonly time: Date;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly status: number;
  /** Who asked, as authentication found out; undefined for nobody known. */
  readonly user: string | undefined;
  readonly userAgent: string;
  readonly bytes: number | undefined;
}

/** The last 10,000 requests, oldest first. */
export class RequestLog {
  readonly entries: LoggedRequest[] = [];

  add(request: Request, response: Response, user: string | undefined): LoggedRequest {
    const { pathname, search } = new URL(request.url);
    const length = response.headers.get('content-length');
    const entry = {
      time: new Date(),
      method: request.method,
      path: pathname + search,
      status: response.status,
      user,
      userAgent: request.headers.get('user-agent') ?? '',
      bytes: length === null ? undefined : Number(length),
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
