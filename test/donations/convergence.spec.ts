import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Stripe from 'stripe';
import { until } from '../support/until.js';
import { type NewDonation, DonationsFixture } from './donations-fixture.js';

// The proxy loses two of ten deliveries before the app and one after it. The stand-in repeats each until it gets a 200.
const LOST_BEFORE = [2, 7];
const LOST_AFTER = [5];

let fixture: DonationsFixture;
let stripe: Stripe;
let lossyProxy: Server;

beforeAll(async () => {
  fixture = await DonationsFixture.start({ webhooks: false, env: { LIMIT_DONATIONS_PER_IP_PER_HOUR: '1000' } });
  const { hostname, port } = new URL(fixture.stripe.url);
  stripe = new Stripe('sk_test_ofthetests', { host: hostname, port, protocol: 'http', telemetry: false });
  let count = 0;
  lossyProxy = createServer((request, response) => {
    const turn = (count += 1) % 10;
    const chunks: Buffer[] = [];
    request.on('data', (it: Buffer) => chunks.push(it));
    request.on('end', () => void pass());
    const pass = async () => {
      if (LOST_BEFORE.includes(turn)) return response.writeHead(503).end();
      const headers = {
        'content-type': request.headers['content-type']!,
        'stripe-signature': request.headers['stripe-signature'] as string,
      };
      const url = `${fixture.app.url}/api/v1/webhooks/stripe`;
      const answer = await fetch(url, { method: 'POST', body: Buffer.concat(chunks), headers }).catch(() => undefined);
      return response.writeHead(LOST_AFTER.includes(turn) ? 500 : (answer?.status ?? 502)).end();
    };
  }).listen(0, '127.0.0.1');
  await once(lossyProxy, 'listening');
  await fixture.stripe.setWebhook(`http://localhost:${(lossyProxy.address() as AddressInfo).port}/`);
});
afterAll(async () => {
  await fixture.close();
  lossyProxy.close();
  lossyProxy.closeAllConnections();
});

const PLACES = [
  { country: 'US', currency: 'usd', amount: 5_000 },
  { country: 'GB', currency: 'gbp', amount: 3_000 },
  { country: 'JP', currency: 'jpy', amount: 5_000 },
  { country: 'KW', currency: 'kwd', amount: 10_000 },
  { country: 'HU', currency: 'huf', amount: 300_000 },
];

describe('donations over an unreliable network', () => {
  it('have the ledger and the subscription states of Stripe when deliveries are lost, doubled and shuffled', async () => {
    await fixture.stripe.disturb({ duplicate: 1, shuffle: true, seed: 11 });
    const reader = await fixture.app.reader('Ann');
    // Each donation comes from the next place.
    let turn = 0;
    const begin = (over: Partial<NewDonation> = {}) =>
      fixture.begin(reader, { ...PLACES[turn++ % PLACES.length], ...over });

    const standIn = fixture.stripe;

    await standIn.pay((await begin()).session);
    const partly = await standIn.pay((await begin()).session);
    await stripe.refunds.create({ payment_intent: partly.payment_intent!, amount: 1_000 });
    const wholly = await standIn.pay((await begin()).session);
    await stripe.refunds.create({ payment_intent: wholly.payment_intent! });
    const bounced = await standIn.pay((await begin()).session);
    const refund = await stripe.refunds.create({ payment_intent: bounced.payment_intent!, amount: 500 });
    await standIn.failRefund(refund.id);
    for (const outcome of ['won', 'lost'] as const) {
      const disputed = await standIn.pay((await begin()).session);
      await standIn.closeDispute((await standIn.dispute(disputed.payment_intent!)).id, outcome);
    }
    for (const outcome of ['succeeded', 'failed'] as const) {
      const { session } = await begin();
      await standIn.pay(session, 'declined_card');
      await standIn.pay(session, 'bank_debit');
      await standIn.settle(session, outcome);
    }
    const begun = await standIn.pay((await begin({ interval: 'month' })).session);
    const renewed = (await standIn.renew(begun.subscription!))!;
    const [paid] = (await stripe.invoicePayments.list({ invoice: renewed.id! })).data;
    await stripe.refunds.create({ payment_intent: paid!.payment.payment_intent as string });
    const lapsed = await standIn.pay((await begin({ interval: 'month' })).session);
    await standIn.failNextCharge();
    await standIn.renew(lapsed.subscription!);
    const ending = await standIn.pay((await begin({ interval: 'month' })).session);
    await stripe.subscriptions.cancel(ending.subscription!);

    await until('every event to arrive', async () => (await fixture.stripe.waiting()).length === 0, 20_000);
    await until(
      'every event to be applied',
      async () => !(await fixture.app.sql('select 1 from stripe_events where processed_at is null')).length,
      20_000,
    );

    const truth: Record<string, number> = {};
    for await (const it of stripe.balanceTransactions.list({ limit: 100 }))
      truth[it.currency] = (truth[it.currency] ?? 0) + it.amount;
    const rows = await fixture.app.sql<{ currency: string; sum: string }>(
      'select currency, sum(amount_minor) from ledger_entries group by currency',
    );
    expect(Object.fromEntries(rows.map((it) => [it.currency, Number(it.sum)]))).toEqual(truth);

    const states = await fixture.app.sql<{ state: string; n: string }>(
      'select state, count(*) as n from donations group by state',
    );
    expect(Object.fromEntries(states.map((it) => [it.state, Number(it.n)]))).toEqual({
      paid: 8,
      refunded: 2,
      failed: 1,
    });

    await until(
      'every subscription to be read',
      async () => !(await fixture.app.sql('select 1 from donation_subscriptions where news > seen')).length,
      20_000,
    );
    const known = await fixture.app.sql<{ id: string; status: string }>(
      'select id, status from donation_subscriptions',
    );
    const theirs = await stripe.subscriptions.list({ status: 'all', limit: 100 });
    const byId = (list: { id: string; status: string | null }[]) =>
      Object.fromEntries(list.map((it) => [it.id, it.status]));
    expect(byId(known)).toEqual(byId(theirs.data));

    // A job that a newer one of its key replaced leaves no failed job behind.
    const jobs = () =>
      fixture.app.sql('select task_identifier, last_error from graphile_worker.jobs where attempts > 0');
    await until('the jobs to end', async () => !(await jobs()).length, 20_000);
  });
});
