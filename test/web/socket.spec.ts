import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Server } from 'socket.io';
import { type Ack, Op } from '../../src/realtime/live.types.js';
import type { SocketAck, SocketOp } from '../../web/shared/page/socket-ops.js';
import { LiveSocket, type WebSocketClass } from '../../web/shared/page/socket.js';

// Node 20 has no WebSocket of its own; engine.io brings the one that its server uses.
const require = createRequire(createRequire(import.meta.url).resolve('socket.io'));
const { WebSocket } = createRequire(require.resolve('engine.io'))('ws') as { WebSocket: WebSocketClass };

const received = <T>(socket: LiveSocket, event: string) => new Promise<T>((done) => socket.on<T>(event, done));

describe("the embed's socket client, against the real server", () => {
  let http: HttpServer;
  let server: Server;
  let socket: LiveSocket;
  let url: string;

  beforeEach(async () => {
    http = createServer();
    server = new Server(http, { path: '/live', transports: ['websocket'], pingInterval: 100, pingTimeout: 200 });
    server.on('connection', (it) => {
      it.on('op', (op: { op: string }, ack: (answer: unknown) => void) => {
        if (op.op !== 'never') ack({ ok: true, echo: op });
      });
      it.emit('frame', { article: 'ferries', text: 'smörgås 🍞 "quoted" \n newline' });
    });
    http.listen(0);
    await once(http, 'listening');
    url = `ws://localhost:${(http.address() as AddressInfo).port}/live/?EIO=4&transport=websocket`;
    socket = new LiveSocket(url, { WebSocket, minDelayMs: 10, maxDelayMs: 40, connectMs: 500, ackMs: 150 });
  });

  afterEach(async () => {
    socket.close();
    await server.close();
  });

  it('connects, receives events, and gets each acknowledgement for its own request', async () => {
    const frame = received<{ text: string }>(socket, 'frame');
    const connected = received(socket, 'connect');
    socket.connect();
    await connected;
    expect((await frame).text).toBe('smörgås 🍞 "quoted" \n newline');
    const answers = await Promise.all([1, 2, 3].map((n) => socket.emit('op', { op: 'join', n })));
    expect(answers).toEqual([1, 2, 3].map((n) => ({ ok: true, echo: { op: 'join', n } })));
  });

  it('has the requests and the acknowledgements that the server declares', () => {
    // The compiler compares the shapes, because the web imports nothing of the server.
    const opFits = (op: SocketOp): Op => op;
    const ackFits = (ack: Ack): SocketAck => ack;
    const ops: SocketOp[] = [
      { op: 'join', article: 'ferries', after: 3 },
      { op: 'leave', article: 'ferries' },
      { op: 'auth', ticket: 'x'.repeat(32) },
    ];
    for (const it of ops) expect(Op.parse(opFits(it))).toEqual(it);
    for (const it of [
      { ok: true, position: 3, article: 'ferries' } as const,
      { ok: false, code: 'op.invalid' } as const,
    ])
      expect(ackFits(it)).toEqual(it);
  });

  it('rejects when no acknowledgement comes, and when there is no connection', async () => {
    await expect(socket.emit('op', {})).rejects.toThrow('not connected');
    const connected = received(socket, 'connect');
    socket.connect();
    await connected;
    await expect(socket.emit('op', { op: 'never' })).rejects.toThrow('no acknowledgement');
  });

  it('stays connected by answering pings', async () => {
    const connected = received(socket, 'connect');
    socket.connect();
    await connected;
    const { engine } = server;
    let pongs = 0;
    const [client] = Object.values((engine as unknown as { clients: Record<string, NodeJS.EventEmitter> }).clients);
    await new Promise<void>((done) => {
      client!.on('packet', ({ type }: { type: string }) => {
        if (type === 'pong' && (pongs += 1) === 3) done();
      });
    });
    expect(socket.connected).toBe(true);
  });

  it('reconnects after the server closed the connection', async () => {
    let connections = 0;
    const twice = new Promise<void>((done) => {
      socket.on('connect', () => {
        connections += 1;
        if (connections === 1) server.disconnectSockets(true);
        else done();
      });
    });
    const dropped = received(socket, 'disconnect');
    socket.connect();
    await dropped;
    await twice;
    expect(socket.connected).toBe(true);
  });

  it('reports a refused connection, and keeps trying', async () => {
    await server.close();
    let refusals = 0;
    const thrice = new Promise<void>((done) => {
      socket.on('refused', () => {
        if ((refusals += 1) === 3) done();
      });
    });
    socket.connect();
    await thrice;
    expect(socket.connected).toBe(false);
  });

  it('closes a connection on which nothing arrives any more', async () => {
    const connected = received(socket, 'connect');
    const dropped = received(socket, 'disconnect');
    socket.connect();
    await connected;
    // The server stops sending without closing the connection.
    const [client] = Object.values((server.engine as unknown as { clients: Record<string, Engine> }).clients);
    clearTimeout(client!.pingIntervalTimer);
    await dropped;
    expect(socket.connected).toBe(false);
  });

  it('rejects when the browser has no WebSocket', async () => {
    class Forbidden {
      constructor() {
        throw new Error('blocked by policy');
      }
    }
    const blocked = new LiveSocket(url, { WebSocket: Forbidden as never as WebSocketClass, minDelayMs: 10 });
    const refused = received(blocked, 'refused');
    blocked.connect();
    await refused;
    blocked.close();
  });
});

interface Engine {
  pingIntervalTimer: NodeJS.Timeout;
}
