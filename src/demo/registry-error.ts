/** The distribution specification's error codes, with docker-registry's words. */
const CODES = {
  BLOB_UNKNOWN: [404, 'blob unknown to registry'],
  BLOB_UPLOAD_UNKNOWN: [404, 'blob upload unknown to registry'],
  DENIED: [403, 'requested access to the resource is denied'],
  DIGEST_INVALID: [400, 'provided digest did not match uploaded content'],
  MANIFEST_BLOB_UNKNOWN: [400, 'blob unknown to registry'],
  MANIFEST_INVALID: [400, 'manifest invalid'],
  MANIFEST_UNKNOWN: [404, 'manifest unknown'],
  NAME_INVALID: [400, 'invalid repository name'],
  NAME_UNKNOWN: [404, 'repository name not known to registry'],
  RANGE_INVALID: [416, 'invalid content range'],
  UNAUTHORIZED: [401, 'authentication required'],
  UNSUPPORTED: [405, 'The operation is unsupported.'],
} as const;

export type DistributionCode = keyof typeof CODES;

/** A refusal as a registry words it: thrown anywhere below a route. */
export class DistributionError extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly #code: DistributionCode;
  readonly #detail: unknown;

  constructor(
    code: DistributionCode,
    rest: { detail?: unknown; headers?: Readonly<Record<string, string>> } = {},
  ) {
    const [status, message] = CODES[code];
    super(message);
    this.name = 'DistributionError';
    this.status = status;
    this.headers = rest.headers ?? {};
    this.#code = code;
    this.#detail = rest.detail ?? null;
  }

  get body(): string {
    const errors = [{ code: this.#code, message: this.message, detail: this.#detail }];
    return `${JSON.stringify({ errors })}\n`;
  }
}
