import webpush from 'web-push';
import { browserKeys } from '../support/push.js';

/** The key pair with which `send` signs. */
export const vapid = { subject: 'mailto:push@news.example', ...webpush.generateVAPIDKeys() };

export interface Sending extends webpush.RequestOptions {
  headers?: Record<string, string>;
  body?: Buffer;
}

/** Sends as web-push does. `headers` and `body` replace its own, and an empty header is left out. */
export async function send(endpoint: string, { headers = {}, body, ...options }: Sending = {}) {
  const details = webpush.generateRequestDetails({ endpoint, keys: browserKeys() }, 'Hello', {
    vapidDetails: vapid,
    TTL: 60,
    ...options,
  });
  const all = { ...details.headers, ...headers };
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: Object.entries(all).flatMap(([name, value]): [string, string][] =>
      value === '' || name === 'Content-Length' ? [] : [[name, String(value)]],
    ),
    body: new Uint8Array(body ?? (details.body as Buffer)),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    problem: text ? (JSON.parse(text) as { code: number; errno: number | null; message: string }) : undefined,
  };
}
