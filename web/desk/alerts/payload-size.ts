import type { AlertText } from './contract.js';

/** The server's limit: what Firefox for Android accepts, less the bytes of the encryption. */
export const MOST_BYTES = 2000;

const TAG = 'x'.repeat(32);

/**
 * The bytes of the notification's JSON as the server counts them. A draft has no id yet, so six digits stand for it and
 * the server's own count is a few bytes less.
 */
export function payloadBytes({ title, body, url }: Pick<AlertText, 'title' | 'body' | 'url'>, id = '000000'): number {
  const navigate = URL.canParse(url) ? new URL(url).href : url;
  const notification = { title, navigate, body, lang: 'en', dir: 'auto', tag: TAG, mutable: true };
  const payload = {
    web_push: 8030,
    mutable: true,
    notification: { ...notification, data: { id, kind: 'alert' } },
  };
  return new TextEncoder().encode(JSON.stringify(payload)).length;
}
