import { randomBytes } from 'node:crypto';
import type Stripe from 'stripe';
import { missing } from './errors.js';
import type { State } from './state.js';
import { API_VERSION, type Kind, type Kinds, type StripeEvent, type StripeObject } from './wire.js';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** An id such as Stripe makes: a prefix and letters that nobody guesses. */
export function newId(prefix: string, length = 24): string {
  return `${prefix}_${[...randomBytes(length)].map((it) => LETTERS[it % LETTERS.length]).join('')}`;
}

/** The merchant's account: its objects, its clock, and the events about them. */
export class Account {
  /** The API request that is being served; its id and key are written into the events it causes. */
  request: StripeEvent['request'] = { id: null, idempotency_key: null };

  /** The account's own API version, in which its list of events is written; webhooks go out in their endpoint's. */
  version: string = API_VERSION;

  constructor(
    readonly state: State,
    private readonly listener: (event: StripeEvent) => void,
    /** Seconds after which a bank debit settles by itself; null: on command only. */
    private readonly settleAfter: number | null = null,
  ) {}

  /** Seconds since 1970, by the stand-in's own clock. */
  now(): number {
    return Math.floor(Date.now() / 1000) + this.state.clockOffset;
  }

  /** A bank debit sets out: it settles after a while, or on command. */
  sendDebit(intent: string): void {
    this.state.settlements[intent] = this.settleAfter === null ? null : this.now() + this.settleAfter;
  }

  add<K extends Kind>(kind: K, object: Kinds[K]): Kinds[K] {
    this.shelf(kind)[object.id] = object;
    return object;
  }

  remove(kind: Kind, id: string): void {
    delete this.shelf(kind)[id];
  }

  find<K extends Kind>(kind: K, id: string): Kinds[K] | undefined {
    return Object.hasOwn(this.shelf(kind), id) ? this.shelf(kind)[id] : undefined;
  }

  /** @throws StripeError 404 `resource_missing` */
  get<K extends Kind>(kind: K, id: string, param = 'id'): Kinds[K] {
    const object = this.find(kind, id);
    if (!object) throw missing(kind, id, param);
    return object;
  }

  /** An object that another one refers to. */
  known<K extends Kind>(kind: K, id: string | null | undefined): Kinds[K] {
    return this.get(kind, id ?? '');
  }

  /** Newest first, as every list of Stripe's. */
  all<K extends Kind>(kind: K): Kinds[K][] {
    return Object.values(this.shelf(kind)).reverse();
  }

  /** Writes an event with the object as it is now. `previous` holds the old values of what changed. */
  emit(type: Stripe.Event.Type, object: StripeObject, previous?: Record<string, unknown>): void {
    this.listener({
      id: newId('evt'),
      object: 'event',
      api_version: API_VERSION,
      created: this.now(),
      data: structuredClone(previous ? { object, previous_attributes: previous } : { object }),
      livemode: false,
      pending_webhooks: 1,
      request: { ...this.request },
      type,
    });
  }

  private shelf<K extends Kind>(kind: K): Record<string, Kinds[K]> {
    return this.state.objects[kind];
  }
}
