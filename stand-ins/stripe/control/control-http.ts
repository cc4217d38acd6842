import type { IncomingMessage, ServerResponse } from 'node:http';
import { invalid, notImplemented } from '../model/errors.js';
import type { Control } from './control.js';

const COMMANDS = [
  'pay',
  'settle',
  'renew',
  'retryInvoice',
  'failNextCharge',
  'refund',
  'subscribeAgain',
  'setSubscription',
  'cancel',
  'dispute',
  'closeDispute',
  'failRefund',
  'advance',
  'setAccountVersion',
  'overwriteMetadata',
  'failNextCall',
  'clearFaults',
  'calls',
  'setWebhook',
  'hold',
  'flush',
  'deliver',
  'disturb',
  'waiting',
  'events',
] as const satisfies (keyof Control)[];

/**
 * Answers `POST /__standin/<command>`, whose body is the JSON array of arguments. It accepts only JSON, which pages of other
 * origins cannot send without a preflight, and no preflight is answered.
 */
export async function answerControl(
  control: Control,
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
): Promise<void> {
  const path = (request.url ?? '').split('?')[0]!;
  const command = COMMANDS.find((it) => path === `/__standin/${it}`);
  if (!command || request.method !== 'POST') throw notImplemented(request.method ?? '', path);
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? ''))
    throw invalid('Content-Type must be application/json');
  const run = control[command].bind(control) as (...args: unknown[]) => Promise<unknown>;
  const result = await run(...readArguments(body));
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result ?? null));
}

function readArguments(body: string): unknown[] {
  try {
    const args: unknown = JSON.parse(body || '[]');
    if (Array.isArray(args)) return args;
  } catch {
    // The error follows below.
  }
  throw invalid('The body must be a JSON array of arguments.');
}
