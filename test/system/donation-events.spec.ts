import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Tx } from '../../src/database/rows.js';
import { Transactions } from '../../src/database/transaction.js';
import { EVENT_TYPES } from '../../src/donations/ledger/stripe-facts.js';
import { StripeEventsService } from '../../src/donations/events/stripe-events.service.js';
import { StripeEvent } from '../../src/donations/stripe/stripe-objects.js';
import type { StripeStandIn } from '../../stand-ins/stripe/stripe.js';
import type { Actor } from '../support/actor.js';
import { Random, seedOfRun } from '../support/random.js';
import { type NewDonation, DonationsFixture } from '../donations/donations-fixture.js';

interface Course {
  over?: Partial<NewDonation>;
  /** Plays at Stripe what happens to the session. */
  play: (stripe: StripeStandIn, session: string) => Promise<unknown>;
  /** When the course has too many events, only these are tried in every order, after all others. */
  permuted: RegExp;
  state: string;
  /** The kinds and amounts in the ledger, sorted by kind and then with the larger amount first. */
  ledger: [kind: string, amount: number][];
}

const courses: Record<string, Course> = {
  'a payment': {
    play: (stripe, session) => stripe.pay(session),
    permuted: /^(checkout\.session\.completed|payment_intent\.succeeded|charge\.succeeded)$/,
    state: 'paid',
    ledger: [['payment', 5_000]],
  },
  'a subscription with its first invoice': {
    over: { interval: 'month', amount: 1_000 },
    play: (stripe, session) => stripe.pay(session),
    permuted: /^(checkout\.session\.completed|invoice\.paid|invoice_payment\.paid|customer\.subscription\.created)$/,
    state: 'paid',
    ledger: [['payment', 1_000]],
  },
  'a bank debit that settles': {
    play: async (stripe, session) => {
      await stripe.pay(session, 'bank_debit');
      await stripe.settle(session);
    },
    permuted: /^(checkout\.session\.(completed|async_payment_succeeded)|payment_intent\.succeeded|charge\.succeeded)$/,
    state: 'paid',
    ledger: [['payment', 5_000]],
  },
  'a bank debit that fails': {
    play: async (stripe, session) => {
      await stripe.pay(session, 'bank_debit');
      await stripe.settle(session, 'failed');
    },
    permuted: /^(checkout\.session\.(completed|async_payment_failed)|charge\.failed|payment_intent\.payment_failed)$/,
    state: 'failed',
    ledger: [],
  },
  'two partial refunds, of which one fails': {
    play: async (stripe, session) => {
      const { payment_intent: pi } = await stripe.pay(session);
      await refund(stripe, pi!, 1_500);
      const { id } = await refund(stripe, pi!, 2_000);
      await stripe.failRefund(id);
    },
    permuted: /^(checkout\.session\.completed|refund\.\w+)$/,
    state: 'paid',
    ledger: [
      ['payment', 5_000],
      ['refund', -1_500],
      ['refund', -2_000],
      ['refund_failed', 2_000],
    ],
  },
  'a full refund': {
    play: async (stripe, session) => refund(stripe, (await stripe.pay(session)).payment_intent!),
    permuted: /^(checkout\.session\.completed|charge\.succeeded|refund\.\w+)$/,
    state: 'refunded',
    ledger: [
      ['payment', 5_000],
      ['refund', -5_000],
    ],
  },
  'a refund of a subscription, which only its invoice ties to the donation': {
    over: { interval: 'year', amount: 12_000 },
    play: async (stripe, session) => {
      const { invoice } = await stripe.pay(session);
      const [payment] = (await stripe.events()).filter(
        (it) => it.type === 'invoice_payment.paid' && (it.data.object as { invoice: string }).invoice === invoice,
      );
      const paid = payment!.data.object as unknown as { payment: { payment_intent: string } };
      await refund(stripe, paid.payment.payment_intent);
    },
    permuted: /^(invoice\.paid|invoice_payment\.paid|refund\.\w+|checkout\.session\.completed)$/,
    state: 'refunded',
    ledger: [
      ['payment', 12_000],
      ['refund', -12_000],
    ],
  },
  'a dispute that is won': {
    play: async (stripe, session) => {
      await stripe.pay(session);
      await stripe.closeDispute((await stripe.dispute(session)).id, 'won');
    },
    permuted: /^(checkout\.session\.completed|charge\.dispute\.\w+)$/,
    state: 'paid',
    ledger: [
      ['dispute', -5_000],
      ['dispute_won', 5_000],
      ['payment', 5_000],
    ],
  },
  'a dispute that is lost': {
    play: async (stripe, session) => {
      await stripe.pay(session);
      await stripe.closeDispute((await stripe.dispute(session)).id, 'lost');
    },
    permuted: /^(checkout\.session\.completed|charge\.dispute\.\w+)$/,
    state: 'refunded',
    ledger: [
      ['dispute', -5_000],
      ['dispute_lost', 0],
      ['payment', 5_000],
    ],
  },
};

const seed = seedOfRun();
const random = new Random(seed);
const SAMPLES = 12;

function shuffled<T>(list: readonly T[]): T[] {
  const left = [...list];
  return list.map(() => left.splice(random.below(left.length), 1)[0]!);
}

interface End {
  state: string;
  paidAt: string | null;
  left: number;
  ledger: [key: string, amount: number, currency: string][];
}

const END = `
  select state, paid_at::text as "paidAt",
    (select count(*)::int from stripe_events where processed_at is null) as left,
    (select coalesce(json_agg(json_build_array(entry_key, amount_minor, currency) order by entry_key), '[]')
     from ledger_entries where donation_id = d.id) as ledger
  from donations d where id = $1`;

async function refund(stripe: StripeStandIn, payment: string, amount?: number): Promise<{ id: string }> {
  const response = await fetch(`${stripe.url}/v1/refunds`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk_test_ofthetests', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ payment_intent: payment, ...(amount ? { amount: String(amount) } : {}) }),
  });
  const made = (await response.json()) as { id: string };
  if (!response.ok) throw new Error(JSON.stringify(made));
  return made;
}

describe('the order of events', () => {
  let fixture: DonationsFixture;
  let donor: Actor;

  beforeAll(async () => {
    // There is no worker, because this spec stores and applies each event itself, as the job does.
    fixture = await DonationsFixture.start({ webhooks: false, env: { ROLE: 'web' } });
    console.log(`order: SEED=${seed}`);
    donor = fixture.app.anonymous();
  });
  afterAll(() => fixture.close());

  const receive = async (events: readonly StripeEvent[]): Promise<void> => {
    for (const it of events)
      await fixture.app.get(StripeEventsService).receive(it, Buffer.from(JSON.stringify(raw(it))));
  };
  const apply = (id: string): Promise<unknown> =>
    fixture.app.get(Transactions).run((tx) => fixture.app.get(StripeEventsService).apply(tx, id));
  /**
   * Returns the different ends of all orders of `permuted` after all other events, and of some random orders of all
   * events. They are tried in one transaction that never commits; orders that begin alike share their beginning.
   */
  const endsOf = async (
    donation: string,
    all: readonly StripeEvent[],
    permuted: readonly StripeEvent[],
  ): Promise<{ count: number; ends: End[] }> => {
    const ends = new Map<string, End>();
    const others = all.filter((it) => !permuted.includes(it));
    let count = 0;
    const note = async (tx: Tx): Promise<void> => {
      const end = (await tx.query<End[]>(END, [donation]))[0]!;
      ends.set(JSON.stringify(end), end);
    };
    const applyAll = async (tx: Tx, events: readonly StripeEvent[]): Promise<void> => {
      for (const it of events) await fixture.app.get(StripeEventsService).apply(tx, it.id);
    };
    const tryAll = async (tx: Tx, left: readonly StripeEvent[]): Promise<void> => {
      if (!left.length) {
        await note(tx);
        count += 1;
      }
      for (const next of left) {
        await tx.query(`savepoint left_${left.length}`);
        await fixture.app.get(StripeEventsService).apply(tx, next.id);
        await tryAll(
          tx,
          left.filter((it) => it !== next),
        );
        await tx.query(`rollback to savepoint left_${left.length}`);
      }
    };
    const undone = new Error('The transaction of the trials is rolled back.');
    await expect(
      fixture.app.get(Transactions).run(async (tx) => {
        for (let i = 0; others.length && i < SAMPLES; i += 1) {
          await tx.query('savepoint sampled');
          await applyAll(tx, shuffled(all));
          await note(tx);
          await tx.query('rollback to savepoint sampled');
        }
        await applyAll(tx, others);
        await tryAll(tx, permuted);
        throw undone;
      }),
    ).rejects.toBe(undone);
    return { count, ends: [...ends.values()] };
  };

  it.each(Object.entries(courses))('gives the same ledger in every permutation of %s', async (_name, course) => {
    const before = (await fixture.stripe.events()).length;
    const { id, session } = await fixture.begin(donor, course.over);
    await course.play(fixture.stripe, session);
    const events = (await fixture.stripe.events()).slice(before).map((it) => StripeEvent.parse(it));
    await receive(events); // this also settles the events that concern nothing of ours
    const all = events.filter((it) => EVENT_TYPES.includes(it.type));
    const permuted = all.length < 6 ? all : all.filter((it) => course.permuted.test(it.type));
    expect(permuted.length).toBeGreaterThan(1);
    expect(permuted.length).toBeLessThan(6);

    const { count, ends } = await endsOf(id, all, permuted);
    expect(count).toBe(permuted.reduce((product, _it, index) => product * (index + 1), 1));
    expect({ seed, ends }).toEqual({ seed, ends: [expect.anything()] });
    const [end] = ends;
    expect(end).toMatchObject({ state: course.state, left: 0 });
    // Two entries of one kind stand in the order of Stripe's random ids, so they are sorted by amount here.
    const ledger = end!.ledger.map(([key, amount, currency]) => [key.split(':')[0]!, amount, currency] as const);
    expect(ledger.sort(([a, m], [b, n]) => (a < b ? -1 : a > b ? 1 : n - m))).toEqual(
      course.ledger.map(([kind, amount]) => [kind, amount, 'usd']),
    );
    for (const it of all) await apply(it.id); // applies all events, so that none is left for the next course
  });

  const open = async (): Promise<string[]> =>
    (await fixture.app.sql<{ type: string }>('select type from stripe_events where processed_at is null')).map(
      (it) => it.type,
    );

  it('lets an event wait until the object it refers to is recorded', async () => {
    const before = (await fixture.stripe.events()).length;
    const { id, session } = await fixture.begin(donor);
    const { payment_intent: pi } = await fixture.stripe.pay(session);
    await refund(fixture.stripe, pi!);
    const events = (await fixture.stripe.events()).slice(before).map((it) => StripeEvent.parse(it));
    const refunded = events.find((it) => it.type === 'refund.created')!;
    const completed = events.find((it) => it.type === 'checkout.session.completed')!;
    await receive([refunded, completed]);
    await apply(refunded.id);
    expect(await fixture.ledger(id)).toEqual({});
    const [waiting] = await fixture.app.sql('select waits_for, processed_at from stripe_events where id = $1', [
      refunded.id,
    ]);
    expect(waiting).toEqual({ waits_for: pi, processed_at: null });
    await apply(completed.id);
    expect(Object.keys(await fixture.ledger(id))).toEqual([`payment:${pi}`, expect.stringMatching(/^refund:/)]);
    expect(await open()).toEqual([]);
  });

  it('loses nothing when an event and the one it waits for are applied at the same moment', async () => {
    for (let round = 0; round < 8; round += 1) {
      const before = (await fixture.stripe.events()).length;
      const { id, session } = await fixture.begin(donor);
      await refund(fixture.stripe, (await fixture.stripe.pay(session)).payment_intent!);
      const events = (await fixture.stripe.events())
        .slice(before)
        .map((it) => StripeEvent.parse(it))
        .filter((it) =>
          /^(refund\.created|charge\.succeeded|payment_intent\.succeeded|checkout\.session\.completed)$/.test(it.type),
        );
      await receive(events);
      await Promise.all(events.map((it) => apply(it.id)));
      await Promise.all(events.map((it) => apply(it.id)));
      expect(Object.keys(await fixture.ledger(id))).toHaveLength(2);
      expect((await fixture.storedDonation(id)).state).toBe('refunded');
    }
    expect(await open()).toEqual([]);
  });

  it('does not matter for events that belong to nothing of ours, which wait until Stripe was asked', async () => {
    const alien = { id: 'evt_alien', object: 'event', livemode: false, created: 1_790_000_000, api_version: null };
    const events = [
      {
        ...alien,
        type: 'payment_intent.succeeded',
        data: { object: { id: 'pi_x', amount_received: 1, currency: 'usd', metadata: {} } },
      },
      {
        ...alien,
        id: 'evt_alien2',
        type: 'payment_intent.succeeded',
        data: {
          object: { id: 'pi_y', amount_received: 1, currency: 'usd', metadata: { donation_id: 'of-another-system' } },
        },
      },
      { ...alien, id: 'evt_alien3', type: 'customer.created', data: { object: {} } },
    ].map((it) => StripeEvent.parse(it));
    await receive(events);
    for (const it of events) await apply(it.id);
    const found = await fixture.app.sql(
      'select id, outcome, waits_for from stripe_events where id like $1 order by id',
      ['evt_alien%'],
    );
    expect(found).toEqual([
      { id: 'evt_alien', outcome: null, waits_for: 'pi_x' },
      { id: 'evt_alien2', outcome: null, waits_for: 'pi_y' },
      { id: 'evt_alien3', outcome: 'ignored', waits_for: null },
    ]);
    expect(await fixture.app.sql(`select 1 from ledger_entries where payment_id in ('pi_x', 'pi_y')`)).toEqual([]);
  });
});

/** Converts an event to the form in which Stripe sends it, with its time in seconds. */
const raw = (event: StripeEvent): object => ({ ...event, created: event.created.getTime() / 1000 });
