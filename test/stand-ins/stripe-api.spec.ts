import { get, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Stripe from 'stripe';
import { startMailbox } from '../../stand-ins/mailbox/mailbox.js';
import { startPushService } from '../../stand-ins/push-service/push-service.js';
import { periodEnd } from '../../stand-ins/stripe/billing/period.js';
import { StripeFixture, onceParams, refusal } from './stripe-fixture.js';

let fixture: StripeFixture;

beforeAll(async () => {
  fixture = await StripeFixture.open();
});
afterAll(() => fixture.close());

/** Calls the stand-in without the SDK, so that a call can be malformed. */
async function call(path: string, { method = 'GET', key = 'sk_test_x', body = '', headers = {} } = {}) {
  const response = await fetch(`${fixture.standIn.url}${path}`, {
    method,
    headers: {
      ...(key && { authorization: `Bearer ${key}` }),
      'content-type': 'application/x-www-form-urlencoded',
      ...headers,
    },
    ...(body && { body }),
  });
  return {
    status: response.status,
    headers: response.headers,
    ...((await response.json()) as { error?: Stripe.StripeRawError }),
  };
}

describe('an unknown call', () => {
  it.each([
    '/v1/payment_links',
    '/v1/customers/cus_1/sources',
    '/v1/checkout/sessions/cs_1/nothing',
    '/v2/core/events',
    '/v1/',
  ])('gets a 404 for GET %s', async (path) => {
    expect(await call(path)).toMatchObject({
      status: 404,
      error: { type: 'invalid_request_error', message: expect.stringContaining('stand-in: not implemented') },
    });
  });

  it('gets a 400 for a malformed address', async () => {
    expect(await call('/v1/checkout/sessions/%E0%A4%A')).toMatchObject({ status: 400 });
  });

  it('gets a 421 when its Host is another site, which could point here by DNS', async () => {
    const push = await startPushService({ port: 0 });
    const mail = await startMailbox({ port: 0, smtpPort: 0 });
    try {
      for (const url of [fixture.standIn.url, push.url, mail.url]) {
        const ask = (host: string) =>
          new Promise<number | undefined>((resolve, reject) => {
            get(url, { headers: { host } }, (it) => resolve(it.resume().statusCode)).on('error', reject);
          });
        const asked = ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '10.0.0.1'];
        expect(await Promise.all(asked.map(ask))).toEqual([421, 421, 421, 421]);
        expect(await Promise.all(['localhost', 'localhost:80', '127.0.0.1:80', '[::1]'].map(ask))).toEqual([
          200, 200, 200, 200,
        ]);
      }
    } finally {
      await push.close();
      await mail.close();
    }
  });

  it('gets a 404 for another method of a known path, and for SDK calls that are not implemented', async () => {
    expect(await call('/v1/refunds', { method: 'DELETE' })).toMatchObject({ status: 404 });
    expect(await refusal(fixture.stripe.prices.list())).toMatchObject({ statusCode: 404 });
    expect(await refusal(fixture.stripe.billingPortal.sessions.create({ customer: 'cus_1' }))).toMatchObject({
      statusCode: 404,
    });
  });

  it.each([
    ['POST', '/v1/checkout/sessions', 'mode=payment&colour=red&line_items[0][quantity]=1', 'colour'],
    [
      'POST',
      '/v1/checkout/sessions',
      'mode=payment&line_items[0][quantity]=1&line_items[0][tip]=1',
      'line_items[0][tip]',
    ],
    ['POST', '/v1/refunds', 'charge=ch_1&kind=all', 'kind'],
    ['POST', '/v1/customers', 'surname=x', 'surname'],
    ['GET', '/v1/events?colour=red', '', 'colour'],
    ['GET', '/v1/charges?created[after]=1', '', 'created[after]'],
    ['GET', '/v1/checkout/sessions/cs_1?fields=all', '', 'fields'],
  ])('is refused for an unknown parameter: %s %s %s', async (method, path, body, param) => {
    expect(await call(path, { method, body })).toMatchObject({
      status: 400,
      error: { code: 'parameter_unknown', param },
    });
  });

  it('gets 404 resource_missing for an unknown id', async () => {
    expect(await refusal(fixture.stripe.checkout.sessions.retrieve('cs_test_none'))).toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
    });
    expect(await refusal(fixture.stripe.refunds.create({ payment_intent: 'pi_none' }))).toMatchObject({
      statusCode: 404,
      param: 'payment_intent',
    });
  });
});

describe('the authorization', () => {
  it.each([
    ['', 401],
    ['sk_live_abc', 401],
    ['rk_live_abc', 401],
    ['pk_test_abc', 401],
    ['sk_test_', 401],
    ['sk_test_abc', 200],
    ['rk_test_abc', 200],
  ])('answers the key "%s" with %d', async (key, status) => {
    expect((await call('/v1/charges', { key })).status).toBe(status);
  });

  it('accepts the key as the user name of Basic authorization', async () => {
    const authorization = `Basic ${Buffer.from('sk_test_abc:').toString('base64')}`;
    expect((await call('/v1/charges', { key: '', headers: { authorization } })).status).toBe(200);
  });

  it('accepts only the API version of the SDK', async () => {
    const { headers, status } = await call('/v1/charges', { headers: { 'stripe-version': Stripe.API_VERSION } });
    expect([status, headers.get('stripe-version')]).toEqual([200, Stripe.API_VERSION]);
    expect(headers.get('request-id')).toMatch(/^req_/);
    expect((await call('/v1/charges', { headers: { 'stripe-version': '2020-08-27' } })).status).toBe(400);
  });
});

describe('the creation of a session', () => {
  const price = (more: object) => ({
    line_items: [
      { quantity: 1, price_data: { currency: 'usd', unit_amount: 500, product_data: { name: 'Gift' }, ...more } },
    ],
  });
  const soon = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 'v']));
  const wrong: [string, object, object][] = [
    ['no success_url', { success_url: undefined }, { param: 'success_url', code: 'parameter_missing' }],
    ['an invalid success_url', { success_url: '/thank-you' }, { param: 'success_url', code: 'url_invalid' }],
    ['an invalid cancel_url', { cancel_url: 'javascript:alert(1)' }, { param: 'cancel_url', code: 'url_invalid' }],
    ['no mode', { mode: undefined }, { param: 'mode', code: 'parameter_missing' }],
    ['an unknown mode', { mode: 'donation' }, { param: 'mode' }],
    ['the old name of the hosted page', { ui_mode: 'hosted' }, { param: 'ui_mode' }],
    ['the old name of the embedded page', { ui_mode: 'embedded' }, { param: 'ui_mode' }],
    [
      'payment_method_types',
      { payment_method_types: ['card'] },
      { param: 'payment_method_types', code: 'payment_method_types_no_longer_supported' },
    ],
    [
      'a fraction',
      price({ unit_amount: 500.5 }),
      { param: 'line_items[0][price_data][unit_amount]', code: 'parameter_invalid_integer' },
    ],
    ['a negative amount', price({ unit_amount: -500 }), { param: 'line_items[0][price_data][unit_amount]' }],
    [
      'no amount',
      price({ unit_amount: undefined }),
      { param: 'line_items[0][price_data][unit_amount]', code: 'parameter_missing' },
    ],
    ['an unknown currency', price({ currency: 'xyz' }), { param: 'line_items[0][price_data][currency]' }],
    [
      'custom_unit_amount in price_data',
      price({ custom_unit_amount: { enabled: true } }),
      { code: 'parameter_unknown' },
    ],
    ['a recurring price of a single payment', price({ recurring: { interval: 'month' } }), { param: 'line_items[0]' }],
    [
      'a single price of a subscription',
      { mode: 'subscription', submit_type: undefined, payment_intent_data: undefined },
      { param: 'line_items[0]' },
    ],
    [
      'submit_type in a subscription',
      { mode: 'subscription', payment_intent_data: undefined, ...price({ recurring: { interval: 'month' } }) },
      { param: 'submit_type' },
    ],
    [
      'subscription_data of a single payment',
      { subscription_data: { metadata: { a: 'b' } } },
      { param: 'subscription_data' },
    ],
    ['no line', { line_items: [] }, { param: 'line_items' }],
    ['51 metadata keys', { metadata: many(51) }, { param: 'metadata' }],
    ['a metadata key of 41 characters', { metadata: { ['k'.repeat(41)]: 'v' } }, { param: 'metadata' }],
    ['a metadata value of 501 characters', { metadata: { k: 'v'.repeat(501) } }, { param: 'metadata' }],
    ['a reference of 201 characters', { client_reference_id: 'x'.repeat(201) }, { param: 'client_reference_id' }],
    ['an expiry too near', { expires_at: soon(1500) }, { param: 'expires_at' }],
    ['an expiry too far', { expires_at: soon(90_000) }, { param: 'expires_at' }],
    ['an invalid e-mail address', { customer_email: 'ann' }, { param: 'customer_email' }],
    ['an unknown customer', { customer: 'cus_none' }, { param: 'customer', statusCode: 404 }],
  ];

  it.each(wrong)('refuses %s', async (_, params, expected) => {
    const made = fixture.session(params as Partial<Stripe.Checkout.SessionCreateParams>);
    expect(await refusal(made)).toMatchObject({ statusCode: 400, ...expected });
  });

  it.each([
    ['usd', 50, 99_999_999],
    ['gbp', 30, 99_999_999],
    ['eur', 50, 99_999_999],
    ['jpy', 50, 99_999_999],
    ['huf', 17_500, 99_999_999],
  ])('accepts %s from %d to %d exactly', async (currency, min, max) => {
    expect((await fixture.session({}, min, currency)).amount_total).toBe(min);
    expect((await fixture.session({}, max, currency)).amount_total).toBe(max);
    expect(await refusal(fixture.session({}, min - 1, currency))).toMatchObject({
      statusCode: 400,
      code: 'amount_too_small',
    });
    expect(await refusal(fixture.session({}, max + 1, currency))).toMatchObject({
      statusCode: 400,
      code: 'amount_too_large',
    });
  });

  it('accepts amounts with three decimals in tens, and whole Icelandic krónur only', async () => {
    expect((await fixture.session({}, 5120, 'kwd')).amount_total).toBe(5120);
    expect(await refusal(fixture.session({}, 5121, 'kwd'))).toMatchObject({
      statusCode: 400,
      code: 'invalid_charge_amount',
    });
    expect((await fixture.session({}, 50_000, 'isk')).amount_total).toBe(50_000);
    expect(await refusal(fixture.session({}, 50_050, 'isk'))).toMatchObject({
      statusCode: 400,
      code: 'invalid_charge_amount',
    });
  });

  it('accepts metadata, reference and expiry at their limits', async () => {
    const session = await fixture.session({
      metadata: { ...many(49), ['k'.repeat(40)]: 'v'.repeat(500) },
      client_reference_id: 'x'.repeat(200),
      expires_at: soon(1805),
      ui_mode: 'hosted_page',
      locale: 'en',
      adaptive_pricing: { enabled: false },
      excluded_payment_method_types: ['us_bank_account'],
    });
    expect(Object.keys(session.metadata!)).toHaveLength(50);
    expect(session.client_reference_id).toHaveLength(200);
  });

  it('multiplies by the quantity, and lists the lines', async () => {
    const line = (name: string, quantity: number) => ({
      quantity,
      price_data: { currency: 'usd', unit_amount: 250, product_data: { name } },
    });
    const session = await fixture.session({ line_items: [line('One', 3), line('Two', 1)] });
    expect(session.amount_total).toBe(1000);
    const lines = await fixture.stripe.checkout.sessions
      .listLineItems(session.id, { limit: 1 })
      .autoPagingToArray({ limit: 10 });
    expect(lines.map((it) => [it.description, it.amount_total])).toEqual([
      ['One', 750],
      ['Two', 250],
    ]);
  });
});

describe('the Idempotency-Key', () => {
  it('gets the same answer again, marked as a replay', async () => {
    const once = await fixture.stripe.checkout.sessions.create(onceParams(), { idempotencyKey: 'k1' });
    const again = await fixture.stripe.checkout.sessions.create(onceParams(), { idempotencyKey: 'k1' });
    expect(again.id).toBe(once.id);
    expect(once.lastResponse.headers['idempotent-replayed']).toBeUndefined();
    expect(again.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect(again.lastResponse.headers['original-request']).toBe(once.lastResponse.requestId);
    const other = await fixture.stripe.checkout.sessions.create(onceParams(), { idempotencyKey: 'k2' });
    expect(other.id).not.toBe(once.id);
  });

  it('is refused with other parameters, or at another endpoint', async () => {
    await fixture.stripe.checkout.sessions.create(onceParams(), { idempotencyKey: 'k3' });
    const changed = fixture.stripe.checkout.sessions.create(onceParams({}, 999), { idempotencyKey: 'k3' });
    expect(await refusal(changed)).toMatchObject({ statusCode: 400, type: 'StripeIdempotencyError' });
    const elsewhere = fixture.stripe.customers.create({}, { idempotencyKey: 'k3' });
    expect(await refusal(elsewhere)).toMatchObject({ statusCode: 400, type: 'StripeIdempotencyError' });
  });

  it('makes one session of fifty calls at once', async () => {
    const calls = Array.from({ length: 50 }, () =>
      fixture.stripe.checkout.sessions.create(onceParams(), { idempotencyKey: 'k4' }),
    );
    expect(new Set((await Promise.all(calls)).map((it) => it.id)).size).toBe(1);
  });

  it('gets a 409 while the first call is still running', async () => {
    await fixture.standIn.failNextCall({ kind: 'slow', ms: 20_000 });
    const calls = [1, 2].map(() => fixture.stripe.checkout.sessions.create(onceParams(), { idempotencyKey: 'k5' }));
    expect(await refusal(Promise.race(calls))).toMatchObject({ statusCode: 409, code: 'idempotency_key_in_use' });
    await fixture.standIn.clearFaults();
    expect((await Promise.allSettled(calls)).map((it) => it.status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('is free again after an invalid call, and after a day', async () => {
    expect(
      await refusal(fixture.stripe.checkout.sessions.create(onceParams({}, 1), { idempotencyKey: 'k6' })),
    ).toMatchObject({ statusCode: 400 });
    const made = await fixture.stripe.checkout.sessions.create(onceParams(), { idempotencyKey: 'k6' });
    await fixture.standIn.advance(86_401);
    expect((await fixture.stripe.checkout.sessions.create(onceParams(), { idempotencyKey: 'k6' })).id).not.toBe(
      made.id,
    );
  });

  it('is written into the events of the call', async () => {
    const customer = await fixture.stripe.customers.create({ email: 'ann@example.org' }, { idempotencyKey: 'k7' });
    const [event] = (await fixture.stripe.events.list({ type: 'customer.created', limit: 1 })).data;
    expect(event).toMatchObject({
      api_version: Stripe.API_VERSION,
      livemode: false,
      data: { object: { id: customer.id } },
    });
    expect(event!.request).toEqual({ id: customer.lastResponse.requestId, idempotency_key: 'k7' });
  });
});

describe('a requested fault', () => {
  const ids = async () => (await fixture.stripe.checkout.sessions.list({ limit: 100 })).data.map((it) => it.id);

  it.each([
    [429, 'StripeRateLimitError'],
    [500, 'StripeAPIError'],
  ] as const)('answers the next call with %d before it has an effect', async (kind, type) => {
    const before = await ids();
    await fixture.standIn.failNextCall({ kind });
    expect(await refusal(fixture.session())).toMatchObject({ statusCode: kind, type });
    expect(await ids()).toEqual(before);
    await fixture.session();
  });

  it('hangs up after the effect, which a retry with the same key finds', async () => {
    const before = await ids();
    await fixture.standIn.failNextCall({
      kind: 'hangup',
      effect: 'after',
      method: 'POST',
      path: '/v1/checkout/sessions',
    });
    const made = await fixture.stripe.checkout.sessions.create(onceParams(), {
      idempotencyKey: 'f1',
      maxNetworkRetries: 1,
    });
    expect(made.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect(await ids()).toEqual([made.id, ...before]);
  });

  it('replays a 500 that came after the effect', async () => {
    const before = await ids();
    await fixture.standIn.failNextCall({ kind: 500, effect: 'after' });
    const make = () =>
      refusal(fixture.stripe.checkout.sessions.create(onceParams(), { idempotencyKey: 'f2', maxNetworkRetries: 2 }));
    expect(await make()).toMatchObject({ statusCode: 500 });
    expect(await make()).toMatchObject({ statusCode: 500 });
    expect(await ids()).toHaveLength(before.length + 1);
  });

  it('leaves a call without an answer', async () => {
    await fixture.standIn.failNextCall({ kind: 'timeout' });
    const made = fixture.stripe.checkout.sessions.create(onceParams(), { timeout: 100 });
    expect(await refusal(made)).toMatchObject({ type: 'StripeConnectionError' });
  });

  it('hits the requested number of calls of the named method and path', async () => {
    await fixture.standIn.failNextCall({ kind: 500, times: 2, method: 'POST', path: '/v1/refunds' });
    await fixture.session();
    for (let i = 0; i < 2; i++)
      expect(await refusal(fixture.stripe.refunds.create({ charge: 'ch_1' }))).toMatchObject({ statusCode: 500 });
    expect(await refusal(fixture.stripe.refunds.create({ charge: 'ch_1' }))).toMatchObject({ statusCode: 404 });
  });
});

describe('a list', () => {
  it('goes newest first, page by page in both directions', async () => {
    const made: string[] = [];
    for (let i = 0; i < 5; i++) made.unshift((await fixture.stripe.customers.create({ name: `${i}` })).id);
    const first = await fixture.stripe.customers.list({ limit: 2 });
    expect([first.data.map((it) => it.id), first.has_more]).toEqual([made.slice(0, 2), true]);
    const second = await fixture.stripe.customers.list({ limit: 2, starting_after: made[1]! });
    expect(second.data.map((it) => it.id)).toEqual(made.slice(2, 4));
    const before = await fixture.stripe.customers.list({ limit: 2, ending_before: made[4]! });
    expect([before.data.map((it) => it.id), before.has_more]).toEqual([made.slice(2, 4), true]);
    // The SDK reads a list with ending_before from old to new.
    const walked = await fixture.stripe.customers
      .list({ limit: 2, ending_before: made[4]! })
      .autoPagingToArray({ limit: 100 });
    expect(walked.map((it) => it.id)).toEqual(made.slice(0, 4).reverse());
    expect(await refusal(fixture.stripe.customers.list({ starting_after: 'cus_none' }))).toMatchObject({
      statusCode: 404,
      param: 'starting_after',
    });
    expect(await refusal(fixture.stripe.customers.list({ limit: 101 }))).toMatchObject({
      statusCode: 400,
      param: 'limit',
    });
    expect(
      await refusal(fixture.stripe.customers.list({ starting_after: made[0]!, ending_before: made[1]! })),
    ).toMatchObject({ statusCode: 400 });
  });

  it('filters events by type and time, and sessions by payment', async () => {
    const paid = await fixture.standIn.pay((await fixture.session()).id);
    const since = paid.created;
    await fixture.standIn.advance(100);
    await fixture.standIn.pay((await fixture.session()).id);
    const types = ['payment_intent.succeeded', 'checkout.session.completed'];
    const late = await fixture.stripe.events.list({ types, created: { gte: since + 100 } });
    expect(late.data.map((it) => it.type).sort()).toEqual([...types].sort());
    const both = await fixture.stripe.events.list({ type: 'checkout.*', created: { gte: since } });
    expect(both.data).toHaveLength(2);
    const found = await fixture.stripe.checkout.sessions.list({ payment_intent: paid.payment_intent! });
    expect(found.data.map((it) => it.id)).toEqual([paid.id]);
    expect(
      (await fixture.stripe.checkout.sessions.list({ status: 'open', limit: 100 })).data.map((it) => it.id),
    ).not.toContain(paid.id);
  });

  it('expands the documented fields, and refuses others', async () => {
    const { payment_intent } = await fixture.standIn.pay((await fixture.session()).id);
    const list = await fixture.stripe.charges.list({
      payment_intent: payment_intent!,
      expand: ['data.balance_transaction'],
    });
    expect(list.data[0]!.balance_transaction).toMatchObject({ object: 'balance_transaction', net: 1168 });
    const wrong = fixture.stripe.paymentIntents.retrieve(payment_intent!, { expand: ['status'] });
    expect(await refusal(wrong)).toMatchObject({ statusCode: 400 });
  });

  it('updates and merges metadata', async () => {
    const { id } = await fixture.stripe.customers.create({ name: 'Ann', metadata: { a: '1', b: '2' } });
    await fixture.stripe.customers.update(id, { metadata: { b: '', c: '3' } });
    expect(await fixture.stripe.customers.retrieve(id)).toMatchObject({ name: 'Ann', metadata: { a: '1', c: '3' } });
  });
});

describe('the parser of forms', () => {
  it.each([
    '__proto__[x]=1',
    'metadata[__proto__][x]=1',
    'mode[=1',
    'metadata=1&metadata[a]=1',
    'metadata[a]=1&metadata=1',
  ])('refuses the form %s', async (body) => {
    expect((await call('/v1/customers', { method: 'POST', body })).status).toBe(400);
    expect(({} as { x?: string }).x).toBeUndefined();
  });

  it('refuses a body of more than a megabyte', async () => {
    const { hostname, port } = new URL(fixture.standIn.url);
    const status = await new Promise((resolve, reject) => {
      const sent = request({ hostname, port, method: 'POST', path: '/v1/customers' }, (it) => resolve(it.statusCode));
      sent.on('error', reject);
      sent.end(Buffer.alloc(1024 * 1024 + 1, 'a'));
    });
    expect(status).toBe(413);
  });
});

describe('a period', () => {
  const day = (text: string) => Date.parse(`${text}T10:00:00Z`) / 1000;
  it.each([
    ['2027-01-31', 'month', 1, '2027-01-31', '2027-02-28'],
    ['2027-02-28', 'month', 1, '2027-01-31', '2027-03-31'],
    ['2027-12-31', 'month', 2, '2027-12-31', '2028-02-29'],
    ['2028-02-29', 'year', 1, '2028-02-29', '2029-02-28'],
    ['2031-02-28', 'year', 1, '2028-02-29', '2032-02-29'],
    ['2027-03-27', 'week', 1, '2027-03-27', '2027-04-03'],
  ])('leads from %s by %s x %d, begun on %s, to %s', (start, interval, interval_count, anchor, end) => {
    expect(periodEnd(day(start), { interval, interval_count }, day(anchor))).toBe(day(end));
  });
});
