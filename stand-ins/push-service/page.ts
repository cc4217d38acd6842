import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname } from 'node:path';
import type { PushResponse } from './answers.js';

const FILES: Record<string, string> = {
  '/': 'index.html',
  '/push-service.css': 'push-service.css',
  '/push-service.js': 'push-service.js',
};
const TYPES: Record<string, string> = { '.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript' };
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/** The data that the page shows; `PushService` explains the fields. */
interface PageContent {
  readonly wsUrl: string;
  subscriptions(): unknown[];
  pushes(): { readonly body: Buffer }[];
  refusals(): unknown[];
}

/** The page for people: subscriptions and messages. `/api/state` gives the same as JSON. */
export class Page {
  private readonly watchers = new Set<ServerResponse>();

  constructor(private readonly service: PageContent) {}

  announceChange(): void {
    for (const it of this.watchers) it.write('data: changed\n\n');
  }

  /** Answers a request of the page. @returns undefined where the response stays open */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<PushResponse | undefined> {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const file = FILES[path];
    if (request.method !== 'GET' && request.method !== 'HEAD') return { status: 404, body: 'Not found\n' };
    if (path === '/api/state') return { status: 200, headers: HEADERS, body: this.state() };
    if (path === '/api/changes') return this.watch(response);
    if (!file) return { status: 404, body: 'Not found\n' };
    const body = await readFile(new URL(`page/${file}`, import.meta.url), 'utf8');
    return { status: 200, headers: { ...HEADERS, 'content-type': `${TYPES[extname(file)]}; charset=utf-8` }, body };
  }

  close(): void {
    for (const it of this.watchers) it.end();
  }

  private watch(response: ServerResponse): undefined {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write('retry: 1000\n\ndata: changed\n\n');
    this.watchers.add(response);
    response.once('close', () => this.watchers.delete(response));
  }

  private state(): unknown {
    const { service } = this;
    return {
      wsUrl: service.wsUrl,
      subscriptions: service.subscriptions(),
      pushes: service.pushes().map(({ body, ...it }) => ({ ...it, bytes: body.length })),
      refusals: service.refusals(),
    };
  }
}
