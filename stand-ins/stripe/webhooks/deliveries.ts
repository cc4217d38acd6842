import type { Delivery } from '../model/state.js';
import type { StripeEvent } from '../model/wire.js';
import { Chance } from './chance.js';
import { sign, type SignatureKind } from './signature.js';

/** The faults of deliveries, until they are set anew. */
export interface Disturbance {
  /** The number of copies of each event beside the first. */
  duplicate: number;
  /** The share of events that is never sent, though listed. */
  drop: number;
  /** The share of events that is neither sent nor listed: Stripe itself fails to generate some. */
  neverGenerate: number;
  /** Types of which no event is sent or listed, for the same reason. */
  neverGenerateTypes: string[];
  /** Sends events of one moment in random order. */
  shuffle: boolean;
  signature: SignatureKind;
  seed: number;
}
const NO_FAULTS: Disturbance = {
  duplicate: 0,
  drop: 0,
  neverGenerate: 0,
  neverGenerateTypes: [],
  shuffle: false,
  signature: 'valid',
  seed: 1,
};

/** The deviations of one delivery from a normal one. */
export interface DeliveryOptions {
  signature?: SignatureKind;
  /** Seconds by which the timestamp of the signature is behind; negative: ahead. */
  age?: number;
  secret?: string;
  /** Fields of the event to replace before signing, as `{livemode: true}` or another `api_version`. */
  changes?: Record<string, unknown>;
}

const THREE_DAYS = 3 * 86_400_000;
const LONGEST_PAUSE_MS = 300_000;
const CONCURRENCY = 10;

/**
 * Sends events to the one webhook endpoint as Stripe does: at least once, in no promised order, repeated with doubling
 * pauses until a 2xx or for three days.
 */
export class Deliveries {
  private holding = false;
  private disturbance = NO_FAULTS;
  private chance = new Chance(NO_FAULTS.seed);
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
    private readonly secret: string,
    private readonly firstPause: number,
  ) {
    this.release();
  }

  /** Decides whether the next event, which has this type, is written at all. */
  generates(type: string): boolean {
    if (this.disturbance.neverGenerateTypes.includes(type)) return false;
    return this.chance.next() >= this.disturbance.neverGenerate;
  }

  add(event: StripeEvent): void {
    if (this.chance.next() < this.disturbance.drop) return;
    const now = Date.now();
    for (let copy = 0; copy <= this.disturbance.duplicate; copy++)
      this.queue.push({ event: event.id, attempts: 0, due: now, since: now, last: null });
    this.schedule();
  }

  /** Sets the endpoint; the deliveries that waited for one go out at once. */
  setEndpoint(url: string | undefined): void {
    this.url = url;
    this.release();
  }

  disturb(change: Partial<Disturbance>): Disturbance {
    this.disturbance = { ...NO_FAULTS, ...change };
    this.chance = new Chance(this.disturbance.seed);
    return this.disturbance;
  }

  /** Holds all deliveries until `flush`. */
  hold(): void {
    this.holding = true;
  }

  /** Returns the deliveries that have not arrived, in their order. */
  waiting(): readonly Delivery[] {
    return this.queue;
  }

  /**
   * Releases held deliveries. The events in `order` go first, one after another in that order.
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
   * Sends an event once, at once and outside the queue.
   * @returns the answer's status
   * @throws TypeError when the endpoint cannot be reached
   */
  async send(id: string, options: DeliveryOptions = {}): Promise<number> {
    const event = this.find(id);
    if (!event) throw new Error(`No such event: ${id}`);
    if (!this.url) throw new Error('No webhook endpoint is set');
    const body = JSON.stringify({ ...event, ...options.changes });
    const kind = options.signature ?? this.disturbance.signature;
    const time = Math.floor(Date.now() / 1000) - (options.age ?? 0);
    const secret = kind === 'wrong' ? `${this.secret}wrong` : (options.secret ?? this.secret);
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
    if (this.closed || this.holding || !this.url || this.underway.size >= CONCURRENCY) return;
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
    for (const delivery of next.slice(0, CONCURRENCY - this.underway.size)) void this.attempt(delivery);
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
    delivery.due = now + Math.min(LONGEST_PAUSE_MS, this.firstPause * 2 ** (delivery.attempts - 1));
    const arrived = typeof answer === 'number' && answer >= 200 && answer < 300;
    const index = this.queue.indexOf(delivery);
    if (index >= 0 && (arrived || now - delivery.since > THREE_DAYS)) this.queue.splice(index, 1);
    const event = this.find(delivery.event);
    if (event && arrived) event.pending_webhooks = 0;
    await this.changed().catch(() => undefined);
    this.schedule();
  }
}

/** Returns the reason of a failed fetch, which is in its cause: `ECONNREFUSED`. */
function reasonOf(error: Error): string {
  return (error.cause as NodeJS.ErrnoException | undefined)?.code ?? error.message;
}
