import { createDecipheriv, createECDH, createHmac, type ECDH, randomBytes } from 'node:crypto';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { buildConnector } from 'undici';
import { PushKeys } from '../../src/notifications/push/push-keys.service.js';
import { PushNetwork } from '../../src/notifications/push/push-network.js';
import type { TestApp } from './app.js';

/** A POST of a message as it arrived. */
export interface Delivery {
  host: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** The last part of the path, which names the subscription. */
  token: string;
  ttl: number;
  urgency: string;
  topic: string;
  socket: Socket;
  answered: boolean;
}

export interface FakeAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

/** The notification that a browser reads from a decrypted body. */
export interface ShownNotification {
  title: string;
  body: string;
  navigate: string;
  tag: string;
  data: { id: string; kind: string };
}

const created = (): FakeAnswer => ({ status: 201 });

/**
 * A push service on a real HTTP server. It keeps every delivery, and the test sets what it answers and when. An app
 * reaches it by `PUSH_STAND_IN_URL`; a sender that `network()` connects reaches it under the name of any push service.
 */
export class FakePushService {
  readonly deliveries: Delivery[] = [];
  answer: (delivery: Delivery) => FakeAnswer | 'hang up' = created;
  private isHeld: ((delivery: Delivery) => boolean) | undefined;
  private readonly heldAnswers: (() => void)[] = [];
  private readonly browsers = new Map<string, { curve: ECDH; auth: Buffer }>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<FakePushService> {
    const server = createServer();
    const service = new FakePushService(server);
    server.on('request', (request, response) => void service.receive(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return service;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://localhost:${this.port}`;
  }

  /** Returns a network on which every host leads to this server, without TLS. */
  network(): PushNetwork {
    const { port } = this;
    return new (class extends PushNetwork {
      override connector(): buildConnector.connector {
        return (_options, callback) => {
          const socket = connect(port, '127.0.0.1');
          socket.once('connect', () => callback(null, socket)).once('error', (error) => callback(error, null));
        };
      }
    })();
  }

  /** Makes a browser's keys. @returns its token and its body for POST /push/subscriptions */
  newBrowser(topics: string[]): { token: string; subscription: Record<string, unknown> } {
    const token = randomBytes(30).toString('base64url');
    const curve = createECDH('prime256v1');
    const p256dh = curve.generateKeys('base64url');
    const auth = randomBytes(16);
    this.browsers.set(token, { curve, auth });
    const subscription = { endpoint: this.endpoint(token), keys: { p256dh, auth: auth.toString('base64url') } };
    return { token, subscription: { subscription, topics, timeZone: 'Europe/London' } };
  }

  /** Stores many anonymous subscriptions of breaking news, made an hour ago, which share one key pair. @returns their tokens */
  async subscribeMany(app: TestApp, size: number): Promise<string[]> {
    const { curve, auth } = { curve: createECDH('prime256v1'), auth: randomBytes(16) };
    const p256dh = curve.generateKeys('base64url');
    const tokens = Array.from({ length: size }, () => randomBytes(30).toString('base64url'));
    for (const token of tokens) this.browsers.set(token, { curve, auth });
    const { id: key } = await app.get(PushKeys).current();
    await app.sql(
      `with made as (
         insert into push_subscriptions (public_id, endpoint, endpoint_hash, p256dh, auth, key_id, time_zone, created_at,
           seen_at, changed_at)
         select token, $2 || token, sha256(convert_to($2 || token, 'utf8')), $3, $4, $5, 'Europe/London',
           it.at, it.at, it.at
         from unnest($1::text[]) token, (select $6::timestamptz - interval '1 hour' as at) it returning id)
       insert into push_subscription_topics (topic_key, subscription_id) select 'breaking', id from made`,
      [tokens, this.endpoint(''), p256dh, auth.toString('base64url'), key, app.clock.now()],
    );
    return tokens;
  }

  deliveriesTo(token: string): Delivery[] {
    return this.deliveries.filter((it) => it.token === token);
  }

  /** Decrypts a delivery with its browser's keys, as RFC 8291 says. `bytes` counts the padded JSON. */
  decrypt({ token, body }: Delivery): { notification: ShownNotification; web_push: number; bytes: number } {
    const { curve, auth } = this.browsers.get(token)!;
    const salt = body.subarray(0, 16);
    const sender = body.subarray(21, 21 + body[20]!);
    const hmac = (key: Buffer, ...parts: (Buffer | string)[]): Buffer =>
      createHmac('sha256', key)
        .update(Buffer.concat(parts.map((it) => Buffer.from(it as string))))
        .digest();
    const key = hmac(
      hmac(auth, curve.computeSecret(sender)),
      'WebPush: info\0',
      curve.getPublicKey(),
      sender,
      Buffer.of(1),
    );
    const secret = hmac(salt, key);
    const cek = hmac(secret, 'Content-Encoding: aes128gcm\0\x01').subarray(0, 16);
    const nonce = hmac(secret, 'Content-Encoding: nonce\0\x01').subarray(0, 12);
    const record = body.subarray(21 + sender.length);
    const decipher = createDecipheriv('aes-128-gcm', cek, nonce).setAuthTag(record.subarray(-16));
    const plain = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
    const text = plain.subarray(0, plain.lastIndexOf(2)); // 2 is the delimiter of a last record
    return {
      ...(JSON.parse(text.toString()) as { notification: ShownNotification; web_push: number }),
      bytes: text.length,
    };
  }

  /** Holds answers back until `release`. @param which the deliveries that get no answer; all of them by default */
  hold(which: (delivery: Delivery) => boolean = () => true): void {
    this.isHeld = which;
  }

  release(): void {
    this.isHeld = undefined;
    for (const answer of this.heldAnswers.splice(0)) answer();
  }

  /** Forgets all deliveries and answers 201 again. */
  clear(): void {
    this.release();
    this.answer = created;
    this.deliveries.length = 0;
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { headers, socket } = request;
    const delivery: Delivery = {
      host: headers.host!,
      path: request.url!,
      headers,
      body: await buffer(request),
      token: request.url!.split('/').at(-1)!,
      ttl: Number(headers.ttl),
      urgency: String(headers.urgency),
      topic: String(headers.topic),
      socket,
      answered: false,
    };
    this.deliveries.push(delivery);
    const answer = (): void => {
      const it = this.answer(delivery);
      delivery.answered = true;
      if (it === 'hang up') socket.destroy();
      else response.writeHead(it.status, it.headers).end(it.body);
    };
    if (this.isHeld?.(delivery)) this.heldAnswers.push(answer);
    else answer();
  }

  private endpoint(token: string): string {
    return `${this.url}/wpush/v2/${token}`;
  }
}
