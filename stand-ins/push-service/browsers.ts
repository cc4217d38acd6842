import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import type { MessageStore, Push, BrowserSubscription } from './message-store.js';
import { publicKey } from './vapid.js';

interface Hooks {
  changed(): void;
  endpointOf(subscription: BrowserSubscription): string;
  /** Resolves when the change is on disk, which the browser's answer waits for. */
  saved(): Promise<void>;
}

type Message = Record<string, unknown> & { messageType?: unknown };

/**
 * The connected browsers. They speak the WebSocket protocol of Mozilla's autopush: hello, register, unregister, ack and
 * nack come from the browser, notification goes to it, `{}` is the ping of either. Broadcast subscriptions are accepted
 * and ignored, since there are no broadcasts.
 */
export class Browsers {
  private readonly server = new WebSocketServer({
    noServer: true,
    maxPayload: 64 * 1024,
    handleProtocols: (offered) => (offered.has('push-notification') ? 'push-notification' : false),
  });
  private readonly byUaid = new Map<string, WebSocket>();

  constructor(
    private readonly store: MessageStore,
    private readonly hooks: Hooks,
  ) {}

  has(uaid: string | null): boolean {
    return uaid !== null && this.byUaid.has(uaid);
  }

  get count(): number {
    return this.byUaid.size;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.server.handleUpgrade(request, socket, head, (it) => this.serve(it));
  }

  /** Sends a message to its browser, if that is connected. */
  deliver(push: Push): void {
    const { uaid, channelId } = this.store.find(push.token);
    const socket = uaid === null ? undefined : this.byUaid.get(uaid);
    if (socket) this.send(socket, channelId, push);
    else if (uaid !== null) this.store.keepOrDrop(push);
  }

  disconnect(): void {
    for (const it of this.server.clients) it.terminate();
  }

  close(): void {
    this.disconnect();
    this.server.close();
  }

  private serve(socket: WebSocket): void {
    let uaid: string | undefined;
    // Messages are handled one at a time, so that none overtakes an answer that waits for the disk.
    let turn = Promise.resolve();
    socket.on('message', (data) => {
      turn = turn
        .then(async () => {
          const message = parse((data as Buffer).toString());
          if (message.messageType === undefined) socket.send('{}');
          else if (message.messageType === 'hello' && !uaid) uaid = await this.hello(socket, message);
          else if (uaid) await this.answer(socket, uaid, message);
          else throw new Error('The first message must be hello');
        })
        .catch((error: Error) => socket.close(1002, error.message.slice(0, 100)));
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      if (!uaid || this.byUaid.get(uaid) !== socket) return;
      this.byUaid.delete(uaid);
      for (const it of this.store.subscriptionsOf(uaid))
        for (const push of this.store.undelivered(it.token)) this.store.keepOrDrop(push);
      this.hooks.changed();
    });
  }

  /** Answers hello. An id other than the browser's own tells it that its subscriptions have ended. */
  private async hello(socket: WebSocket, { uaid: claimed }: Message): Promise<string> {
    const uaid = this.store.registerBrowser(claimed);
    await this.hooks.saved();
    const previous = this.byUaid.get(uaid);
    this.byUaid.set(uaid, socket);
    previous?.close(1000, 'Connected again');
    reply(socket, { messageType: 'hello', uaid, status: 200, use_webpush: true, broadcasts: {} });
    for (const it of this.store.subscriptionsOf(uaid))
      for (const push of this.store.undelivered(it.token)) this.send(socket, it.channelId, push);
    return uaid;
  }

  private async answer(socket: WebSocket, uaid: string, message: Message): Promise<void> {
    const { messageType, channelID } = message;
    switch (messageType) {
      case 'register': {
        const { key } = message;
        const restricted = typeof key === 'string';
        if (typeof channelID !== 'string' || !isChannel(channelID) || (restricted && !isKey(key))) {
          reply(socket, { messageType, channelID, status: 400 });
          return;
        }
        const subscription = this.store.subscribe(uaid, channelID, restricted ? key : null);
        await this.hooks.saved();
        const pushEndpoint = this.hooks.endpointOf(subscription);
        reply(socket, { messageType, channelID, uaid, status: 200, pushEndpoint });
        return;
      }
      case 'unregister':
        for (const it of this.store.subscriptionsOf(uaid))
          if (it.channelId === channelID) this.store.endSubscription(it, 'unsubscribed');
        await this.hooks.saved();
        reply(socket, { messageType, channelID, status: 200 });
        return;
      case 'ack':
        for (const it of updates(message)) this.store.acknowledge(it.version, it.code ?? 100);
        await this.hooks.saved();
        return;
      case 'nack':
        if (typeof message.version === 'string') this.store.acknowledge(message.version, Number(message.code ?? 301));
        await this.hooks.saved();
        return;
      case 'broadcast_subscribe':
        return;
      default:
        throw new Error('Unknown messageType');
    }
  }

  private send(socket: WebSocket, channelID: string, push: Push): void {
    push.state = 'sent';
    const content = push.body.length
      ? { data: push.body.toString('base64url'), headers: { encoding: 'aes128gcm' } }
      : {};
    reply(socket, { messageType: 'notification', channelID, version: push.id, ttl: push.ttl, ...content });
  }
}

function parse(text: string): Message {
  const message: unknown = JSON.parse(text);
  if (message && typeof message === 'object' && !Array.isArray(message)) return message as Message;
  throw new Error('Not an object');
}

function updates(message: Message): { version: string; code?: number }[] {
  const list = Array.isArray(message.updates) ? (message.updates as Record<string, unknown>[]) : [];
  return list.flatMap(({ version, code }) =>
    typeof version === 'string' ? [{ version, ...(typeof code === 'number' ? { code } : {}) }] : [],
  );
}

function isKey(key: string): boolean {
  try {
    return Boolean(publicKey(key));
  } catch {
    return false;
  }
}

const isChannel = (id: string): boolean => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id);
const reply = (socket: WebSocket, message: unknown): void => socket.send(JSON.stringify(message));
