import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Idempotency } from '../../src/http/idempotency.js';
import { Actor } from '../support/actor.js';
import { TestApp } from '../support/app.js';
import { signature } from '../support/stripe.js';
import { until } from '../support/until.js';
import { DelayedStripe } from './delayed-stripe.js';
import { newDonation, DonationsFixture } from './donations-fixture.js';

describe('a double click', () => {
  let fixture: DonationsFixture;
  let there: TestApp;
  let donor: Actor;
  let donorThere: Actor;

  beforeAll(async () => {
    fixture = await DonationsFixture.start({ webhooks: false });
    there = await TestApp.start({
      env: { ...fixture.env, ROLE: 'web' },
      database: fixture.app.database,
      clock: fixture.app.clock,
      logger: false,
    });
    donor = fixture.app.anonymous();
    await donor.get('/session');
    donorThere = new Actor(there.url, donor.origin);
    for (const [name, value] of donor.cookies) donorThere.cookies.set(name, value);
  });
  afterAll(async () => {
    await there.stop();
    await fixture.close();
  });

  const donations = async (key: string): Promise<number> =>
    (await fixture.app.sql('select 1 from donations where request_key = $1', [key])).length;
  /** Counts the requests to Stripe for a session, with and without success. */
  const calls = (): Promise<number> => fixture.stripe.calls('POST', '/v1/checkout/sessions');
  /** Counts the sessions that Stripe made for a donation. */
  const sessions = async (id: unknown): Promise<number> =>
    (await fixture.sessions()).filter((it) => it.client_reference_id === id).length;

  it.each([
    ['one node', () => [donor]],
    ['two nodes', () => [donor, donorThere]],
  ])('makes one donation and one session of 50 identical requests at the same time on %s', async (_nodes, actors) => {
    const key = randomUUID();
    const all = actors();
    const [before, asked] = [(await fixture.sessions()).length, await calls()];
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_it, i) => fixture.postDonation(all[i % all.length]!, {}, key)),
    );
    expect(new Set(answers.map((it) => it.status))).toEqual(new Set([201]));
    expect(new Set(answers.map((it) => it.text)).size).toBe(1);
    expect(await donations(key)).toBe(1);
    expect((await fixture.sessions()).length).toBe(before + 1);
    // the waiting requests did not call Stripe, whose idempotency would have hidden that
    expect(await calls()).toBe(asked + 1);
    const later = await fixture.postDonation(all.at(-1)!, {}, key.toUpperCase());
    expect([later.status, later.text]).toEqual([201, answers[0]!.text]);
    expect(await sessions(later.body.id)).toBe(1);
  });

  it('sets one cookie, which opens the donation, when 50 requests come without a cookie', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const fresh = Array.from({ length: 50 }, () => fixture.app.anonymous());
    const answers = await Promise.all(fresh.map((it) => it.post('/donations', newDonation(), key)));
    expect(new Set(answers.map((it) => it.text)).size).toBe(1);
    const given = fresh.filter((it) => it.cookies.size);
    expect(given).toHaveLength(1);
    expect((await given[0]!.get(`/donations/${String(answers[0]!.body.id)}`)).status).toBe(200);
    expect(await sessions(answers[0]!.body.id)).toBe(1);
  });

  it('repeats the same donation when its first request failed and set the cookie', async () => {
    const fresh = fixture.app.anonymous();
    const key = randomUUID();
    await fixture.stripe.failNextCall({ kind: 'hangup', times: 100, path: '/v1/checkout/sessions' });
    expect((await fixture.postDonation(fresh, {}, key)).status).toBe(503);
    await fixture.stripe.clearFaults();
    expect(fresh.cookies.size).toBe(1);
    const { status, body } = await fixture.postDonation(fresh, {}, key);
    expect([status, await donations(key), await fixture.status(fresh, body.id)]).toEqual([201, 1, 'pending']);
  });

  it('makes one donation when the donor signs in or out between two attempts, also at the same time', async () => {
    const reader = await fixture.app.reader('Inga Inbetween');
    const out = fixture.app.anonymous();
    for (const [name, value] of reader.cookies) if (name.endsWith('-browser')) out.cookies.set(name, value);
    const other = fixture.app.anonymous();
    await other.get('/session');
    for (const [first, second] of [
      [out, reader],
      [reader, out],
    ] as const) {
      const key = randomUUID();
      const began = await fixture.postDonation(first, {}, key);
      const again = await fixture.postDonation(second, {}, key);
      expect([again.status, again.text]).toEqual([201, began.text]);
      expect((await fixture.postDonation(second, { amount: 2_500 }, key)).body.code).toBe('idempotency.key_reused');
      expect((await fixture.postDonation(other, {}, key)).body.id).not.toBe(began.body.id);
    }
    const key = randomUUID();
    const answers = await Promise.all([out, reader, out, reader].map((it) => fixture.postDonation(it, {}, key)));
    expect(new Set(answers.map((it) => it.text)).size).toBe(1);
    expect([await donations(key), await sessions(answers[0]!.body.id)]).toEqual([1, 1]);
  });

  it('refuses another donation under the same key, also while the first request runs', async () => {
    const key = randomUUID();
    const [first, second] = await Promise.all([
      fixture.postDonation(donor, {}, key),
      fixture.postDonation(donor, { amount: 2_500 }, key),
    ]);
    expect(new Set([first.status, second.status])).toEqual(new Set([201, 422]));
    const third = await fixture.postDonation(donorThere, { interval: 'month', amount: 1_000 }, key);
    expect([third.status, third.body.code]).toEqual([422, 'idempotency.key_reused']);
    expect(await donations(key)).toBe(1);
  });

  it('makes separate donations without a key, and under the same key in another browser', async () => {
    const key = randomUUID();
    const other = fixture.app.anonymous();
    await other.get('/session');
    const ids = [
      (await donor.post('/donations', newDonation())).body.id,
      (await donor.post('/donations', newDonation())).body.id,
      (await fixture.postDonation(donor, {}, key)).body.id,
      (await fixture.postDonation(other, {}, key)).body.id,
    ];
    expect(new Set(ids).size).toBe(4);
  });

  it.each([
    ['answers 500', { kind: 500, times: 100, effect: 'before' }, 1],
    ['answers 429', { kind: 429, times: 100, effect: 'before' }, 1],
    ['makes a session and then always answers 500', { kind: 500, times: 100, effect: 'after' }, 2],
    ['hangs up', { kind: 'hangup', times: 100, effect: 'before' }, 1],
    ['hangs up after it made the session', { kind: 'hangup', times: 100, effect: 'after' }, 1],
  ] as const)(
    'answers 503 when Stripe %s, and succeeds at a repeat',
    async (_what, fault, made) => {
      const key = randomUUID();
      await fixture.stripe.failNextCall({ ...fault, path: '/v1/checkout/sessions' });
      const failed = await fixture.postDonation(donor, {}, key);
      expect([failed.status, failed.body.code]).toEqual([503, 'stripe.unavailable']);
      expect(Number(failed.headers.get('retry-after'))).toBeGreaterThan(0);
      await fixture.stripe.clearFaults();
      const again = await fixture.postDonation(donor, {}, key);
      expect(again.status).toBe(201);
      expect((await fixture.postDonation(donorThere, {}, key)).text).toBe(again.text);
      expect(await donations(key)).toBe(1);
      // A key to which Stripe repeats a 500 is given up. The database keeps the one page that the donor saw.
      const [row] = await fixture.app.sql<{ url: string }>('select checkout_url as url from donations where id = $1', [
        again.body.id,
      ]);
      expect(row!.url).toBe(again.body.checkoutUrl);
      expect(await sessions(again.body.id)).toBe(made);
    },
    60_000,
  );

  it('answers repeats with 409 when their patience ends, and completes a donation whose process died', async () => {
    const patienceMs = 1_000;
    jest.replaceProperty(there.get(Idempotency), 'patienceMs', patienceMs);
    const delayed = await DelayedStripe.inFrontOf(fixture.stripe.url);
    const dying = await TestApp.start({
      env: { ...fixture.env, ROLE: 'web', STRIPE_STAND_IN_URL: delayed.url },
      database: fixture.app.database,
      clock: fixture.app.clock,
      logger: false,
      patienceMs,
    });
    try {
      const donorDying = new Actor(dying.url, donor.origin);
      for (const [name, value] of donor.cookies) donorDying.cookies.set(name, value);
      const key = randomUUID();
      const lost = fixture.postDonation(donorDying, {}, key);
      const id = await until('the session, whose answer is held back', async () => {
        const [found] = await fixture.app.sql<{ id: string }>('select id from donations where request_key = $1', [key]);
        return found && (await sessions(found.id)) === 1 ? found.id : undefined;
      });
      const [waiting, waitingThere] = await Promise.all([
        fixture.postDonation(donorDying, {}, key),
        fixture.postDonation(donorThere, {}, key),
      ]);
      for (const answer of [waiting, waitingThere]) {
        expect([answer.status, answer.body.code]).toEqual([409, 'idempotency.in_progress']);
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      }
      expect((await fixture.storedDonation(id)).session_id).toBeNull();
      // The lease has expired, so the next repeat takes over and gets the same session.
      await fixture.app.clock.advance(11_000);
      const taken = await fixture.postDonation(donorThere, {}, key);
      expect([taken.status, taken.body.id]).toEqual([201, id]);
      expect(await sessions(id)).toBe(1);
      // The process that counted as dead has answered meanwhile, and ends with the same page.
      const { status, body } = await lost;
      expect([status, body.code]).toEqual([503, 'stripe.slow']);
      delayed.release();
      expect((await fixture.postDonation(donorDying, {}, key)).text).toBe(taken.text);
    } finally {
      jest.restoreAllMocks();
      delayed.release();
      await dying.stop();
      await delayed.close();
    }
  });

  it('does not count a repeat against the limit of a browser', async () => {
    const strict = await TestApp.start({
      env: { ...fixture.env, ROLE: 'web', LIMIT_DONATIONS_PER_BROWSER_PER_HOUR: '2' },
    });
    try {
      const reader = strict.anonymous();
      await reader.get('/session');
      const headers = { 'idempotency-key': randomUUID() };
      for (let i = 0; i < 5; i += 1) expect((await reader.post('/donations', newDonation(), headers)).status).toBe(201);
      expect((await reader.post('/donations', newDonation())).status).toBe(201);
      const over = await reader.post('/donations', newDonation());
      expect([over.status, over.body.code]).toEqual([429, 'rate.limited']);
      expect((await reader.post('/donations', newDonation(), headers)).status).toBe(201);
    } finally {
      await strict.stop();
    }
  });

  it('counts browsers apart, so that strangers on the network use up nobody’s room, and warns of them once', async () => {
    const warned = jest.spyOn(Logger.prototype, 'warn');
    const shared = await TestApp.start({
      env: { ...fixture.env, ROLE: 'web', LIMIT_DONATIONS_PER_IP_PER_HOUR: '1' },
      database: fixture.app.database,
      clock: fixture.app.clock,
      logger: false,
    });
    try {
      await fixture.app.sql('delete from rate_limits');
      const begin = async (who: Actor) => (await who.post('/donations', newDonation())).status;
      const strangers = [];
      for (let n = 0; n < 4; n += 1) strangers.push(await begin(shared.anonymous()));
      expect(strangers).toEqual([201, 429, 429, 429]);
      const known = shared.anonymous();
      await known.get('/session');
      const signedIn = await shared.reader('Sina Signed');
      expect([await begin(known), await begin(signedIn), await begin(signedIn)]).toEqual([201, 201, 201]);
      const lines = warned.mock.calls.map(([it]) => String(it)).filter((it) => it.includes('TRUST_PROXY'));
      expect(lines).toEqual([expect.stringContaining('LIMIT_DONATIONS_PER_IP_PER_HOUR is reached')]);
    } finally {
      warned.mockRestore();
      await shared.stop();
    }
  });

  it('switches donations off when no Stripe key is set', async () => {
    const without = await TestApp.start({ env: { ROLE: 'web' } });
    try {
      const reader = without.anonymous();
      const { body } = await reader.get('/donations/options');
      expect([body.enabled, body.provider]).toEqual([false, null]);
      for (const path of ['/donations', '/webhooks/stripe']) {
        const answer = await reader.post(path, newDonation(), { 'stripe-signature': signature('') });
        expect([answer.status, answer.body.code]).toEqual([503, 'donations.disabled']);
      }
    } finally {
      await without.stop();
    }
  });
});
