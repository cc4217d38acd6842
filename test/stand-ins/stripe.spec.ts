import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Stripe from 'stripe';
import { until } from '../support/until.js';
import { StripeFixture, refusal } from './stripe-fixture.js';

const DAY = 86_400;
let fixture: StripeFixture;

beforeAll(async () => {
  fixture = await StripeFixture.open();
});
afterAll(() => fixture.close());

/** Returns the events that an action causes, in their order. */
async function eventsOf(action: () => Promise<unknown>) {
  const before = (await fixture.standIn.events()).length;
  await action();
  return (await fixture.standIn.events()).slice(before);
}
const typesOf = async (action: () => Promise<unknown>) => (await eventsOf(action)).map((it) => it.type);
const balance = async () => {
  const all = await fixture.stripe.balanceTransactions.list({ limit: 100 }).autoPagingToArray({ limit: 1000 });
  return all.reduce((sum, it) => sum + it.amount, 0);
};

describe('a single payment', () => {
  it('is paid by card, with session, payment, charge and fee in the SDK’s shapes', async () => {
    const session = await fixture.session();
    expect(session).toMatchObject({ status: 'open', payment_status: 'unpaid', amount_total: 1234, livemode: false });
    expect(session).toMatchObject({
      currency: 'usd',
      payment_intent: null,
      ui_mode: 'hosted_page',
      submit_type: 'donate',
    });
    expect(session.expires_at - session.created).toBe(DAY);

    const types = await typesOf(() =>
      fixture.standIn.pay(session.id, 'card', { email: 'ann@example.org', name: 'Ann' }),
    );
    expect(types).toEqual([
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
      'checkout.session.completed',
      'charge.updated',
    ]);

    const paid = await fixture.stripe.checkout.sessions.retrieve(session.id, {
      expand: ['line_items', 'payment_intent.latest_charge.balance_transaction'],
    });
    expect(paid).toMatchObject({ status: 'complete', payment_status: 'paid', url: null, client_reference_id: 'd1' });
    expect(paid.customer_details).toMatchObject({ email: 'ann@example.org', name: 'Ann' });
    const [line] = paid.line_items!.data;
    expect(line).toMatchObject({ amount_total: 1234, quantity: 1, description: 'A gift' });
    // The SDK makes a decimal of it only when a string was sent.
    expect(line!.price!.unit_amount_decimal!.eq(Stripe.Decimal.from('1234'))).toBe(true);
    const intent = paid.payment_intent as Stripe.PaymentIntent;
    expect(intent).toMatchObject({ status: 'succeeded', amount_received: 1234, metadata: { donation_id: 'd1' } });
    const charge = intent.latest_charge as Stripe.Charge;
    expect(charge).toMatchObject({
      paid: true,
      amount: 1234,
      payment_intent: intent.id,
      metadata: { donation_id: 'd1' },
    });
    expect(charge.payment_method_details!.card!.last4).toBe('4242');
    expect(charge.balance_transaction).toMatchObject({ amount: 1234, fee: 66, net: 1168, source: charge.id });
  });

  it('gets its fee only after the charge, as at Stripe', async () => {
    const session = await fixture.session();
    const events = await eventsOf(() => fixture.standIn.pay(session.id));
    const [charged] = events.filter((it) => it.type === 'charge.succeeded');
    const [updated] = events.filter((it) => it.type === 'charge.updated');
    expect(charged!.data.object).toMatchObject({ object: 'charge', balance_transaction: null });
    expect(updated!.data).toMatchObject({ previous_attributes: { balance_transaction: null } });
    expect((updated!.data.object as { balance_transaction: string }).balance_transaction).toMatch(/^txn_/);
  });

  it('stays open after a declined card, and is paid by the next one', async () => {
    const session = await fixture.session();
    expect(await typesOf(() => fixture.standIn.pay(session.id, 'declined_card'))).toEqual([
      'payment_intent.created',
      'charge.failed',
      'payment_intent.payment_failed',
    ]);
    const declined = await fixture.stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] });
    expect(declined).toMatchObject({ status: 'open', payment_status: 'unpaid' });
    const intent = declined.payment_intent as Stripe.PaymentIntent;
    expect(intent).toMatchObject({ status: 'requires_payment_method', amount_received: 0 });
    expect(intent.last_payment_error).toMatchObject({ code: 'card_declined', decline_code: 'generic_decline' });

    expect((await fixture.standIn.pay(session.id)).payment_intent).toBe(intent.id);
    const charges = await fixture.stripe.charges.list({ payment_intent: intent.id });
    expect(charges.data.map((it) => it.status)).toEqual(['succeeded', 'failed']);
  });

  it('is complete but unpaid by bank debit until the money arrives', async () => {
    const session = await fixture.session();
    expect(await typesOf(() => fixture.standIn.pay(session.id, 'bank_debit'))).toEqual([
      'payment_intent.created',
      'payment_intent.processing',
      'charge.pending',
      'checkout.session.completed',
    ]);
    expect(await fixture.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
      status: 'complete',
      payment_status: 'unpaid',
    });
    expect(await typesOf(() => fixture.standIn.settle(session.id))).toEqual([
      'charge.succeeded',
      'payment_intent.succeeded',
      'checkout.session.async_payment_succeeded',
      'charge.updated',
    ]);
    expect((await fixture.stripe.checkout.sessions.retrieve(session.id)).payment_status).toBe('paid');
    expect((await refusal(fixture.standIn.settle(session.id))).message).toMatch(/no bank debit/);
  });

  it('stays unpaid when its bank debit fails', async () => {
    const session = await fixture.session();
    const before = await balance();
    await fixture.standIn.pay(session.id, 'bank_debit');
    expect(await typesOf(() => fixture.standIn.settle(session.id, 'failed'))).toEqual([
      'charge.failed',
      'payment_intent.payment_failed',
      'checkout.session.async_payment_failed',
    ]);
    expect((await fixture.stripe.checkout.sessions.retrieve(session.id)).payment_status).toBe('unpaid');
    expect(await balance()).toBe(before);
  });

  it('expires once on request, and cannot be paid afterwards', async () => {
    const session = await fixture.session();
    expect(await typesOf(() => fixture.stripe.checkout.sessions.expire(session.id))).toEqual([
      'checkout.session.expired',
    ]);
    expect(await typesOf(() => fixture.standIn.pay(session.id))).toEqual([]);
    expect(await fixture.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ status: 'expired', url: null });
    expect(await refusal(fixture.stripe.checkout.sessions.expire(session.id))).toMatchObject({ statusCode: 400 });
  });
});

describe('a refund or dispute', () => {
  const paid = async () => (await fixture.standIn.pay((await fixture.session({}, 1000)).id)).payment_intent!;

  it('returns the payment in parts, and never more than was paid', async () => {
    const intent = await paid();
    const before = await balance();
    const events = await eventsOf(() =>
      fixture.stripe.refunds.create({ payment_intent: intent, amount: 300, metadata: { by: 'desk' } }),
    );
    expect(events.map((it) => it.type)).toEqual(['refund.created', 'charge.refunded']);
    expect(events[0]!.data.object).toMatchObject({
      amount: 300,
      status: 'succeeded',
      payment_intent: intent,
      metadata: { by: 'desk' },
    });
    expect(events[1]!.data).toMatchObject({
      object: { amount_refunded: 300, refunded: false },
      previous_attributes: { amount_refunded: 0 },
    });
    // Since 2022 a charge carries its refunds only when the request expands them.
    expect(events[1]!.data.object).not.toHaveProperty('refunds');

    expect(await refusal(fixture.stripe.refunds.create({ payment_intent: intent, amount: 701 }))).toMatchObject({
      statusCode: 400,
      param: 'amount',
    });
    await fixture.stripe.refunds.create({ payment_intent: intent });
    expect(await refusal(fixture.stripe.refunds.create({ payment_intent: intent }))).toMatchObject({
      code: 'charge_already_refunded',
    });
    expect(await balance()).toBe(before - 1000);
    const { data } = await fixture.stripe.refunds.list({ payment_intent: intent });
    expect(data.map((it) => it.amount)).toEqual([700, 300]);
    const { latest_charge } = await fixture.stripe.paymentIntents.retrieve(intent, {
      expand: ['latest_charge.refunds'],
    });
    expect((latest_charge as Stripe.Charge).refunds!.data).toHaveLength(2);
  });

  it('adds the amount again when the bank refuses the refund', async () => {
    const intent = await paid();
    const before = await balance();
    const refund = await fixture.stripe.refunds.create({ payment_intent: intent });
    expect(await typesOf(() => fixture.standIn.failRefund(refund.id))).toContain('refund.failed');
    expect(await fixture.stripe.refunds.retrieve(refund.id)).toMatchObject({ status: 'failed' });
    expect(await balance()).toBe(before);
  });

  it.each([
    ['won', 0],
    ['lost', -1000],
  ] as const)('moves the money of a dispute that is %s', async (outcome, difference) => {
    const intent = await paid();
    const before = await balance();
    let id = '';
    expect(await typesOf(async () => (id = (await fixture.standIn.dispute(intent)).id))).toEqual([
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
    ]);
    expect(await balance()).toBe(before - 1000);
    expect(await refusal(fixture.stripe.refunds.create({ payment_intent: intent }))).toMatchObject({
      code: 'charge_disputed',
    });
    const types = await typesOf(() => fixture.standIn.closeDispute(id, outcome));
    expect(types).toEqual(
      outcome === 'won' ? ['charge.dispute.funds_reinstated', 'charge.dispute.closed'] : ['charge.dispute.closed'],
    );
    expect((await fixture.stripe.disputes.list({ payment_intent: intent })).data).toMatchObject([
      { id, status: outcome, amount: 1000 },
    ]);
    expect(await balance()).toBe(before + difference);
  });
});

describe('a subscription', () => {
  it('begins with a customer and a paid invoice, in the shapes of this API version', async () => {
    const session = await fixture.monthly();
    const types = await typesOf(() => fixture.standIn.pay(session.id, 'card', { email: 'ben@example.org' }));
    expect(types).toEqual([
      'customer.created',
      'payment_method.attached',
      'customer.subscription.created',
      'invoice.created',
      'invoice.finalized',
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
      'invoice.paid',
      'invoice.payment_succeeded',
      'invoice_payment.paid',
      'customer.subscription.updated',
      'charge.updated',
      'checkout.session.completed',
    ]);
    const paid = await fixture.stripe.checkout.sessions.retrieve(session.id, {
      expand: ['invoice', 'subscription', 'customer'],
    });
    expect(paid).toMatchObject({
      payment_status: 'paid',
      payment_intent: null,
      customer: { email: 'ben@example.org' },
    });
    const subscription = paid.subscription as Stripe.Subscription;
    expect(subscription).toMatchObject({
      status: 'active',
      metadata: { donation_id: 'd2' },
      latest_invoice: (paid.invoice as Stripe.Invoice).id,
    });
    expect(subscription).not.toHaveProperty('current_period_end');
    const [item] = subscription.items.data;
    expect(item!.current_period_end).toBeGreaterThan(item!.current_period_start + 27 * DAY);
    expect(item!.price).toMatchObject({ unit_amount: 500, recurring: { interval: 'month', interval_count: 1 } });

    const invoice = paid.invoice as Stripe.Invoice;
    expect(invoice).toMatchObject({
      status: 'paid',
      amount_paid: 500,
      billing_reason: 'subscription_create',
      parent: { subscription_details: { subscription: subscription.id, metadata: { donation_id: 'd2' } } },
    });
    for (const gone of ['payment_intent', 'subscription', 'charge', 'paid']) expect(invoice).not.toHaveProperty(gone);
    const { data } = await fixture.stripe.invoicePayments.list({
      invoice: invoice.id!,
      expand: ['data.payment.payment_intent'],
    });
    expect(data).toMatchObject([{ status: 'paid', amount_paid: 500 }]);
    // The payments of subscriptions carry no metadata.
    expect(data[0]!.payment.payment_intent).toMatchObject({ status: 'succeeded', metadata: {} });
  });

  it('renews with a new invoice and the first metadata, and ends when it was cancelled', async () => {
    const id = await fixture.subscribed();
    const before = await fixture.stripe.subscriptions.retrieve(id);
    await fixture.stripe.subscriptions.update(id, { metadata: { donation_id: '', moved: 'yes' } });
    const renewed = await fixture.standIn.renew(id);
    expect(renewed).toMatchObject({
      status: 'paid',
      billing_reason: 'subscription_cycle',
      parent: { subscription_details: { metadata: { moved: 'yes' } } },
    });
    const after = await fixture.stripe.subscriptions.retrieve(id);
    expect(after.items.data[0]!.current_period_start).toBe(before.items.data[0]!.current_period_end);
    const invoices = await fixture.stripe.invoices.list({ subscription: id });
    expect(invoices.data.map((it) => it.parent!.subscription_details!.metadata)).toEqual([
      { moved: 'yes' },
      { donation_id: 'd2' },
    ]);

    const events = await eventsOf(() => fixture.stripe.subscriptions.update(id, { cancel_at_period_end: true }));
    expect(events.map((it) => it.type)).toEqual(['customer.subscription.updated']);
    expect(events[0]!.data.previous_attributes).toMatchObject({ cancel_at_period_end: false });
    expect((await fixture.stripe.subscriptions.retrieve(id)).cancel_at).toBe(after.items.data[0]!.current_period_end);
    expect(await typesOf(() => fixture.standIn.renew(id))).toEqual(['customer.subscription.deleted']);
    expect((await fixture.stripe.subscriptions.list({ status: 'canceled' })).data.map((it) => it.id)).toContain(id);
    expect((await fixture.stripe.subscriptions.list()).data.map((it) => it.id)).not.toContain(id);
  });

  it('becomes past due when a charge is declined, and recovers', async () => {
    const id = await fixture.subscribed();
    await fixture.standIn.failNextCharge('expired_card');
    const events = await eventsOf(() => fixture.standIn.renew(id));
    expect(events.map((it) => it.type)).toEqual(
      expect.arrayContaining(['invoice.payment_failed', 'customer.subscription.updated']),
    );
    expect(events.map((it) => it.type)).not.toContain('invoice.paid');
    const { latest_invoice: invoice, status } = await fixture.stripe.subscriptions.retrieve(id);
    expect(status).toBe('past_due');
    expect(await fixture.stripe.invoices.retrieve(invoice as string)).toMatchObject({
      status: 'open',
      attempt_count: 1,
      amount_remaining: 500,
    });
    expect(await fixture.standIn.retryInvoice(invoice as string)).toMatchObject({ status: 'paid', attempt_count: 2 });
    expect((await fixture.stripe.subscriptions.retrieve(id)).status).toBe('active');
  });

  it('ends after the fourth decline', async () => {
    const id = await fixture.subscribed();
    for (let i = 0; i < 4; i++) await fixture.standIn.failNextCharge();
    const invoice = (await fixture.standIn.renew(id))!;
    for (let i = 0; i < 2; i++) await fixture.standIn.retryInvoice(invoice.id!);
    expect(await typesOf(() => fixture.standIn.retryInvoice(invoice.id!))).toContain('customer.subscription.deleted');
    expect(await fixture.stripe.subscriptions.retrieve(id)).toMatchObject({
      status: 'canceled',
      cancellation_details: { reason: 'payment_failed' },
    });
    expect(await fixture.standIn.renew(id)).toBeNull();
  });

  it('changes its amount from the next period, and ends when its customer is deleted', async () => {
    const id = await fixture.subscribed();
    const { items, customer, currency } = await fixture.stripe.subscriptions.retrieve(id);
    const { id: item, price } = items.data[0]!;
    const data = { currency, product: price.product as string, unit_amount: 4_300 };
    const update = (over: Partial<Stripe.SubscriptionUpdateParams.Item.PriceData> = {}, at = item) =>
      fixture.stripe.subscriptions.update(id, {
        items: [{ id: at, price_data: { ...data, recurring: { interval: 'month' }, ...over } }],
        proration_behavior: 'none',
      });
    for (const wrong of [update({ currency: 'eur' }), update({ product: 'prod_none' }), update({}, 'si_none')])
      expect([400, 404]).toContain((await refusal(wrong)).statusCode);
    const events = await eventsOf(() => update());
    expect(events.map((it) => it.type)).toEqual(['customer.subscription.updated']);
    const changed = await fixture.stripe.subscriptions.retrieve(id);
    expect(changed.items.data[0]).toMatchObject({
      id: item,
      current_period_end: items.data[0]!.current_period_end,
      price: { unit_amount: 4_300, recurring: { interval: 'month' } },
    });
    await fixture.standIn.renew(id);
    const { data: invoices } = await fixture.stripe.invoices.list({ subscription: id });
    expect(invoices.map((it) => it.total)).toEqual([4_300, price.unit_amount]);

    const gone = () => fixture.stripe.customers.del(customer as string);
    expect(await typesOf(gone)).toEqual(['customer.subscription.deleted', 'customer.deleted']);
    expect((await fixture.stripe.subscriptions.retrieve(id)).status).toBe('canceled');
    expect(await refusal(gone())).toMatchObject({ statusCode: 404, code: 'resource_missing' });
  });

  it('is cancelled at once, and only once', async () => {
    const id = await fixture.subscribed();
    const cancelled = await fixture.stripe.subscriptions.cancel(id, { cancellation_details: { feedback: 'unused' } });
    expect(cancelled).toMatchObject({
      status: 'canceled',
      cancellation_details: { feedback: 'unused', reason: 'cancellation_requested' },
    });
    expect(await refusal(fixture.stripe.subscriptions.cancel(id))).toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
    });
  });

  it('is active before the money of its first bank debit arrives', async () => {
    const session = await fixture.monthly();
    const { subscription, invoice } = await fixture.standIn.pay(session.id, 'bank_debit');
    expect(await fixture.stripe.subscriptions.retrieve(subscription!)).toMatchObject({ status: 'active' });
    expect(await fixture.stripe.invoices.retrieve(invoice!)).toMatchObject({ status: 'open', amount_paid: 0 });
    expect(await typesOf(() => fixture.standIn.settle(session.id))).toEqual(
      expect.arrayContaining(['invoice.paid', 'checkout.session.async_payment_succeeded']),
    );
    expect((await fixture.stripe.checkout.sessions.retrieve(session.id)).payment_status).toBe('paid');
  });

  it('makes neither subscription nor invoice when the first card is declined', async () => {
    const session = await fixture.monthly();
    expect(await fixture.standIn.pay(session.id, 'declined_card')).toMatchObject({
      status: 'open',
      subscription: null,
      invoice: null,
    });
  });
});

describe('the clock', () => {
  it('expires sessions, settles debits and renews at their times, also at the ends of months', async () => {
    const clock = await StripeFixture.open({ settleAfter: 5 * DAY });
    try {
      const open = await clock.session();
      const debit = await clock.session();
      await clock.standIn.pay(debit.id, 'bank_debit');
      const yearly = await clock.monthly({}, 'year');
      const subscription = (await clock.standIn.pay(yearly.id)).subscription!;
      await clock.standIn.advance(DAY - 60);
      expect((await clock.stripe.checkout.sessions.retrieve(open.id)).status).toBe('open');
      await clock.standIn.advance(120);
      expect((await clock.stripe.checkout.sessions.retrieve(open.id)).status).toBe('expired');
      expect((await clock.stripe.checkout.sessions.retrieve(debit.id)).payment_status).toBe('unpaid');
      await clock.standIn.advance(4 * DAY);
      expect((await clock.stripe.checkout.sessions.retrieve(debit.id)).payment_status).toBe('paid');

      const monthly = (await clock.standIn.pay((await clock.monthly()).id)).subscription!;
      await clock.standIn.advance(3 * 366 * DAY);
      const invoices = await clock.stripe.invoices.list({ subscription: monthly, limit: 100 });
      expect(invoices.data).toHaveLength(37);
      expect((await clock.stripe.invoices.list({ subscription })).data.map((it) => it.billing_reason)).toHaveLength(4);
      const days = invoices.data.map((it) => new Date(it.created * 1000).getUTCDate());
      const first = days.at(-1)!;
      for (const day of days) expect(day === first || (first > 28 && day >= 28)).toBe(true);
      expect(new Set(invoices.data.map((it) => it.created)).size).toBe(37);
      // Stripe lists events for thirty days.
      const [oldest] = (await clock.stripe.events.list({ limit: 100 }).autoPagingToArray({ limit: 5000 })).reverse();
      const now = (await clock.session()).created;
      expect(oldest!.created).toBeGreaterThan(now - 31 * DAY);
    } finally {
      await clock.close();
    }
  });

  it('also moves with real time', async () => {
    const quick = await StripeFixture.open({ settleAfter: 0 });
    try {
      const session = await quick.session();
      await quick.standIn.pay(session.id, 'bank_debit');
      await until('the debit to settle', async () =>
        quick.received.some((it) => it.type === 'checkout.session.async_payment_succeeded'),
      );
    } finally {
      await quick.close();
    }
  });
});
