import type { Delivery } from '../model/state.js';
import type { StripeEvent } from '../model/wire.js';
import { Chance } from './chance.js';
import { sign, type Signing } from './signature.js';

/** What goes wrong with deliveries until it is set otherwise. */
export interface Disturbance {
  /** Copies of each event beside the first. */
  duplicate: number;
  /** The share of events that is never sent, though listed. */
  drop: number;
  /** The share of events that is neither sent nor listed: Stripe itself fails to generate some. */
  neverGenerate: number;
  /** Events of one moment go out in random order. */
  shuffle: boolean;
  signature: Signing;
  seed: number;
}
const CALM: Disturbance = {
  duplicate: 0,
  drop: 0,
  neverGenerate: 0,
  shuffle: false,
  signature: 'valid',
  seed: 1,
};

/** How one attempt is sent, where it is not as it should be. */
export interface Attempt {
  signature?: Signing;
  /** Seconds that the signature's timestamp is behind; negative: ahead. */
  age?: number;
  secret?: string;
  /** Fields of the event to replace before signing, as `{livemode: true}` or another `api_version`. */
  changes?: Record<string, unknown>;
}

const THREE_DAYS = 3 * 86_400_000;
const SLOWEST = 300_000;
const AT_ONCE = 10;

/**
 * Sends events to the one webhook endpoint: at least once, in no promised order, again with doubling pauses until a 2xx
 * or for three days, as Stripe does.
 */
export class Deliveries {
  private holding = false;
  private disturbance = CALM;
  private chance = new Chance(CALM.seed);
  private timer: NodeJS.Timeout | undefined;
  private closed = false;
  private readonly underway = new Set<Delivery>();
  private readonly stop = new AbortController();

  /** @param firstPause - milliseconds before the first repetition */
  constructor(
    private readonly queue: Delivery[],
    private readonly find: (id: string) => StripeEvent | undefined,
    private readonly changed: () => Promise<void>,
    private url: string | undefined,
    private secret: string,
    private readonly firstPause: number,
  ) {
    this.release();
  }

  /** Is the event to be written at all? */
  generates(): boolean {
    return this.chance.next() >= this.disturbance.neverGenerate;
  }

  add(event: StripeEvent): void {
    if (this.chance.next() < this.disturbance.drop) return;
    const now = Date.now();
    for (let copy = 0; copy <= this.disturbance.duplicate; copy++)
      this.queue.push({ event: event.id, attempts: 0, due: now, since: now, last: null });
    this.schedule();
  }

  /** Sets the endpoint; what waited for one goes out at once. */
  to(url: string | undefined, secret = this.secret): void {
    this.url = url;
    this.secret = secret;
    this.release();
  }

  disturb(change: Partial<Disturbance>): Disturbance {
    this.disturbance = { ...CALM, ...change };
    this.chance = new Chance(this.disturbance.seed);
    return this.disturbance;
  }

  /** Nothing goes out until `flush`. */
  hold(): void {
    this.holding = true;
  }

  /** What is on its way or held, in the order it would go. */
  waiting(): readonly Delivery[] {
    return this.queue;
  }

  /**
   * Ends the holding. With `order`, the named events go first, one after another in that order, each awaited.
   * @returns the statuses of those
   */
  async flush(order: readonly string[] = []): Promise<number[]> {
    const statuses: number[] = [];
    for (const id of order) {
      const delivery = this.queue.find((it) => it.event === id);
      if (delivery) this.queue.splice(this.queue.indexOf(delivery), 1);
      statuses.push(await this.send(id));
    }
    this.holding = false;
    this.release();
    return statuses;
  }

  /**
   * Sends an event once, now and outside the queue.
   * @returns the answer's status
   * @throws TypeError when the endpoint cannot be reached
   */
  async send(id: string, attempt: Attempt = {}): Promise<number> {
    const event = this.find(id);
    if (!event) throw new Error(`No such event: ${id}`);
    if (!this.url) throw new Error('No webhook endpoint is set');
    const body = JSON.stringify({ ...event, ...attempt.changes });
    const kind = attempt.signature ?? this.disturbance.signature;
    const time = Math.floor(Date.now() / 1000) - (attempt.age ?? 0);
    const secret = kind === 'wrong' ? `${this.secret}wrong` : (attempt.secret ?? this.secret);
    const response = await fetch(this.url, {
      method: 'POST',
      body,
      redirect: 'manual',
      signal: AbortSignal.any([this.stop.signal, AbortSignal.timeout(20_000)]),
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks) offline stand-in',
        ...(kind !== 'missing' && { 'stripe-signature': sign(body, secret, time) }),
      },
    });
    await response.arrayBuffer();
    return response.status;
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    this.stop.abort();
  }

  private release(): void {
    for (const it of this.queue) it.due = Math.min(it.due, Date.now());
    this.schedule();
  }

  private schedule(): void {
    clearTimeout(this.timer);
    if (this.closed || this.holding || !this.url || this.underway.size >= AT_ONCE) return;
    const due = this.queue.filter((it) => !this.underway.has(it)).map((it) => it.due);
    if (!due.length) return;
    const wait = Math.max(0, Math.min(...due) - Date.now());
    this.timer = setTimeout(() => this.pump(), wait).unref();
  }

  private pump(): void {
    if (this.closed || this.holding || !this.url) return;
    const now = Date.now();
    const due = this.queue.filter((it) => it.due <= now && !this.underway.has(it));
    const next = this.disturbance.shuffle ? this.chance.shuffled(due) : due;
    for (const delivery of next.slice(0, AT_ONCE - this.underway.size)) void this.attempt(delivery);
    this.schedule();
  }

  private async attempt(delivery: Delivery): Promise<void> {
    this.underway.add(delivery);
    const answer = await this.send(delivery.event).catch(reasonOf);
    this.underway.delete(delivery);
    if (this.closed) return;
    const now = Date.now();
    delivery.attempts += 1;
    delivery.last = answer;
    delivery.due = now + Math.min(SLOWEST, this.firstPause * 2 ** (delivery.attempts - 1));
    const arrived = typeof answer === 'number' && answer >= 200 && answer < 300;
    const index = this.queue.indexOf(delivery);
    if (index >= 0 && (arrived || now - delivery.since > THREE_DAYS)) this.queue.splice(index, 1);
    const event = this.find(delivery.event);
    if (event && arrived) event.pending_webhooks = 0;
    await this.changed().catch(() => undefined);
    this.schedule();
  }
}

/** fetch hides what happened: `ECONNREFUSED` is in the cause. */
function reasonOf(error: Error): string {
  return (error.cause as NodeJS.ErrnoException | undefined)?.code ?? error.message;
}
