import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EVENT_TYPES } from '../../src/donations/ledger/stripe-facts.js';
import type { StripeStandIn } from '../../stand-ins/stripe/stripe.js';
import type { Actor } from '../support/actor.js';
import { until } from '../support/until.js';
import { DonationsFixture, type NewDonation } from './donations-fixture.js';

interface Course {
  over: Partial<NewDonation>;
  play: (stripe: StripeStandIn, session: string) => Promise<unknown>;
  ledger: string[];
  state: string;
  /** The state of the subscription. */
  status?: string;
}

/** Renews a subscription. @returns the payment intent of the renewal */
async function renewed(stripe: StripeStandIn, subscription: string): Promise<string> {
  const invoice = await stripe.renew(subscription);
  const response = await fetch(`${stripe.url}/v1/invoice_payments?invoice=${invoice!.id!}`, {
    headers: { authorization: 'Bearer sk_test_ofthetests' },
  });
  const { data } = (await response.json()) as { data: { payment: { payment_intent: string } }[] };
  return data[0]!.payment.payment_intent;
}

const courses: Record<string, Course> = {
  'a single gift with a partial refund': {
    over: {},
    play: async (stripe, session) => {
      await stripe.pay(session);
      await stripe.refund(session, 1_000);
    },
    ledger: ['-1000 usd', '5000 usd'],
    state: 'paid',
  },
  'a bank debit with a lost dispute': {
    over: {},
    play: async (stripe, session) => {
      await stripe.pay(session, 'bank_debit');
      await stripe.settle(session);
      await stripe.closeDispute((await stripe.dispute(session)).id, 'lost');
    },
    ledger: ['-5000 usd', '0 usd', '5000 usd'],
    state: 'refunded',
  },
  'a monthly gift with a refunded renewal that ends': {
    over: { interval: 'month', amount: 1_000 },
    play: async (stripe, session) => {
      const { subscription } = await stripe.pay(session);
      await stripe.refund(await renewed(stripe, subscription!), 300);
      await stripe.cancel(subscription!);
    },
    ledger: ['-300 usd', '1000 usd', '1000 usd'],
    state: 'paid',
    status: 'canceled',
  },
  'a yearly gift with a won dispute': {
    over: { interval: 'year', amount: 12_000 },
    play: async (stripe, session) => {
      const { subscription } = await stripe.pay(session);
      const payment = await renewed(stripe, subscription!);
      await stripe.closeDispute((await stripe.dispute(payment)).id, 'won');
    },
    ledger: ['-12000 usd', '12000 usd', '12000 usd', '12000 usd'],
    state: 'paid',
    status: 'active',
  },
};

describe('adrift: gifts whose metadata or events are missing', () => {
  let fixture: DonationsFixture;
  let donor: Actor;
  const played: { name: string; id: string; course: Course }[] = [];
  /** A recurring gift, and the subscriptions that staff then made for the same customer and for another one. */
  const anew = { gift: '', same: '', other: '' };

  const play = async (name: string, course: Course, without: string[], metadata: Record<string, string>) => {
    const { id, session } = await fixture.begin(donor, course.over);
    await fixture.stripe.disturb({ neverGenerateTypes: without });
    await fixture.stripe.overwriteMetadata(metadata);
    await course.play(fixture.stripe, session);
    await fixture.stripe.overwriteMetadata(null);
    await fixture.stripe.disturb();
    played.push({ name: `${name}, without ${without.join(', ') || 'metadata only'}`, id, course });
  };

  // Everything happens at Stripe first, because the hourly runs move the clock, and webhooks must not be old.
  beforeAll(async () => {
    fixture = await DonationsFixture.start({
      env: { LIMIT_DONATIONS_PER_IP_PER_HOUR: '1000', LIMIT_DONATIONS_PER_BROWSER_PER_HOUR: '1000' },
    });
    await fixture.hideEvents();
    donor = fixture.app.anonymous();
    for (const [name, course] of Object.entries(courses)) {
      const before = (await fixture.stripe.events()).length;
      await play(name, course, [], {});
      const types = (await fixture.stripe.events()).slice(before).map((it) => it.type);
      for (const type of new Set(types)) if (EVENT_TYPES.includes(type)) await play(name, course, [type], {});
      await play(`${name}, with the metadata of somebody else`, course, [], { donation_id: 'of-another-system' });
      await play(name, course, [...EVENT_TYPES], {});
    }
    const { id, session } = await fixture.begin(donor, { interval: 'month', amount: 1_000 });
    const { subscription } = await fixture.stripe.pay(session);
    anew.gift = id;
    anew.same = (await fixture.stripe.subscribeAgain(subscription!)).id;
    anew.other = (await fixture.stripe.subscribeAgain(subscription!, 'somebody@example.com')).id;
    await until('the webhooks', async () => (await fixture.stripe.waiting()).length === 0, 60_000);
  }, 120_000);
  afterAll(() => fixture.close());

  const idle = () =>
    until(
      'the jobs to end',
      async () => {
        const names = ['reconcile-with-stripe', 'refresh-subscription', 'apply-stripe-event'];
        const left = 'select 1 from graphile_worker.jobs where task_identifier = any($1)';
        return !(await fixture.app.sql(left, [names])).length;
      },
      60_000,
    );
  const hourlyRun = async (): Promise<void> => {
    await fixture.app.clock.advance(61 * 60_000);
    await fixture.app.sql(`select graphile_worker.add_job('reconcile-with-stripe', '{}'::json)`);
    await idle();
  };
  const endOf = async (id: string) => {
    const [it] = await fixture.app.sql<{ state: string; status: string | null }>(
      `select d.state, s.status from donations d left join donation_subscriptions s on s.donation_id = d.id
       where d.id = $1`,
      [id],
    );
    return { ledger: Object.values(await fixture.ledger(id)).sort(), ...it };
  };

  it('stay with their own donation when a bank debit is labelled as another one on its way', async () => {
    const [own, other] = [await fixture.begin(donor), await fixture.begin(donor)];
    await fixture.stripe.pay(own.session, 'bank_debit');
    await until('the debit', async () => (await fixture.storedDonation(own.id)).state === 'unpaid');
    await fixture.stripe.overwriteMetadata({ donation_id: other.id });
    await fixture.stripe.settle(own.session);
    await fixture.stripe.overwriteMetadata(null);
    await until('the money', async () => (await fixture.storedDonation(own.id)).state === 'paid');
    expect(Object.values(await fixture.ledger(own.id))).toEqual(['5000 usd']);
    expect(await fixture.ledger(other.id)).toEqual({});
  });

  it('wait on when Stripe does not answer', async () => {
    await idle();
    await fixture.stripe.failNextCall({ kind: 'hangup', times: Infinity, path: '/v1/' });
    await hourlyRun();
    await fixture.stripe.clearFaults();
    await fixture.hideEvents();
    const unheard = played.filter((it) => it.name.endsWith(EVENT_TYPES.join(', ')));
    expect(unheard).toHaveLength(Object.keys(courses).length);
    for (const { id } of unheard) expect(await fixture.ledger(id)).toEqual({});
    expect(await fixture.app.sql('select 1 from stripe_events where processed_at is null')).not.toEqual([]);
  });

  it('end in the same ledger within two hourly runs when any one type of event is never generated', async () => {
    await hourlyRun();
    await hourlyRun();
    expect(played.length).toBeGreaterThan(30);
    const ends = await Promise.all(played.map(async ({ name, id }) => ({ name, ...(await endOf(id)) })));
    expect(ends).toEqual(
      played.map(({ name, course: { ledger, state, status = null } }) => ({
        name,
        ledger: [...ledger].sort(),
        state,
        status,
      })),
    );
    expect(await fixture.app.sql('select type, waits_for from stripe_events where processed_at is null')).toEqual([]);
  });

  it('keep a subscription that staff made anew for the same customer, and leave others out', async () => {
    expect(Object.values(await fixture.ledger(anew.gift))).toEqual(['1000 usd', '1000 usd']);
    const known = await fixture.app.sql<{ id: string; status: string }>(
      'select id, status from donation_subscriptions where id = any($1) order by id',
      [[anew.same, anew.other]],
    );
    expect(known).toEqual([{ id: anew.same, status: 'active' }]);
    const foreign = await fixture.app.sql<{ type: string }>(
      `select type from stripe_events where outcome = 'foreign' and payload::text like $1`,
      [`%${anew.other}%`],
    );
    expect(foreign.length).toBeGreaterThan(0);
  });
});
