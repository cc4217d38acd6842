import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { PROBLEM_TYPE, problem } from './problem.js';

/**
 * Whether an upgrade is a socket of ours; engine.io takes the same path. Any other `Upgrade` is ignored, and the
 * request is answered as if it had none (RFC 9110 7.8).
 */
export const isLiveUpgrade = ({ url = '', headers }: IncomingMessage): boolean =>
  url.startsWith('/live/') && headers.upgrade?.toLowerCase() === 'websocket';

/**
 * Says which upgrades Node from 24.9 on hands over: ours, and those that `ignoreUpgrade` gives back. Node ignores the others
 * itself, but then drops what was pipelined behind them; a handed-over body would not be among the bytes that it gives us.
 */
export const isHandedOver = (request: IncomingMessage): boolean =>
  isLiveUpgrade(request) ||
  (request.headers['transfer-encoding'] === undefined && !Number(request.headers['content-length'] ?? 0));

const servers = new WeakMap<Server, Set<Socket>>();

/**
 * Owns every connection of the HTTP server from its first byte to its last, also those that Node hands over and forgets:
 * upgrades and CONNECT. Call it before the server listens.
 */
export function ownConnections(server: Server): void {
  const open = new Set<Socket>();
  servers.set(server, open);
  server.on('connection', (socket: Socket) => {
    if (open.has(socket)) return; // an ignored upgrade comes in once more
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  server.on('upgrade', (request, socket: Socket, head) => {
    if (!isLiveUpgrade(request)) ignoreUpgrade(server, request, socket, head);
  });
  server.on('connect', (_request, socket: Socket) => {
    refuseConnection(socket, 405, 'This server is no proxy. Call its own addresses.', ['Allow: GET, HEAD, POST']);
  });
  // Node would answer these two itself, without a body.
  server.on('checkExpectation', (_request, response: ServerResponse) => {
    const body = refusal(417, 'The server meets no expectation but "100-continue". Send the request without "Expect".');
    response.writeHead(417, {
      'content-type': PROBLEM_TYPE,
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
      connection: 'close',
    });
    response.end(body);
  });
}

/** Ends every connection at once. */
export function endConnections(server: Server): void {
  for (const socket of servers.get(server) ?? []) socket.destroy();
}

/** Answers on the socket itself, because there is no response object, and ends it. */
export function refuseConnection(socket: Socket, status: number, detail: string, headers: string[] = []): void {
  const body = refusal(status, detail);
  // Node removed its own listener, so a client that resets the connection would end the process.
  if (!socket.listenerCount('error')) socket.on('error', () => undefined);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'Connection: close',
    ...headers,
  ];
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
}

const refusal = (status: number, detail: string): string =>
  JSON.stringify(problem(status, 'request.refused', randomUUID(), { detail }));

const HOP_BY_HOP = new Set(['upgrade', 'http2-settings']);

/**
 * Gives the request to the server once more, without its upgrade: with a listener for upgrades, Node takes its parser off
 * the connection that asks for one.
 */
function ignoreUpgrade(server: Server, request: IncomingMessage, socket: Socket, head: Buffer): void {
  const { method, url, httpVersion, rawHeaders } = request;
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name, value] = [rawHeaders[at]!, rawHeaders[at + 1]!];
    if (HOP_BY_HOP.has(name.toLowerCase())) continue;
    lines.push(`${name}: ${name.toLowerCase() === 'connection' ? withoutUpgrade(value) : value}`);
  }
  const bytes = Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]);
  const ignore = (): void => undefined;
  socket.on('error', ignore);
  whenAnswered(socket, () => {
    socket.off('error', ignore);
    if (socket.destroyed) return;
    socket.setTimeout(0); // the wait for the next request is over
    socket.unshift(bytes);
    server.emit('connection', socket);
  });
}

const withoutUpgrade = (value: string): string => {
  const rest = value.split(',').filter((it) => !HOP_BY_HOP.has(it.trim().toLowerCase()));
  return rest.join(',').trim() || 'keep-alive';
};

/** Calls back when the answers to earlier requests on this connection are sent, because they come first. */
function whenAnswered(socket: Socket, then: () => void): void {
  const { _httpMessage: answer } = socket as Socket & { _httpMessage?: ServerResponse | null };
  if (answer) answer.once('close', () => setImmediate(() => whenAnswered(socket, then)));
  else then();
}
