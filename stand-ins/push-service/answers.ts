/** A response of the service over HTTP. */
export interface PushResponse {
  readonly status: number;
  readonly headers?: Record<string, string>;
  /** Sent as JSON, unless it is a string. */
  readonly body?: unknown;
}

/** A refusal in the words of Mozilla's autopush (autoendpoint/src/error.rs); `errno` tells apart causes of one status. */
export class Refusal extends Error {
  constructor(
    readonly status: 400 | 401 | 404 | 405 | 410 | 413,
    readonly errno: number | null,
    message: string,
  ) {
    super(message);
  }

  response(): PushResponse {
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
