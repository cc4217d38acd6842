import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SITE, TestApp } from '../support/app.js';
import { until } from '../support/until.js';

const HOST = 'Host: localhost\r\n';
const H2C = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n';
const WEBSOCKET =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
const LIVE = `GET /health/live HTTP/1.1\r\n${HOST}`;

/** A connection whose bytes the test writes and reads. */
class RawConnection {
  text = '';
  ended = false;

  private constructor(readonly socket: Socket) {
    socket.on('data', (it: Buffer) => (this.text += it.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => (this.ended = true));
  }

  static async to(url: string): Promise<RawConnection> {
    const { hostname, port } = new URL(url);
    const connection = new RawConnection(connect({ port: Number(port), host: hostname, allowHalfOpen: true }));
    await once(connection.socket, 'connect');
    return connection;
  }

  /** Sends bytes and waits for as many answers in all. @returns the status of each */
  async ask(bytes: string, answers: number): Promise<number[]> {
    this.socket.write(bytes, 'latin1');
    await until(`${answers} answers`, () => Promise.resolve(this.statuses.length >= answers));
    return this.statuses;
  }

  get statuses(): number[] {
    return [...this.text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((it) => Number(it[1]));
  }
}

describe('upgrade', () => {
  let app: TestApp;
  const open: RawConnection[] = [];

  beforeAll(async () => {
    app = await TestApp.start({ env: { ROLE: 'web' } });
  });
  afterAll(async () => {
    for (const { socket } of open) socket.destroy();
    await app.stop();
  });

  const raw = async (): Promise<RawConnection> => {
    const connection = await RawConnection.to(app.url);
    open.push(connection);
    return connection;
  };

  it.each([
    ['HTTP/2', H2C],
    ['an unknown protocol', 'Connection: Upgrade\r\nUpgrade: chat/1.0, h2c\r\n'],
    ['TLS', 'Connection: upgrade\r\nUpgrade: TLS/1.2\r\n'],
    ['a WebSocket at an address without one', WEBSOCKET],
  ])('answers a request that offers %s as if it did not', async (_name, headers) => {
    const connection = await raw();
    expect(await connection.ask(`${LIVE}${headers}\r\n`, 1)).toEqual([200]);
    expect(connection.text).toContain('{"status":"ok"}');
    // The connection stays usable, with and without the offer.
    expect(await connection.ask(`${LIVE}\r\n`, 2)).toEqual([200, 200]);
    expect(await connection.ask(`${LIVE}${headers}\r\n`, 3)).toEqual([200, 200, 200]);
  });

  it('reads the body of a request that offers an upgrade', async () => {
    const connection = await raw();
    const body = JSON.stringify({ keys: ['nothing'] });
    const head = `POST /api/v1/comment-counts HTTP/1.1\r\n${HOST}Origin: ${SITE}\r\nContent-Type: application/json\r\n`;
    const whole = `${head}${H2C}Content-Length: ${body.length}\r\n\r\n${body}`;
    expect(await connection.ask(whole, 1)).toEqual([200]);
    expect(connection.text).toMatch(/"nothing" ?: ?0/);
    const chunked = `${head}${H2C}Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    expect(await connection.ask(chunked, 2)).toEqual([200, 200]);
  });

  it('answers pipelined requests in order when some offer an upgrade', async () => {
    const connection = await raw();
    const missing = `GET /api/v1/nothing HTTP/1.1\r\n${HOST}`;
    const asked = `${LIVE}\r\n${missing}${H2C}\r\n${LIVE}${H2C}\r\n${missing}\r\n${LIVE}\r\n`;
    expect(await connection.ask(asked, 5)).toEqual([200, 404, 200, 404, 200]);
  });

  it('answers a WebSocket at the live address without its slash, and opens one with it', async () => {
    const connection = await raw();
    const live = (path: string) =>
      `GET ${path}?EIO=4&transport=websocket HTTP/1.1\r\n${HOST}Origin: ${SITE}\r\n${WEBSOCKET}\r\n`;
    expect(await connection.ask(live('/live'), 1)).toEqual([404]);
    expect(await connection.ask(live('/live/'), 2)).toEqual([404, 101]);
  });

  it('refuses CONNECT with the methods that it answers', async () => {
    const connection = await raw();
    expect(await connection.ask(`CONNECT example.org:443 HTTP/1.1\r\n${HOST}\r\n`, 1)).toEqual([405]);
    expect(connection.text).toMatch(/\r\nAllow: GET, /);
    await until('the end', () => Promise.resolve(connection.socket.readableEnded));
  });

  it('refuses the bytes of TLS on its plain port', async () => {
    const connection = await raw();
    expect(await connection.ask('\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 1)).toEqual([400]);
    await until('the end', () => Promise.resolve(connection.socket.readableEnded));
  });

  it('stops while connections of every kind are open', async () => {
    const own = await TestApp.start({ env: { ROLE: 'web' } });
    const kinds: Record<string, string> = {
      'idle before the first byte': '',
      'half a head': 'GET /health/live HTTP/1.1\r\nHo',
      'half a body': `POST /api/v1/comment-counts HTTP/1.1\r\n${HOST}Origin: ${SITE}\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{`,
      'idle after an answer': `${LIVE}\r\n`,
      'after an ignored upgrade': `${LIVE}\r\n${LIVE}${H2C}\r\n`,
      'an ignored WebSocket': `${LIVE}${WEBSOCKET}\r\n`,
      'a WebSocket that says nothing': `GET /live/?EIO=4&transport=websocket HTTP/1.1\r\n${HOST}Origin: ${SITE}\r\n${WEBSOCKET}\r\n`,
      'a refused WebSocket': `GET /live/?EIO=4&transport=websocket HTTP/1.1\r\n${HOST}Origin: https://evil.example\r\n${WEBSOCKET}\r\n`,
      'a refused CONNECT': `CONNECT example.org:443 HTTP/1.1\r\n${HOST}\r\n`,
    };
    const connections = await Promise.all(
      Object.values(kinds).map(async (bytes) => {
        const connection = await RawConnection.to(own.url);
        connection.socket.write(bytes, 'latin1');
        return connection;
      }),
    );
    await until('the answers', () => Promise.resolve(connections.slice(3).every((it) => it.statuses.length > 0)));
    // No client closes its side by itself.
    await own.stop();
    const left = () =>
      Object.keys(kinds).filter((_, at) => !connections[at]!.socket.readableEnded && !connections[at]!.ended);
    await until('every end', () => Promise.resolve(left().length === 0));
    for (const { socket } of connections) socket.destroy();
  });
});

describe('faults: a rolling restart', () => {
  it('is not ready first, then still answers for the drain, and closes its port only after that', async () => {
    const app = await TestApp.start({ env: { ROLE: 'web' } });
    const ask = (path: string) => fetch(`${app.url}${path}`);
    const kept = await RawConnection.to(app.url);
    await kept.ask(`${LIVE}\r\n`, 1);
    let ended = false;
    const stopped = app.stop(1).finally(() => (ended = true));
    const ready = await until('the drain', async () => {
      const answer = await ask('/health/ready');
      return answer.status === 503 ? answer : undefined;
    });
    expect([await ready.json(), ready.headers.get('retry-after')]).toEqual([
      expect.objectContaining({ code: 'service.stopping' }),
      '5',
    ]);
    const answer = await ask('/api/v1/session');
    expect([answer.status, answer.headers.get('connection'), ended]).toEqual([200, 'close', false]);
    // A kept connection gets its answer and is told to end.
    expect(await kept.ask(`${LIVE}\r\n`, 2)).toEqual([200, 200]);
    await until('the end of the kept connection', () => Promise.resolve(kept.socket.readableEnded));
    await stopped;
    await expect(ask('/health/live')).rejects.toThrow('fetch failed');
    kept.socket.destroy();
  });
});
