/** An answer of the service over HTTP. */
export interface PushAnswer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  /** JSON unless it is a text. */
  readonly body?: unknown;
}

/** A refusal as Mozilla's autopush words it (autoendpoint/src/error.rs): errno tells apart what shares a status. */
export class Refusal extends Error {
  constructor(
    readonly status: 400 | 401 | 404 | 405 | 410 | 413,
    readonly errno: number | null,
    message: string,
  ) {
    super(message);
  }

  answer(): PushAnswer {
    return {
      status: this.status,
      headers: {
        'content-type': 'application/json',
        ...(this.status === 410 ? { 'cache-control': 'max-age=86400' } : {}),
      },
      body: {
        code: this.status,
        errno: this.errno,
        error: NAMES[this.status],
        message: this.message,
        more_info: 'https://mozilla-services.github.io/autopush-rs/errors.html',
      },
    };
  }
}

const NAMES = {
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  405: 'Method Not Allowed',
  410: 'Gone',
  413: 'Payload Too Large',
};
