import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Schemas } from '../../web/shared/contract.js';
import type { Actor } from '../support/actor.js';
import { TestApp } from '../support/app.js';
import { until } from '../support/until.js';
import { DonationsFixture, type NewDonation } from './donations-fixture.js';

type View = Schemas['Donation'] & { code: string; detail: string; requestId: string };

describe('the proof of the way back', () => {
  let fixture: DonationsFixture;

  beforeAll(async () => {
    fixture = await DonationsFixture.start();
    await fixture.hideEvents();
  });
  afterAll(() => fixture.close());

  /** Gives as a page on another site does, whose browser keeps no cookie. */
  const given = async (over: Partial<NewDonation> = {}, donor = fixture.app.anonymous()) => {
    const { id, session } = await fixture.begin(donor, over);
    const { subscription } = await fixture.stripe.pay(session);
    await until('the payment', async () => (await fixture.storedDonation(id)).state === 'paid');
    const url = (await fixture.sessions()).find((it) => it.id === session)!.success_url as string;
    return { id, subscription, page: new URL(url), proof: new URL(url).hash.replace('#proof=', '') };
  };
  const elsewhere = (): Actor => fixture.app.anonymous();
  const view = (id: string, proof?: string, who = elsewhere()) =>
    who.get<View>(`/donations/${id}`, proof === undefined ? {} : { 'donation-proof': proof });
  const manage = (id: string, proof?: string, who = elsewhere()) =>
    who.post<Schemas['Portal'] & { code: string }>(
      `/donations/${id}/portal`,
      undefined,
      proof === undefined ? {} : { 'donation-proof': proof },
    );

  it('shows and manages a gift without cookie and account, and nothing else does', async () => {
    const gift = await given({ interval: 'month', amount: 1_000 });
    const other = await given();
    expect(gift.proof).toMatch(/^[\w-]{43}$/);
    expect(gift.page.search).toBe(`?donation=${gift.id}`);

    const seen = await view(gift.id, gift.proof);
    expect([seen.status, seen.body.status, seen.body.repeats?.manageable]).toEqual([200, 'paid', true]);
    const portal = await manage(gift.id, gift.proof);
    expect(portal.status).toBe(201);
    // Stripe's page leads back to the gift, with its proof.
    expect(await (await fetch(portal.body.url)).text()).toContain(`thank-you?donation=${gift.id}#proof=${gift.proof}`);

    expect((await view(gift.id)).body.code).toBe('donation.not_found');
    const changed = gift.proof.replace(/^./, (it) => (it === 'A' ? 'B' : 'A'));
    for (const wrong of [other.proof, changed, gift.proof.slice(1), `${gift.proof}x`, gift.id, 'x'.repeat(5_000)]) {
      const [there, nowhere] = [await view(gift.id, wrong), await view('no-such-donation-at-all', wrong)];
      expect([there.status, there.body.code]).toEqual([404, 'donation.proof_invalid']);
      // Nobody learns from the answer whether a donation exists.
      expect({ ...nowhere.body, requestId: '' }).toEqual({ ...there.body, requestId: '' });
      expect((await manage(gift.id, wrong)).body.code).toBe('donation.proof_invalid');
    }
  });

  it('is neither in the database nor derived from what is there', async () => {
    const { id, proof } = await given({ interval: 'year', amount: 12_000 });
    for (const table of ['donations', 'stripe_events', 'graphile_worker.jobs'])
      expect(
        await fixture.app.sql(`select 1 from ${table} as it where it::text like $1`, [`%${proof.slice(2, -2)}%`]),
      ).toEqual([]);
    const [row] = await fixture.app.sql<{ salt: Buffer; hash: Buffer }>(
      'select proof_salt as salt, proof_hash as hash from donations where id = $1',
      [id],
    );
    for (const known of [row!.salt, row!.hash])
      expect((await view(id, known.toString('base64url'))).body.code).toBe('donation.proof_invalid');
  });

  it('does not replace the account, which still reaches its gift from any browser', async () => {
    const giver = await fixture.app.reader('Gina Given');
    const gift = await given({ interval: 'month', amount: 1_000 }, giver);
    expect((await manage(gift.id, undefined, giver)).status).toBe(201);
    // The next user of the browser may manage only with the proof.
    const next = elsewhere();
    for (const [name, value] of giver.cookies) if (name.endsWith('-browser')) next.cookies.set(name, value);
    expect((await view(gift.id, undefined, next)).body.repeats?.manageable).toBe(false);
    expect((await view(gift.id, gift.proof, next)).body.repeats?.manageable).toBe(true);
    expect((await view(gift.id, gift.proof, await fixture.app.reader('Olga Other'))).status).toBe(200);
  });

  it('counts wrong proofs against their network, and right ones never', async () => {
    const gift = await given();
    const strict = await TestApp.start({
      env: { ...fixture.env, ROLE: 'web', LIMIT_WRONG_DONATION_LINKS_PER_IP_PER_HOUR: '2' },
      database: fixture.app.database,
      clock: fixture.app.clock,
      logger: false,
    });
    try {
      await fixture.app.sql('delete from rate_limits');
      const codes: string[] = [];
      for (let i = 0; i < 3; i += 1) codes.push((await view(gift.id, `wrong${i}`, strict.anonymous())).body.code);
      expect(codes).toEqual(['donation.proof_invalid', 'donation.proof_invalid', 'rate.limited']);
      for (let i = 0; i < 3; i += 1) expect((await view(gift.id, gift.proof, strict.anonymous())).status).toBe(200);
    } finally {
      await strict.stop();
    }
  });

  it('expires for a single gift after 400 days, and not while a gift repeats', async () => {
    const [single, monthly] = [await given(), await given({ interval: 'month', amount: 1_000 })];
    await until('the subscription', async () => (await view(monthly.id, monthly.proof)).body.repeats?.until);
    await fixture.app.clock.advance(401 * 86_400_000);
    const { status, body } = await view(single.id, single.proof);
    expect([status, body.code]).toEqual([403, 'donation.proof_expired']);
    expect(body.detail).toContain('Your gift is safe');
    expect((await view(monthly.id, monthly.proof)).status).toBe(200);
  });
});
