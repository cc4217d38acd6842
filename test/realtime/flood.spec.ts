import { once } from 'node:events';
import type { Socket as NetSocket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import WebSocket from 'ws';
import { LiveGateway } from '../../src/realtime/live.gateway.js';
import type { LiveServer } from '../../src/realtime/live.types.js';
import type { Actor, LiveClient } from '../support/actor.js';
import { SITE, TestApp } from '../support/app.js';
import { until } from '../support/until.js';

/** Speaks the bytes of engine.io and socket.io itself. */
async function connectRaw(
  url: string,
): Promise<{ ws: WebSocket; received: string[]; closed: () => number | undefined }> {
  const ws = new WebSocket(`${url.replace('http', 'ws')}/live/?EIO=4&transport=websocket`, { origin: SITE });
  const received: string[] = [];
  let code: number | undefined;
  ws.on('message', (it: Buffer) => received.push(it.toString()));
  ws.on('close', (it: number) => (code = it));
  ws.on('error', () => undefined);
  await once(ws, 'open');
  ws.send('40');
  await until('the namespace', async () => received.some((it) => it.startsWith('40')));
  return { ws, received, closed: () => code };
}

describe('flood', () => {
  let app: TestApp;
  let ann: Actor;
  let calm: LiveClient;
  let key: string;
  const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);

  beforeAll(async () => {
    app = await TestApp.start({ env: { ROLE: 'web' } });
    ann = await app.reader('Ann Reader');
    key = await app.article();
    calm = await app.anonymous().connect();
    await calm.join(key, 0);
  });
  afterAll(async () => {
    warn.mockRestore();
    await app.stop();
  });

  const server = (): LiveServer => (app.get(LiveGateway) as unknown as { server: LiveServer }).server;
  const many = (packet: string | Buffer) => (ws: WebSocket) => {
    for (let n = 0; n < 2_000; n += 1) ws.send(packet);
  };
  const kinds: [string, (ws: WebSocket) => void][] = [
    ['operations', many(`42["op",{"op":"leave","article":"x"}]`)],
    ['events that nobody knows', many('42["typing",{"article":"x"}]')],
    ['events that ask for an answer', many('427["typing"]')],
    ['other namespaces', many('40/admin,')],
    ['packets of a namespace that it never joined', many('42/admin,["op"]')],
    ['the default namespace again and again', many('40')],
    ['acknowledgements that nobody waits for', many('431[]')],
    ['pings of engine.io', many('2')],
    ['pongs of engine.io', many('3')],
    ['binary events', many('451-["op",{"_placeholder":true,"num":0}]')],
    ['noops', many('6')],
    ['large packets', many(`42["op","${'x'.repeat(16_000)}"]`)],
    [
      'pings of WebSocket',
      (ws) => {
        for (let n = 0; n < 2_000; n += 1) ws.ping();
      },
    ],
    [
      'pongs of WebSocket',
      (ws) => {
        for (let n = 0; n < 2_000; n += 1) ws.pong();
      },
    ],
  ];

  it.each(kinds)('closes a socket that sends many %s', async (_name, flood) => {
    const { ws, received, closed } = await connectRaw(app.url);
    flood(ws);
    await until('the end', async () => closed() !== undefined);
    expect(received.filter((it) => it.startsWith('42["limited"')).length).toBeLessThanOrEqual(1);
    expect(received.length).toBeLessThan(700);
    expect(calm.disconnects).toBe(0);
  });

  it('answers once why it closes, and does not wait for a client that reads nothing', async () => {
    const reading = await connectRaw(app.url);
    many('42["typing"]')(reading.ws);
    await until('the end', async () => reading.closed() !== undefined);
    expect([reading.closed(), ...reading.received.slice(2)]).toEqual([1_008, '42["limited",{"code":"rate.limited"}]']);
    const deaf = await connectRaw(app.url);
    const { _socket: connection } = deaf.ws as unknown as { _socket: NetSocket };
    connection.pause();
    many('42["typing"]')(deaf.ws);
    await until('the server to forget it', async () => server().engine.clientsCount === 1);
    connection.resume();
    await until('the end of the deaf one', async () => deaf.closed() !== undefined);
  });

  it('closes a socket at a packet that is too large or malformed, and serves the others', async () => {
    for (const packet of [`42["op","${'x'.repeat(17_000)}"]`, '', 'x', '4', '49', '42{', '42[', Buffer.alloc(10)]) {
      const { ws, closed } = await connectRaw(app.url);
      ws.send(packet);
      // A harmless one leaves the socket open.
      await until('an end or an answer', async () => {
        ws.send('421["op",{"op":"leave","article":"x"}]');
        return closed() !== undefined || ws.readyState !== WebSocket.OPEN || ws.bufferedAmount === 0;
      });
      ws.terminate();
    }
    await ann.comment(key, 'Still here.');
    await until('the frame', async () => calm.frames.length > 0);
    expect(calm.disconnects).toBe(0);
  });

  it('logs the floods in one line', () => {
    const lines = warn.mock.calls.map(([line]) => String(line)).filter((it) => it.includes('Sockets closed'));
    expect(lines).toEqual([expect.stringMatching(/more than 300 packets at once/)]);
  });

  it('lets a page of fifty conversations join them all again at once', async () => {
    const page = await app.anonymous().connect();
    const acks = await Promise.all(Array.from({ length: 60 }, () => page.join(key)));
    expect(acks.filter((it) => it.ok).length).toBeGreaterThanOrEqual(40);
    expect(page.socket.connected).toBe(true);
  });

  it('refuses a network that opens and closes connections without end', async () => {
    const small = await TestApp.start({ env: { ROLE: 'web', LIMIT_SOCKETS_PER_IP: '5' }, database: app.database });
    try {
      const statuses: (number | undefined)[] = [];
      for (let n = 0; n < 14; n += 1) {
        const ws = new WebSocket(`${small.url.replace('http', 'ws')}/live/?EIO=4&transport=websocket`, {
          origin: SITE,
        });
        ws.on('error', () => undefined);
        const status = await new Promise<number | undefined>((resolve) => {
          ws.once('open', () => resolve(101));
          ws.once('unexpected-response', (_request, response) => resolve(response.statusCode));
        });
        statuses.push(status);
        const gone = new Promise((resolve) => ws.once('close', resolve));
        ws.terminate();
        await gone;
      }
      expect(statuses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 101));
      expect(statuses.slice(-3)).toContain(429);
    } finally {
      await small.stop();
    }
  });
});
