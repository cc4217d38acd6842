import { randomBytes, randomUUID } from 'node:crypto';
import { Refusal } from './answers.js';
import type { MessageOptions } from './message.js';

/** A subscription of one browser, or of nobody's when a test made it. */
export interface BrowserSubscription {
  readonly token: string;
  /** The browser; null for one with no browser behind it. */
  readonly uaid: string | null;
  readonly channelId: string;
  /** The application server key it was made with, base64url. */
  readonly key: string | null;
  readonly createdAt: string;
  /** Why it is no more. */
  gone?: 'unsubscribed' | 'expired';
}

/** A message that was accepted, and what became of it. */
export interface Push extends MessageOptions {
  /** Also the `version` that the browser acknowledges; unique, or Firefox drops it as a repetition. */
  readonly id: string;
  readonly token: string;
  readonly body: Buffer;
  readonly receivedAt: Date;
  state: 'waiting' | 'sent' | 'acknowledged' | 'replaced' | 'expired' | 'deleted' | 'undeliverable';
  /** The browser's word: 100 decrypted and handed to the page's worker, 101 not decrypted, 102 not delivered. */
  ackCode?: number;
}

export interface OfficeState {
  browsers: string[];
  subscriptions: BrowserSubscription[];
  waiting: (Omit<Push, 'body' | 'receivedAt'> & { body: string; receivedAt: string })[];
}

/** What is remembered of messages past. */
const KEPT = 10_000;
const UNDELIVERED: Push['state'][] = ['waiting', 'sent'];

/** Who is subscribed, and the messages that wait for them. Knows neither HTTP nor sockets. */
export class PostOffice {
  private readonly browsers: Set<string>;
  private readonly byToken = new Map<string, BrowserSubscription>();
  private readonly byId = new Map<string, Push>();
  private readonly waiting = new Map<string, Set<Push>>();

  constructor(
    private readonly now: () => Date,
    kept?: OfficeState,
  ) {
    this.browsers = new Set(kept?.browsers);
    for (const it of kept?.subscriptions ?? []) this.byToken.set(it.token, it);
    for (const it of kept?.waiting ?? [])
      this.keep({ ...it, body: Buffer.from(it.body, 'base64'), receivedAt: new Date(it.receivedAt) });
  }

  /** A channel of one browser and key is one subscription, as often as Firefox registers it (it may do so twice). */
  subscribe(uaid: string | null, channelId: string = randomUUID(), key: string | null = null): BrowserSubscription {
    const before = uaid === null ? undefined : this.of(uaid).find((it) => it.channelId === channelId);
    if (before?.key === key) return before;
    if (before) this.end(before, 'unsubscribed');
    const token = randomBytes(48).toString('base64url');
    const subscription = { token, uaid, channelId, key, createdAt: this.now().toISOString() };
    this.byToken.set(token, subscription);
    return subscription;
  }

  /** @throws Refusal 404 for what never was, 410 for what is no more */
  find(token: string): BrowserSubscription {
    const subscription = this.byToken.get(token);
    if (!subscription) throw new Refusal(404, 102, 'Invalid token');
    if (subscription.gone === 'expired') throw new Refusal(410, 103, 'UAID not found');
    if (subscription.gone) throw new Refusal(410, 106, 'No such subscription');
    return subscription;
  }

  /** The live subscriptions of a browser. */
  of(uaid: string): BrowserSubscription[] {
    return this.subscriptions().filter((it) => it.uaid === uaid && !it.gone);
  }

  /** Oldest first, those that are no more included. */
  subscriptions(): BrowserSubscription[] {
    return [...this.byToken.values()];
  }

  /** A browser comes; one that we do not know gets an id of ours. @returns its id */
  welcome(claimed: unknown): string {
    const uaid = typeof claimed === 'string' && this.browsers.has(claimed) ? claimed : randomUUID().replaceAll('-', '');
    this.browsers.add(uaid);
    return uaid;
  }

  /** No browser is known any more, and no browser's subscription lives on. */
  forgetBrowsers(): void {
    this.browsers.clear();
    for (const it of this.byToken.values()) if (it.uaid && !it.gone) this.end(it, 'expired');
  }

  end(subscription: BrowserSubscription, why: NonNullable<BrowserSubscription['gone']>): void {
    subscription.gone = why;
    for (const it of this.waiting.get(subscription.token) ?? []) it.state = 'undeliverable';
    this.waiting.delete(subscription.token);
  }

  /** Takes a message in; it replaces an undelivered one of the same topic (RFC 8030, section 5.4). */
  accept(subscription: BrowserSubscription, body: Buffer, options: MessageOptions): Push {
    const { topic } = options;
    for (const it of this.undelivered(subscription.token))
      if (topic !== undefined && it.topic === topic) this.leave(it, 'replaced');
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

  /** What a subscription's browser has not acknowledged and may still be told, oldest first. */
  undelivered(token: string): Push[] {
    const now = this.now().getTime();
    const found = [...(this.waiting.get(token) ?? [])];
    for (const it of found)
      if (it.state === 'waiting' && it.ttl > 0 && it.receivedAt.getTime() + it.ttl * 1000 <= now)
        this.leave(it, 'expired');
    return found.filter((it) => UNDELIVERED.includes(it.state));
  }

  acknowledge(id: string, code: number): Push | undefined {
    const push = this.byId.get(id);
    if (!push || !UNDELIVERED.includes(push.state)) return undefined;
    push.ackCode = code;
    this.leave(push, 'acknowledged');
    return push;
  }

  /** A message nobody was there for: with TTL 0 it is not kept. */
  notDelivered(push: Push): void {
    if (push.ttl === 0) this.leave(push, 'expired');
    else push.state = 'waiting';
  }

  /** The sender takes a message back. @throws Refusal 404 where there is none to take back */
  remove(id: string): void {
    const push = this.byId.get(id);
    if (!push || !UNDELIVERED.includes(push.state)) throw new Refusal(404, null, 'No such message');
    this.leave(push, 'deleted');
  }

  /** Every message accepted, oldest first, the last 10,000. */
  pushes(): Push[] {
    return [...this.byId.values()];
  }

  /** Forgets what is over; what waits stays. */
  forgetPast(): void {
    for (const it of this.byId.values()) if (!UNDELIVERED.includes(it.state)) this.byId.delete(it.id);
  }

  state(): OfficeState {
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

  private leave(push: Push, state: Push['state']): void {
    push.state = state;
    this.waiting.get(push.token)?.delete(push);
  }
}
