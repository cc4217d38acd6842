import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import webpush from 'web-push';
import { WebSocket } from 'ws';
import { type PushService, startPushService } from '../../stand-ins/push-service/push-service.js';
import { until } from '../support/until.js';
import { send, vapid } from './push-sending.js';

let service: PushService;
let now: Date;
beforeAll(async () => {
  service = await startPushService({ port: 0, now: () => now });
});
afterAll(() => service.close());
beforeEach(() => {
  now = new Date();
});

/** The browser's side of the protocol, as far as messages need it. */
class Browser {
  readonly received: Record<string, unknown>[] = [];
  closed = false;
  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data) =>
      this.received.push(JSON.parse((data as Buffer).toString()) as Record<string, unknown>),
    );
    socket.on('close', () => (this.closed = true));
  }

  static async connect(uaid?: string, at = service): Promise<Browser> {
    const socket = new WebSocket(at.wsUrl, 'push-notification');
    const browser = new Browser(socket);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    expect(socket.protocol).toBe('push-notification');
    browser.say({ messageType: 'hello', use_webpush: true, broadcasts: {}, ...(uaid ? { uaid } : {}) });
    await browser.waitFor('hello');
    return browser;
  }

  say(message: unknown): void {
    this.socket.send(JSON.stringify(message));
  }

  waitFor(type: string): Promise<Record<string, unknown>> {
    return until(`${type} from the service`, () => this.received.find((it) => it.messageType === type));
  }

  get uaid(): string {
    return this.received[0]!.uaid as string;
  }

  get notifications(): Record<string, unknown>[] {
    return this.received.filter((it) => it.messageType === 'notification');
  }

  /** Registers a channel. @returns its endpoint */
  async register(channelID = randomUUID(), key = vapid.publicKey): Promise<string> {
    this.received.length = 1;
    this.say({ messageType: 'register', channelID, key });
    const answer = await this.waitFor('register');
    expect(answer).toMatchObject({ channelID, status: 200 });
    return answer.pushEndpoint as string;
  }

  async leave(): Promise<void> {
    this.socket.close();
    await until('the socket to close', () => this.closed);
  }
}

describe('the push service towards browsers', () => {
  it('registers a channel, delivers a message, and accepts the acknowledgement', async () => {
    const browser = await Browser.connect();
    expect(browser.received[0]).toMatchObject({ status: 200, use_webpush: true, broadcasts: {} });
    expect(browser.uaid).toMatch(/^[0-9a-f]{32}$/);
    const endpoint = await browser.register();
    expect((await send(endpoint)).status).toBe(201);
    const { version, data, headers } = await browser.waitFor('notification');
    expect(headers).toEqual({ encoding: 'aes128gcm' });
    expect(Buffer.from(data as string, 'base64url')).toEqual(service.pushes(endpoint)[0]!.body);
    browser.say({ messageType: 'ack', updates: [{ channelID: randomUUID(), version, code: 100 }] });
    await until('the acknowledgement', () => service.acks().some((it) => it.endpoint === endpoint && it.code === 100));
    expect(service.pushes(endpoint)[0]!.state).toBe('acknowledged');
    browser.say({});
    await until('the ping to be answered', () => browser.received.some((it) => Object.keys(it).length === 0));
    await browser.leave();
  });

  it('keeps messages for an absent browser, but only the last of a topic and none whose TTL is over', async () => {
    const before = await Browser.connect();
    const endpoint = await before.register();
    await before.leave();
    await until(
      'the service to notice',
      () => !service.subscriptions().find((it) => it.endpoint === endpoint)!.connected,
    );
    await send(endpoint, { topic: 'story' });
    await send(endpoint, { topic: 'story' });
    await send(endpoint, { TTL: 0 });
    await send(endpoint, { TTL: 30 });
    await send(endpoint, { TTL: 3600 });
    now = new Date(now.getTime() + 31_000);
    const after = await Browser.connect(before.uaid);
    expect(after.uaid).toBe(before.uaid);
    await until('two messages', () => after.notifications.length === 2);
    const states = () => service.pushes(endpoint).map((it) => it.state);
    expect(states()).toEqual(['replaced', 'sent', 'expired', 'expired', 'sent']);
    // Messages that it did not acknowledge come again.
    await after.leave();
    const again = await Browser.connect(before.uaid);
    await until('both again', () => again.notifications.length === 2);
    expect(again.notifications.map((it) => it.version)).toEqual(after.notifications.map((it) => it.version));
    await again.leave();
  });

  it('keeps a channel that is registered again for the same sender, and ends one that is unregistered', async () => {
    const browser = await Browser.connect();
    const channelID = randomUUID();
    const first = await browser.register(channelID);
    expect(await browser.register(channelID)).toBe(first);
    const another = await browser.register(channelID, webpush.generateVAPIDKeys().publicKey);
    expect((await send(first)).status).toBe(410);
    expect((await send(another)).status).toBe(401);
    const second = await browser.register(channelID);
    expect((await send(second)).status).toBe(201);
    browser.say({ messageType: 'unregister', channelID, code: 200 });
    expect(await browser.waitFor('unregister')).toMatchObject({ channelID, status: 200 });
    expect((await send(second)).problem).toMatchObject({ code: 410, errno: 106 });
    await browser.leave();
  });

  it('closes the connections and gives new ids when it is made to forget its browsers', async () => {
    const browser = await Browser.connect();
    const endpoint = await browser.register();
    service.newUaid();
    await until('to be cut off', () => browser.closed);
    expect((await send(endpoint)).status).toBe(410);
    const again = await Browser.connect(browser.uaid);
    expect(again.uaid).not.toBe(browser.uaid);
    await again.leave();
  });

  it('refuses browsers while it is set to be unreachable', async () => {
    const browser = await Browser.connect();
    service.setReachable(false);
    await until('to be cut off', () => browser.closed);
    await expect(Browser.connect(browser.uaid)).rejects.toThrow(/503/);
    service.setReachable(true);
    const again = await Browser.connect(browser.uaid);
    expect(again.uaid).toBe(browser.uaid);
    await again.leave();
  });

  it.each([
    ['not JSON', 'hello?'],
    ['anything before hello', JSON.stringify({ messageType: 'register', channelID: randomUUID() })],
  ])('closes a connection that sends %s', async (_what, said) => {
    const socket = new WebSocket(service.wsUrl, 'push-notification');
    await new Promise((resolve) => socket.once('open', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.send(said);
    expect(await closed).toBe(1002);
  });

  it('keeps subscriptions and waiting messages over a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rostra-push-'));
    const statePath = join(folder, 'kept/push-service.json');
    try {
      const first = await startPushService({ port: 0, statePath });
      const browser = await Browser.connect(undefined, first);
      const endpoint = await browser.register();
      await browser.leave();
      expect((await send(endpoint)).status).toBe(201);
      const { id, body } = first.pushes()[0]!;
      // The message was on disk before the answer, so a process that is killed now loses nothing.
      expect(await readFile(statePath, 'utf8')).toContain(id);
      await first.close();

      const { port } = new URL(first.url);
      const second = await startPushService({ port: Number(port), statePath });
      expect(second.pushes(endpoint)).toEqual([expect.objectContaining({ id, body, state: 'waiting' })]);
      const back = await Browser.connect(browser.uaid, second);
      expect((await back.waitFor('notification')).version).toBe(id);
      await second.close();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
