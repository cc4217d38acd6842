import { randomBytes } from 'node:crypto';
import type Stripe from 'stripe';
import { noSuchObject } from './errors.js';
import type { State } from './state.js';
import { API_VERSION, type Kind, type Kinds, type StripeEvent, type StripeObject } from './wire.js';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Makes an id of Stripe's form: a prefix and random letters. */
export function newId(prefix: string, length = 24): string {
  return `${prefix}_${[...randomBytes(length)].map((it) => LETTERS[it % LETTERS.length]).join('')}`;
}

/** The account at Stripe: its objects, its clock and its events. */
export class Account {
  /** The API request that is being served; the events that it causes carry its id and key. */
  request: StripeEvent['request'] = { id: null, idempotency_key: null };

  /** The API version of the account, which its list of events has; webhooks have the version of their endpoint. */
  version: string = API_VERSION;

  /** What somebody with access to the account writes into the metadata of every object at once; null: nobody does. */
  overwritten: Record<string, string> | null = null;

  constructor(
    readonly state: State,
    private readonly listener: (event: StripeEvent) => void,
    /** Seconds after which a bank debit settles by itself; null: only on command. */
    private readonly settleAfter: number | null = null,
  ) {}

  /** Returns the time of the stand-in's clock, in seconds since 1970. */
  now(): number {
    return Math.floor(Date.now() / 1000) + this.state.clockOffset;
  }

  /** Starts a bank debit, which settles after a while or on command. */
  startDebit(intent: string): void {
    this.state.settlements[intent] = this.settleAfter === null ? null : this.now() + this.settleAfter;
  }

  add<K extends Kind>(kind: K, object: Kinds[K]): Kinds[K] {
    this.objectsOf(kind)[object.id] = object;
    this.overwriteMetadata(object);
    return object;
  }

  remove(kind: Kind, id: string): void {
    delete this.objectsOf(kind)[id];
  }

  find<K extends Kind>(kind: K, id: string): Kinds[K] | undefined {
    return Object.hasOwn(this.objectsOf(kind), id) ? this.objectsOf(kind)[id] : undefined;
  }

  /** Returns an object. @throws StripeError 404 `resource_missing` */
  get<K extends Kind>(kind: K, id: string, param = 'id'): Kinds[K] {
    const object = this.find(kind, id);
    if (!object) throw noSuchObject(kind, id, param);
    return object;
  }

  /** Returns an object that another one refers to. @throws StripeError 404 `resource_missing` */
  getReferenced<K extends Kind>(kind: K, id: string | null | undefined): Kinds[K] {
    return this.get(kind, id ?? '');
  }

  /** Returns all objects of a kind, newest first as in every list of Stripe. */
  all<K extends Kind>(kind: K): Kinds[K][] {
    return Object.values(this.objectsOf(kind)).reverse();
  }

  /** Writes an event with the object as it is now; `previous` holds the old values of the changed fields. */
  emit(type: Stripe.Event.Type, object: StripeObject, previous?: Record<string, unknown>): void {
    this.overwriteMetadata(object);
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

  /**
   * Replaces the metadata of an object and its copies of a parent's, as anybody with access may do through the update
   * of each object (docs.stripe.com/api/metadata).
   */
  private overwriteMetadata(object: object): void {
    if (!this.overwritten) return;
    if ('metadata' in object) object.metadata = { ...this.overwritten };
    const { parent } = object as Partial<Kinds['invoice']>;
    if (parent?.subscription_details) parent.subscription_details.metadata = { ...this.overwritten };
  }

  private objectsOf<K extends Kind>(kind: K): Record<string, Kinds[K]> {
    return this.state.objects[kind];
  }
}
