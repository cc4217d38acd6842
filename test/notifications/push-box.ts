import { createDecipheriv, createECDH, createHmac, type ECDH, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { PushKeys } from '../../src/notifications/push/push-keys.service.js';
import type { TestApp } from '../support/app.js';

export interface Delivery {
  /** Whose it is: the end of the endpoint. */
  token: string;
  ttl: number;
  urgency: string;
  topic: string;
  body: Buffer;
  socket: Socket;
  answered: boolean;
}

export interface Shown {
  title: string;
  body: string;
  navigate: string;
  tag: string;
  data: { id: string; kind: string };
}

export interface BoxAnswer {
  status: number;
  headers?: Record<string, string>;
}

/** A push service in the test's own hands: it keeps what comes, and answers when and what the test says. */
export class PushBox {
  readonly deliveries: Delivery[] = [];
  answer: (delivery: Delivery) => BoxAnswer = () => ({ status: 201 });
  /** Whom it leaves without an answer for now. */
  private held: ((delivery: Delivery) => boolean) | undefined;
  private readonly waiting: (() => void)[] = [];
  private readonly browsers = new Map<string, { curve: ECDH; auth: Buffer }>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<PushBox> {
    const server = createServer();
    const box = new PushBox(server);
    server.on('request', (request, response) => void box.take(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return box;
  }

  get url(): string {
    return `http://localhost:${(this.server.address() as AddressInfo).port}`;
  }

  /** A new browser's body for POST /push/subscriptions. */
  browser(topics: string[]): { token: string; subscription: Record<string, unknown> } {
    const token = randomBytes(30).toString('base64url');
    const curve = createECDH('prime256v1');
    const p256dh = curve.generateKeys('base64url');
    const auth = randomBytes(16);
    this.browsers.set(token, { curve, auth });
    const subscription = { endpoint: this.endpoint(token), keys: { p256dh, auth: auth.toString('base64url') } };
    return { token, subscription: { subscription, topics, timeZone: 'Europe/London' } };
  }

  /** Many browsers of nobody's, which subscribed an hour ago. @returns their tokens */
  async crowd(app: TestApp, size: number, topic = 'breaking'): Promise<string[]> {
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
       insert into push_subscription_topics (topic_key, subscription_id) select $7, id from made`,
      [tokens, this.endpoint(''), p256dh, auth.toString('base64url'), key, app.clock.now(), topic],
    );
    return tokens;
  }

  of(token: string): Delivery[] {
    return this.deliveries.filter((it) => it.token === token);
  }

  /** What that browser would show: decrypted as RFC 8291 says, by its own keys. */
  shown({ token, body }: Delivery): { notification: Shown; web_push: number; bytes: number } {
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
    const text = plain.subarray(0, plain.lastIndexOf(2)); // the delimiter of a last record
    return { ...(JSON.parse(text.toString()) as { notification: Shown; web_push: number }), bytes: text.length };
  }

  /** Keeps answers back until `release`. */
  hold(which: (delivery: Delivery) => boolean = () => true): void {
    this.held = which;
  }

  release(): void {
    this.held = undefined;
    for (const answer of this.waiting.splice(0)) answer();
  }

  /** Forgets what came, and answers as at first. */
  clear(): void {
    this.release();
    this.answer = () => ({ status: 201 });
    this.deliveries.length = 0;
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { headers, socket } = request;
    const delivery: Delivery = {
      token: request.url!.split('/').at(-1)!,
      ttl: Number(headers.ttl),
      urgency: String(headers.urgency),
      topic: String(headers.topic),
      body: await buffer(request),
      socket,
      answered: false,
    };
    this.deliveries.push(delivery);
    const answer = (): void => {
      const it = this.answer(delivery);
      delivery.answered = true;
      response.writeHead(it.status, it.headers).end();
    };
    if (this.held?.(delivery)) this.waiting.push(answer);
    else answer();
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private endpoint(token: string): string {
    return `${this.url}/wpush/v2/${token}`;
  }
}
