import { randomBytes, randomUUID } from 'node:crypto';
import { Refusal } from './answers.js';
import type { MessageOptions } from './message.js';

/** A subscription of one browser, or one that a test has made without a browser. */
export interface BrowserSubscription {
  readonly token: string;
  /** The browser; null for one with no browser behind it. */
  readonly uaid: string | null;
  readonly channelId: string;
  /** The application server key it was made with, base64url. */
  readonly key: string | null;
  readonly createdAt: string;
  /** Set when the subscription has ended. */
  gone?: 'unsubscribed' | 'expired';
}

/** An accepted message and its state. */
export interface Push extends MessageOptions {
  /** Also the `version` that the browser acknowledges; Firefox drops a second message with the same one. */
  readonly id: string;
  readonly token: string;
  readonly body: Buffer;
  readonly receivedAt: Date;
  state: 'waiting' | 'sent' | 'acknowledged' | 'replaced' | 'expired' | 'deleted' | 'undeliverable';
  /** The browser's answer: 100 decrypted and given to the page's worker, 101 not decrypted, 102 not delivered. */
  ackCode?: number;
}

export interface StoredMessages {
  browsers: string[];
  subscriptions: BrowserSubscription[];
  waiting: (Omit<Push, 'body' | 'receivedAt'> & { body: string; receivedAt: string })[];
}

/** Messages that are remembered. */
const KEPT = 10_000;
const UNDELIVERED: Push['state'][] = ['waiting', 'sent'];

/** Keeps subscriptions and the messages that wait for them. It knows neither HTTP nor sockets. */
export class MessageStore {
  private readonly browsers: Set<string>;
  private readonly byToken = new Map<string, BrowserSubscription>();
  private readonly byId = new Map<string, Push>();
  private readonly waiting = new Map<string, Set<Push>>();

  constructor(
    private readonly now: () => Date,
    saved?: StoredMessages,
  ) {
    this.browsers = new Set(saved?.browsers);
    for (const it of saved?.subscriptions ?? []) this.byToken.set(it.token, it);
    for (const it of saved?.waiting ?? [])
      this.keep({ ...it, body: Buffer.from(it.body, 'base64'), receivedAt: new Date(it.receivedAt) });
  }

  /** Subscribes a channel. The same browser, channel and key give the same subscription: Firefox may register twice. */
  subscribe(uaid: string | null, channelId: string = randomUUID(), key: string | null = null): BrowserSubscription {
    const before = uaid === null ? undefined : this.subscriptionsOf(uaid).find((it) => it.channelId === channelId);
    if (before?.key === key) return before;
    if (before) this.endSubscription(before, 'unsubscribed');
    const token = randomBytes(48).toString('base64url');
    const subscription = { token, uaid, channelId, key, createdAt: this.now().toISOString() };
    this.byToken.set(token, subscription);
    return subscription;
  }

  /** Returns a live subscription. @throws Refusal 404 for an unknown one, 410 for one that has ended */
  find(token: string): BrowserSubscription {
    const subscription = this.byToken.get(token);
    if (!subscription) throw new Refusal(404, 102, 'Invalid token');
    if (subscription.gone === 'expired') throw new Refusal(410, 103, 'UAID not found');
    if (subscription.gone) throw new Refusal(410, 106, 'No such subscription');
    return subscription;
  }

  /** Returns the live subscriptions of a browser. */
  subscriptionsOf(uaid: string): BrowserSubscription[] {
    return this.subscriptions().filter((it) => it.uaid === uaid && !it.gone);
  }

  /** Returns all subscriptions, oldest first, with those that have ended. */
  subscriptions(): BrowserSubscription[] {
    return [...this.byToken.values()];
  }

  /** Registers a browser that connects. @returns its id, which is a new one for an unknown browser */
  registerBrowser(claimed: unknown): string {
    const uaid = typeof claimed === 'string' && this.browsers.has(claimed) ? claimed : randomUUID().replaceAll('-', '');
    this.browsers.add(uaid);
    return uaid;
  }

  /** Forgets every browser and ends the subscriptions of all. */
  forgetBrowsers(): void {
    this.browsers.clear();
    for (const it of this.byToken.values()) if (it.uaid && !it.gone) this.endSubscription(it, 'expired');
  }

  endSubscription(subscription: BrowserSubscription, why: NonNullable<BrowserSubscription['gone']>): void {
    subscription.gone = why;
    for (const it of this.waiting.get(subscription.token) ?? []) it.state = 'undeliverable';
    this.waiting.delete(subscription.token);
  }

  /** Accepts a message. It replaces an undelivered one of the same topic (RFC 8030, section 5.4). */
  accept(subscription: BrowserSubscription, body: Buffer, options: MessageOptions): Push {
    const { topic } = options;
    for (const it of this.undelivered(subscription.token))
      if (topic !== undefined && it.topic === topic) this.finish(it, 'replaced');
    const push: Push = {
      ...options,
      id: randomUUID(),
      token: subscription.token,
      body,
      receivedAt: this.now(),
      state: 'waiting',
    };
    this.keep(push);
    return push;
  }

  /** Returns the messages that the browser may still get and has not acknowledged, oldest first. */
  undelivered(token: string): Push[] {
    const now = this.now().getTime();
    const found = [...(this.waiting.get(token) ?? [])];
    for (const it of found)
      if (it.state === 'waiting' && it.ttl > 0 && it.receivedAt.getTime() + it.ttl * 1000 <= now)
        this.finish(it, 'expired');
    return found.filter((it) => UNDELIVERED.includes(it.state));
  }

  acknowledge(id: string, code: number): Push | undefined {
    const push = this.byId.get(id);
    if (!push || !UNDELIVERED.includes(push.state)) return undefined;
    push.ackCode = code;
    this.finish(push, 'acknowledged');
    return push;
  }

  /** Lets a message wait for its browser; with TTL 0 it expires instead. */
  keepOrDrop(push: Push): void {
    if (push.ttl === 0) this.finish(push, 'expired');
    else push.state = 'waiting';
  }

  /** Deletes a message for its sender. @throws Refusal 404 where it is not waiting */
  delete(id: string): void {
    const push = this.byId.get(id);
    if (!push || !UNDELIVERED.includes(push.state)) throw new Refusal(404, null, 'No such message');
    this.finish(push, 'deleted');
  }

  /** Returns the last 10,000 accepted messages, oldest first. */
  pushes(): Push[] {
    return [...this.byId.values()];
  }

  /** Forgets the messages that wait no longer. */
  forgetFinished(): void {
    for (const it of this.byId.values()) if (!UNDELIVERED.includes(it.state)) this.byId.delete(it.id);
  }

  /** Returns the state for the file. */
  state(): StoredMessages {
    const subscriptions = this.subscriptions();
    const waiting = subscriptions.flatMap((it) => this.undelivered(it.token));
    return {
      browsers: [...this.browsers],
      subscriptions,
      waiting: waiting.map((it) => ({
        ...it,
        state: 'waiting',
        body: it.body.toString('base64'),
        receivedAt: it.receivedAt.toISOString(),
      })),
    };
  }

  private keep(push: Push): void {
    this.byId.set(push.id, push);
    const queue = this.waiting.get(push.token);
    if (queue) queue.add(push);
    else this.waiting.set(push.token, new Set([push]));
    if (this.byId.size <= KEPT) return;
    const [oldest] = this.byId.values();
    this.byId.delete(oldest!.id);
  }

  private finish(push: Push, state: Push['state']): void {
    push.state = state;
    this.waiting.get(push.token)?.delete(push);
  }
}
