import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { isLocalRequest } from '../shared/local-host.js';
import { ownConnections } from '../shared/own-connections.js';
import { Messages } from './messages.js';

/**
 * A mail server for one's own machine. It accepts every mail, delivers none, and shows them on a page and as JSON. It
 * listens on this machine only.
 */
export interface Mailbox {
  /** The address of the page; `/api/messages` below it lists the mails. */
  readonly url: string;
  readonly smtpUrl: string;
  close(): Promise<void>;
}

const PAGE: Record<string, string> = { '/': 'index.html', '/mailbox.css': 'mailbox.css', '/mailbox.js': 'mailbox.js' };
const TYPES: Record<string, string> = { '.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript' };

/** Starts both servers; port 0 lets the system choose. @throws the system's error (EADDRINUSE with its `port`) */
export async function startMailbox({ port, smtpPort }: { port: number; smtpPort: number }): Promise<Mailbox> {
  const messages = new Messages();
  const watchers = new Set<ServerResponse>();
  const announce = () => {
    for (const it of watchers) it.write('data: changed\n\n');
  };

  const smtp = new SMTPServer({
    banner: 'the local mailbox',
    disabledCommands: ['AUTH', 'STARTTLS'],
    authOptional: true,
    size: 1024 * 1024,
    logger: false,
    onData(stream, session, done) {
      simpleParser(stream).then(
        (mail) => {
          const recipients = session.envelope.rcptTo.map((it) => it.address);
          if (messages.add(mail, recipients)) announce();
          done();
        },
        (error: Error) => done(error),
      );
    },
  });
  const http = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  const endConnections = ownConnections(http);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isLocalRequest(request))
      return send(response, 421, 'text/plain', 'This server is for this machine only. Open it as localhost.\n');
    const url = new URL(request.url ?? '/', 'http://localhost');
    const reading = request.method === 'GET' || request.method === 'HEAD';
    const file = PAGE[url.pathname];
    if (url.pathname === '/api/messages' && reading) {
      send(response, 200, 'application/json', JSON.stringify(messages.read(url.searchParams.get('to') ?? undefined)));
    } else if (url.pathname === '/api/messages' && request.method === 'DELETE') {
      messages.clear();
      announce();
      response.writeHead(204).end();
    } else if (url.pathname === '/api/changes' && request.method === 'GET') {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write('retry: 1000\n\ndata: changed\n\n');
      watchers.add(response);
      response.once('close', () => watchers.delete(response));
    } else if (file && reading) {
      const body = await readFile(new URL(`page/${file}`, import.meta.url), 'utf8');
      send(response, 200, TYPES[extname(file)] ?? 'text/plain', body);
    } else {
      send(response, 404, 'text/plain', 'Not found\n');
    }
  }

  await listen(http, port);
  try {
    await new Promise<void>((resolve, reject) => {
      smtp.once('error', reject);
      smtp.listen(smtpPort, '127.0.0.1', resolve);
    });
  } catch (error) {
    http.close();
    throw error;
  }
  // A client that hangs up in the middle must not end the process.
  smtp.on('error', () => undefined);
  const endSmtpConnections = ownConnections(smtp.server);

  return {
    url: `http://localhost:${portOf(http)}`,
    smtpUrl: `smtp://127.0.0.1:${portOf(smtp.server)}`,
    close: async () => {
      for (const it of watchers) it.end();
      const closed = [once(http, 'close'), new Promise<void>((resolve) => smtp.close(() => resolve()))];
      http.close();
      endConnections();
      endSmtpConnections();
      await Promise.all(closed);
    },
  };
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
}

function portOf(server: { address(): AddressInfo | string | null }): number {
  return (server.address() as AddressInfo).port;
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'cache-control': 'no-store',
    'content-security-policy':
      "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
  response.end(body);
}
